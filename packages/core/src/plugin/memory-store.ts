import type { Clock, Store } from './world.ts'

/** Entries that a store in memory holds at most; the oldest go first. */
const mostEntries = 100_000

interface Entry {
  readonly value: string
  readonly expires: number
}

/** A store in this process's memory, bounded. */
export class MemoryStore implements Store {
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Pick<Clock, 'now'>, most: number = mostEntries) {
    this.#clock = clock
    this.#most = most
  }

  async get(key: string): Promise<string | undefined> {
    return this.#live(key)?.value
  }

  async set(key: string, value: string, expires: number): Promise<void> {
    this.#put(key, { value, expires: this.#clock.now() + expires })
  }

  async increment(key: string, by: number, expires: number): Promise<number> {
    const live = this.#live(key)
    const sum = Number(live?.value ?? 0) + by
    this.#put(key, { value: String(sum), expires: live?.expires ?? this.#clock.now() + expires })
    return sum
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key)
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expires > this.#clock.now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  #put(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size <= this.#most) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
