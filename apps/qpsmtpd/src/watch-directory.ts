import { type FSWatcher, watch } from 'node:fs'

/** Milliseconds without another change until what was written is taken to be whole. */
const settleTime = 250

/** Calls back when a file in a directory has changed, also when another directory has taken its place. Returns what ends that. A directory that is not there is not watched. */
export function watchDirectory(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let watcher: FSWatcher | undefined
  const begin = (): void => {
    watcher?.close()
    watcher = undefined
    try {
      watcher = watch(path, () => {
        clearTimeout(timer)
        timer = setTimeout(settled, settleTime)
      })
      watcher.on('error', () => undefined)
    } catch {
      // It will be read again when somebody says so: HUP.
    }
  }
  const settled = (): void => {
    // What bears the name now may be another directory than the one that was watched.
    begin()
    changed()
  }
  begin()
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }
}
