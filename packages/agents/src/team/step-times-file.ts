import { readFile, rename, writeFile } from 'node:fs/promises'
import { createStepTimes, type StepDurations, type StepTimes } from './step-times.ts'

/** Step times that outlive the process. */
export interface StepTimesFile extends StepTimes {
  /** Settles once everything noted is on disk. */
  saved(): Promise<void>
}

/** Opens the file at `path`. One that is missing or damaged begins anew: these are estimates, nothing depends on them. */
export async function openStepTimes(
  path: string,
  onError: (error: unknown) => void = () => undefined,
): Promise<StepTimesFile> {
  const times = createStepTimes(await read(path))
  let saving: Promise<void> | undefined
  let dirty = false
  const save = async (): Promise<void> => {
    while (dirty) {
      dirty = false
      await writeFile(`${path}.new`, JSON.stringify(times.entries()), { mode: 0o600 })
      await rename(`${path}.new`, path)
    }
  }
  return {
    ...times,
    add(step, durationMs) {
      times.add(step, durationMs)
      dirty = true
      saving ??= save()
        .catch(onError)
        .finally(() => {
          saving = undefined
        })
    },
    saved: () => saving ?? Promise.resolve(),
  }
}

async function read(path: string): Promise<StepDurations> {
  try {
    const kept: unknown = JSON.parse(await readFile(path, 'utf8'))
    return Array.isArray(kept) ? kept.filter(isEntry) : []
  } catch {
    return []
  }
}

function isEntry(entry: unknown): entry is StepDurations[number] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false
  const durations: unknown = entry[1]
  return Array.isArray(durations) && durations.every((duration) => Number.isFinite(duration))
}
