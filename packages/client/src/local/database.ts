/** Opens a database, at version 1. Rejects where there is none to be had. @param create makes its object stores, the first time */
export async function openDatabase(
  name: string,
  create: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    create(request.result)
  }
  return await awaitRequest(request)
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
