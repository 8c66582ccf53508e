import { constants, existsSync } from 'node:fs'
import { chmod, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that is being written. */
export interface NewFile {
  write(octets: Uint8Array): Promise<void>
  /** Resolves when what was written will outlast a loss of power. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What a delivery does to a file system, each step of which may fail. */
export interface Files {
  /** Makes a directory and those above it, with just that mode; resolves with those made, the lowest first. */
  makeDirectory(path: string, mode: number): Promise<readonly string[]>
  /** Makes a file that was not there before, with just that mode. */
  create(path: string, mode: number): Promise<NewFile>
  rename(from: string, to: string): Promise<void>
  /** Makes names in a directory outlast a loss of power. */
  syncDirectory(path: string): Promise<void>
  remove(path: string): Promise<void>
}

/** The file system of this machine. */
export const systemFiles: Files = {
  async makeDirectory(path, mode) {
    const made: string[] = []
    // Not `recursive`: under /proc Node would try for ever.
    for (const one of missing(path)) {
      try {
        await mkdir(one, { mode })
      } catch (error) {
        if ((error as { readonly code?: string }).code === 'EEXIST') continue
        throw error
      }
      // The umask took its part of the mode.
      await chmod(one, mode)
      made.unshift(one)
    }
    return made
  },
  async create(path, mode) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode)
    return {
      async write(octets) {
        for (let at = 0; at < octets.length;) {
          const { bytesWritten } = await file.write(octets, at, octets.length - at)
          at += bytesWritten
        }
      },
      async sync() {
        // No umask takes anything from its owner: a chmod is only needed where others may come near the file.
        if ((mode & 0o077) !== 0) await file.chmod(mode)
        await file.sync()
      },
      close: () => file.close(),
    }
  },
  rename,
  async syncDirectory(path) {
    const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },
  remove: unlink,
}

/** The directories of a path that are not there, the highest first. */
function missing(path: string): readonly string[] {
  const names: string[] = []
  for (let one = path; !existsSync(one) && one !== dirname(one); one = dirname(one))
    names.unshift(one)
  return names
}
