/**
 * Opens a database. Rejects where there is none to be had, and where a tab that runs older code holds an older one open.
 * @param version raised with the schema: whatever an older one holds is dropped, for it can be had again
 * @param create makes its object stores
 */
export async function openDatabase(
  name: string,
  version: number,
  create: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  request.onupgradeneeded = () => {
    const { result } = request
    for (const store of [...result.objectStoreNames]) result.deleteObjectStore(store)
    create(result)
  }
  const blocked = new Promise<never>((_, reject) => {
    request.onblocked = () => {
      reject(new Error('Another tab holds an older database'))
    }
  })
  const opened = awaitRequest(request)
  const database = await Promise.race([opened, blocked]).catch((error: unknown) => {
    // Opened after all, once the other tab is gone: nobody waits for it any longer.
    opened.then((late) => late.close()).catch(() => undefined)
    throw error
  })
  // A tab with newer code wants another schema: what is kept here is given up for it.
  database.onversionchange = () => {
    database.close()
  }
  return database
}

/** The result of a request. @throws the request's error */
export function awaitRequest<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('The database did not answer'))
    }
  })
}

/** Resolves when everything of a transaction was written. @throws its error */
export function awaitTransaction(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = transaction.onerror = () => {
      reject(transaction.error ?? new Error('The transaction was given up'))
    }
  })
}
