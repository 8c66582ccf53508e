import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Files } from './files.ts'

/** What a Maildir is made with. */
export interface MaildirOptions {
  readonly files: Files
  /** Of directories; files have it without the execute bits. */
  readonly mode: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A message that lies in `tmp`, whole and durable, and is not delivered yet. */
export interface Parked {
  /** Moves it to `new`. Resolves when that will outlast a loss of power. */
  deliver(): Promise<void>
  /** Takes it away again, wherever it lies. */
  undo(): Promise<void>
}

/** Octets that are gathered before they are written. */
const writeSize = 262_144

/** One Maildir. https://cr.yp.to/proto/maildir.html */
export class Maildir {
  readonly path: string
  readonly #options: MaildirOptions
  readonly #files: Files
  #made: Promise<void> | undefined
  /** Directories with new names in them that a loss of power could still take away. */
  readonly #unsynced = new Set<string>()
  #syncing: Promise<void> | undefined
  #nextSync: Promise<void> | undefined

  /** @param path absolute. */
  constructor(path: string, options: MaildirOptions) {
    this.path = path
    this.#options = options
    this.#files = options.files
  }

  /** Makes the three directories where they are missing. Rejects where that can't be done; another try may do better. */
  make(): Promise<void> {
    this.#made ??= this.#orMakeAgain(this.#makeAll())
    return this.#made
  }

  async #makeAll(): Promise<void> {
    for (const name of ['tmp', 'new', 'cur']) {
      const made = await this.#files.makeDirectory(join(this.path, name), this.#options.mode)
      // Each directory that was made is a name in the one above it.
      for (const path of made) this.#unsynced.add(dirname(path))
    }
    for (const path of this.#unsynced) {
      await this.#files.syncDirectory(path)
      this.#unsynced.delete(path)
    }
  }

  /** Somebody may have taken the directories away: after a failure, the next message makes them again. */
  async #orMakeAgain<T>(step: Promise<T>): Promise<T> {
    try {
      return await step
    } catch (error) {
      this.#made = undefined
      throw error
    }
  }

  /** Writes a message into `tmp`. Rejects where that can't be done, and leaves nothing behind. */
  async park(octets: AsyncIterable<Uint8Array>): Promise<Parked> {
    await this.make()
    const { mode, now } = this.#options
    const name = uniqueName(now())
    const parked = join(this.path, 'tmp', name)
    const delivered = join(this.path, 'new', name)
    const file = await this.#orMakeAgain(this.#files.create(parked, mode & 0o666))
    try {
      await writeGathered(octets, (chunk) => file.write(chunk))
      await file.sync()
      await file.close()
    } catch (error) {
      await quietly(file.close())
      await quietly(this.#files.remove(parked))
      throw error
    }
    return {
      deliver: () => this.#orMakeAgain(this.#deliver(parked, delivered)),
      undo: async () => {
        await quietly(this.#files.remove(parked))
        // Unsynced, it could be in `new` again after a loss of power, and the client will send it again.
        await quietly(this.#files.remove(delivered).then(() => this.#syncNew()))
      },
    }
  }

  async #deliver(parked: string, delivered: string): Promise<void> {
    await this.#files.rename(parked, delivered)
    await this.#syncNew()
  }

  /** One sync serves all that were renamed before it began: whoever comes while one is running waits for the next. */
  #syncNew(): Promise<void> {
    if (this.#syncing === undefined) return this.#startSync()
    this.#nextSync ??= this.#syncing.then(
      () => this.#startSync(),
      () => this.#startSync(),
    )
    return this.#nextSync
  }

  #startSync(): Promise<void> {
    this.#nextSync = undefined
    const syncing = this.#files.syncDirectory(join(this.path, 'new'))
    this.#syncing = syncing
    const over = (): void => {
      if (this.#syncing === syncing) this.#syncing = undefined
    }
    syncing.then(over, over)
    return syncing
  }
}

async function writeGathered(
  octets: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  let gathered: Uint8Array[] = []
  let size = 0
  for await (const chunk of octets) {
    gathered.push(chunk)
    size += chunk.length
    if (size < writeSize) continue
    await write(Buffer.concat(gathered, size))
    gathered = []
    size = 0
  }
  if (size > 0) await write(gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered, size))
}

const host = hostname().replaceAll('/', '\\057').replaceAll(':', '\\072')

/** Time, process and chance: no other delivery has had or will have that name, here or on another machine. */
function uniqueName(now: number): string {
  const seconds = Math.floor(now / 1_000)
  const microseconds = Math.floor((now % 1_000) * 1_000)
  return `${seconds}.M${microseconds}P${process.pid}R${randomBytes(8).toString('hex')}.${host}`
}

/** For cleaning up behind a failure: that it fails, too, changes nothing. */
async function quietly(step: Promise<unknown>): Promise<void> {
  await step.catch(() => undefined)
}
