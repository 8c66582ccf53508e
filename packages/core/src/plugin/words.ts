import { ConfigError } from './config.ts'

/** Reads the words behind a plugin's name. Reading a word is what makes it known; `end` refuses the others. */
export class Words {
  readonly #words: string[]
  readonly #where: string

  /** @param where what errors begin with: file, line and plugin. */
  constructor(words: readonly string[], where: string) {
    this.#words = [...words]
    this.#where = where
  }

  /** The next word, or undefined. */
  next(): string | undefined {
    return this.#words.shift()
  }

  /** The word behind `key`, wherever the two stand; undefined where the key is not there. @throws ConfigError where nothing follows it, or it comes twice. */
  option(key: string): string | undefined {
    const at = this.#words.indexOf(key)
    if (at === -1) return undefined
    const [, value] = this.#words.splice(at, 2)
    if (value === undefined) throw this.error(`${key} needs a value behind it`)
    if (this.#words.includes(key)) throw this.error(`${key} is given twice`)
    return value
  }

  /** The number behind `key`, or the fallback. @throws ConfigError for anything else. */
  number<F>(key: string, fallback: F, bounds: { least?: number; most?: number } = {}): number | F {
    const word = this.option(key)
    if (word === undefined) return fallback
    const { least = -Infinity, most = Infinity } = bounds
    const value = Number(word)
    if (!/^-?\d+(\.\d+)?$/.test(word) || value < least || value > most)
      throw this.error(`${key} must be a number${rangeText(least, most)}, not "${word}"`)
    return value
  }

  /** One of some words behind `key`, or the fallback. @throws ConfigError for any other. */
  choice<W extends string, F>(key: string, choices: readonly W[], fallback: F): W | F {
    const word = this.option(key)
    if (word === undefined) return fallback
    const found = choices.find((choice) => choice === word)
    if (found === undefined)
      throw this.error(`${key} must be one of ${choices.join(', ')}, not "${word}"`)
    return found
  }

  /** Nothing may be left. @throws ConfigError that names what is. */
  end(): void {
    const [left] = this.#words
    if (left?.startsWith('#') === true) throw this.error('a comment needs a line of its own')
    if (left !== undefined) throw this.error(`"${left}" is not an option`)
  }

  /** An error about this line. */
  error(text: string): ConfigError {
    return new ConfigError(`${this.#where}: ${text}`)
  }
}

function rangeText(least: number, most: number): string {
  if (least > -Infinity && most < Infinity) return ` from ${least} to ${most}`
  return least > -Infinity ? ` of at least ${least}` : most < Infinity ? ` of at most ${most}` : ''
}
