import { messageOf } from '@qpsmtpd/core'
import type { ConfigDirectory } from './config-directory.ts'
import { changeTimeOf } from './plugin-module.ts'

/** What there is to read of a configuration at one time, to see later what has changed. */
export class ConfigReading {
  readonly #values: ReadonlyMap<string, string>

  /** @param names of values. @param files absolute: plugins beside the configuration. */
  constructor(directory: ConfigDirectory, names: readonly string[], files: readonly string[]) {
    this.#values = new Map([
      ...names.map((name) => [name, linesOf(directory, name)] as const),
      ...files.map((file) => [file, String(changeTimeOf(file))] as const),
    ])
  }

  /** What was read here and is otherwise, or not at all, in another reading. */
  changedIn(other: ConfigReading): readonly string[] {
    return [...this.#values]
      .filter(([name, value]) => other.#values.get(name) !== value)
      .map(([name]) => name)
  }
}

/** What can't be read is a value, too: it may be mended. */
function linesOf(directory: ConfigDirectory, name: string): string {
  try {
    return directory.lookup(name)?.lines.join('\n') ?? 'none'
  } catch (error) {
    return messageOf(error)
  }
}
