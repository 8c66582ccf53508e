import { constants } from 'node:fs'
import { mkdir, open, rename, unlink } from 'node:fs/promises'

/** A file that is being written. */
interface NewFile {
  write(octets: Uint8Array): Promise<void>
  /** Resolves when what was written will outlast a loss of power. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What a delivery does to a file system, each step of which may fail. */
export interface Files {
  /** Makes a directory and those above it; resolves with the first one made, or undefined where all were there. */
  makeDirectory(path: string, mode: number): Promise<string | undefined>
  /** Makes a file that was not there before. */
  create(path: string, mode: number): Promise<NewFile>
  rename(from: string, to: string): Promise<void>
  /** Makes names in a directory outlast a loss of power. */
  syncDirectory(path: string): Promise<void>
  remove(path: string): Promise<void>
}

/** The file system of this machine. */
export const systemFiles: Files = {
  makeDirectory: (path, mode) => mkdir(path, { recursive: true, mode }),
  async create(path, mode) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode)
    return {
      async write(octets) {
        for (let at = 0; at < octets.length;) {
          const { bytesWritten } = await file.write(octets, at, octets.length - at)
          at += bytesWritten
        }
      },
      sync: () => file.sync(),
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
