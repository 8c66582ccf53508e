import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import type { Files } from './files.ts'

/** The mode of directories; files have it without the execute bits. */
export interface MaildirOptions {
  readonly files: Files
  readonly mode: number
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
  readonly #files: Files
  readonly #mode: number
  #made: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #nextSync: Promise<void> | undefined

  /** @param path absolute. */
  constructor(path: string, { files, mode }: MaildirOptions) {
    this.path = path
    this.#files = files
    this.#mode = mode
  }

  /** Makes the three directories where they are missing. Rejects where that can't be done; another try may do better. */
  make(): Promise<void> {
    this.#made ??= this.#makeAll().catch((error: unknown) => {
      this.#made = undefined
      throw error
    })
    return this.#made
  }

  async #makeAll(): Promise<void> {
    for (const name of ['tmp', 'new', 'cur']) {
      const path = join(this.path, name)
      const first = await this.#files.makeDirectory(path, this.#mode)
      // Each directory that was made is a name in the one above it.
      if (first === undefined) continue
      for (let made = path; made.length >= first.length; made = dirname(made))
        await this.#files.syncDirectory(dirname(made))
    }
  }

  /** Writes a message into `tmp`. Rejects where that can't be done, and leaves nothing behind. */
  async park(octets: AsyncIterable<Uint8Array>): Promise<Parked> {
    await this.make()
    const name = uniqueName()
    const parked = join(this.path, 'tmp', name)
    const delivered = join(this.path, 'new', name)
    const file = await this.#files.create(parked, this.#mode & 0o666).catch((error: unknown) => {
      // Somebody may have taken the directories away: the next message makes them again.
      this.#made = undefined
      throw error
    })
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
      deliver: async () => {
        await this.#files.rename(parked, delivered)
        await this.#syncNew()
      },
      undo: async () => {
        await quietly(this.#files.remove(parked))
        await quietly(this.#files.remove(delivered))
      },
    }
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

let counter = 0
const host = hostname().replaceAll('/', '\\057').replaceAll(':', '\\072')

/** Time, process and a number: no other delivery has had or will have that name. */
function uniqueName(): string {
  const now = performance.timeOrigin + performance.now()
  const seconds = Math.floor(now / 1_000)
  const microseconds = Math.floor((now - seconds * 1_000) * 1_000)
  counter += 1
  return `${seconds}.M${microseconds}P${process.pid}Q${counter}.${host}`
}

/** For cleaning up behind a failure: that it fails, too, changes nothing. */
async function quietly(step: Promise<unknown>): Promise<void> {
  await step.catch(() => undefined)
}
