import { watch } from 'node:fs'

/** Milliseconds without another change until what was written is taken to be whole. */
const settleTime = 250

/** Calls back when a file in a directory has changed. Returns what ends that. A directory that is not there is not watched. */
export function watchDirectory(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  try {
    const watcher = watch(path, () => {
      clearTimeout(timer)
      timer = setTimeout(changed, settleTime)
    })
    watcher.on('error', () => undefined)
    return () => {
      clearTimeout(timer)
      watcher.close()
    }
  } catch {
    return () => undefined
  }
}
