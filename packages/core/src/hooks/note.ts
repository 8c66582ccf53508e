declare const valueType: unique symbol

/** The name of a note and the type of its value. Exported by the plugin that writes the note. */
export interface NoteKey<T> {
  readonly name: string
  /** Exists for the compiler only. */
  readonly [valueType]?: T
}

/** Makes a key. Keys are compared by name, so begin it with your plugin's: `karma.score`. */
export function noteKey<T>(name: string): NoteKey<T> {
  return { name }
}

/** What plugins tell one another, on a connection or on a transaction; gone with it. */
export class Notes {
  readonly #values = new Map<string, unknown>()

  get<T>(key: NoteKey<T>): T | undefined {
    // The one cast: whoever writes under a key has its type from the key.
    return this.#values.get(key.name) as T | undefined
  }

  set<T>(key: NoteKey<T>, value: T): void {
    this.#values.set(key.name, value)
  }

  has(key: NoteKey<unknown>): boolean {
    return this.#values.has(key.name)
  }

  delete(key: NoteKey<unknown>): void {
    this.#values.delete(key.name)
  }
}
