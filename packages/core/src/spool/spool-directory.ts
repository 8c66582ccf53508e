import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError, messageOf } from '../plugin/config.ts'
import type { Spool, SpooledBody } from '../server/spool.ts'
import { SpoolBody } from './spool-body.ts'

/** A spool that keeps small bodies in memory, and others in files of mode 0600 that have lost their name as soon as they are open. */
export class SpoolDirectory implements Spool {
  /** Absolute. */
  readonly path: string
  readonly #threshold: number

  private constructor(path: string, threshold: number) {
    this.path = path
    this.#threshold = threshold
  }

  /**
   * Makes the directory, mode 0700, where it is missing, and a file in it to see that it can be done.
   * @param threshold octets that a body has in memory at most.
   * @throws ConfigError that says what is wrong with the directory.
   */
  static async use(path: string, threshold: number): Promise<SpoolDirectory> {
    const spool = new SpoolDirectory(resolve(path), threshold)
    await spool.#check()
    return spool
  }

  open(expected: number): SpooledBody | Promise<SpooledBody> {
    const body = new SpoolBody(this.#threshold, () => this.#openFile())
    if (expected <= this.#threshold) return body
    return body.useFile().then(() => body)
  }

  async #check(): Promise<void> {
    const { path } = this
    try {
      await mkdir(path, { mode: 0o700 }).catch(ignoreExisting)
      checkDirectory(path, await lstat(path))
      const file = await this.#openFile()
      await file.close()
    } catch (error) {
      if (error instanceof ConfigError) throw error
      throw new ConfigError(`spool_dir ${path}: ${messageOf(error)}`, { cause: error })
    }
  }

  async #openFile(): Promise<FileHandle> {
    const name = join(this.path, randomBytes(12).toString('hex'))
    const file = await open(
      name,
      constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    )
    try {
      // Without a name nothing has to be swept up, however this process ends.
      await unlink(name)
    } catch (error) {
      await file.close()
      throw error
    }
    return file
  }
}

/** Not `recursive`: a directory that is missing above it is a mistake, and under /proc Node would look for it for ever. */
function ignoreExisting(error: unknown): void {
  if ((error as { readonly code?: string }).code !== 'EEXIST') throw error
}

function checkDirectory(path: string, stats: Stats): void {
  if (!stats.isDirectory()) throw new ConfigError(`spool_dir ${path} is no directory`)
  const mode = stats.mode & 0o777
  if (mode !== 0o700)
    throw new ConfigError(
      `Permissions on the spool_dir are not 0700: ${path} has 0${mode.toString(8)}; mend it with: chmod 0700 ${path}`,
    )
  const user = process.getuid?.()
  if (user !== undefined && stats.uid !== user)
    throw new ConfigError(
      `spool_dir ${path} belongs to user ${stats.uid}, but this process runs as ${user}`,
    )
}
