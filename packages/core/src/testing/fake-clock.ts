import type { Clock } from '../plugin/world.ts'

interface Timer {
  readonly due: number
  readonly run: () => void
}

/** A clock that stands still until it is told to go on. It begins on 2026-01-01, 12:00 UTC. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1, 12)
  readonly #timers = new Set<Timer>()

  readonly now = (): number => this.#now

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.#now + milliseconds, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size
  }

  /** Goes on by so many milliseconds; timers run when their time comes, and what they set off runs before the next one. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    for (;;) {
      await turn()
      const [next] = [...this.#timers]
        .filter(({ due }) => due <= end)
        .toSorted((a, b) => a.due - b.due)
      if (next === undefined) break
      this.#now = Math.max(this.#now, next.due)
      this.#timers.delete(next)
      next.run()
    }
    this.#now = end
    await turn()
  }
}

/** Lets everything that needs no time run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
