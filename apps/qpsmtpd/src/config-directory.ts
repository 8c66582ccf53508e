import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { ConfigError, type ConfigSource, type ConfigValues, messageOf } from '@qpsmtpd/core'

/** Files that one value may include, one from the other, before it is taken for a circle. */
const mostIncludes = 100

/** The environment's part in the configuration. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where the configuration is looked for when nobody says. */
const usualDirectory = 'config'

/**
 * Control files: the environment's QPSMTPD_NAME, then the configuration directory, then qmail's, then a default; always
 * a whole value from one place. Every file is read once.
 */
export class ConfigDirectory implements ConfigSource {
  /** Absolute. */
  readonly path: string
  readonly #directories: readonly string[]
  readonly #environment: Environment
  readonly #known = new Map<string, ConfigValues | undefined>()

  /** @param given the directory named on the command line. @throws ConfigError where that is no directory. */
  constructor(given: string | undefined, environment: Environment) {
    const chosen = given ?? environment['QPSMTPD_CONFIG'] ?? usualDirectory
    this.path = resolve(chosen)
    const isNamed = given !== undefined || environment['QPSMTPD_CONFIG'] !== undefined
    if (isNamed && !isDirectory(this.path))
      throw new ConfigError(
        `${this.path} is no directory; name the one with your control files: --config DIR`,
      )
    this.#directories = [this.path, join(environment['QMAIL'] ?? '/var/qmail', 'control')]
    this.#environment = environment
  }

  lookup(name: string): ConfigValues | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#find(name))
    return this.#known.get(name)
  }

  /** The names that were looked up. */
  get names(): readonly string[] {
    return [...this.#known.keys()]
  }

  /** Warnings about files and variables that nobody has read: a name with a slip in it, perhaps. */
  unread(names: ReadonlySet<string>, plugins: readonly string[]): readonly string[] {
    const read = new Set([...names, 'plugins', 'node_modules', 'package.json', 'package-lock.json'])
    const variables = new Set([...read].map(variableOf)).add('QPSMTPD_CONFIG')
    const files = readdirSync(this.path).filter(
      (file) =>
        !read.has(file) && !file.startsWith('.') && !plugins.includes(join(this.path, file)),
    )
    const set = Object.keys(this.#environment).filter((name) => name.startsWith('QPSMTPD_'))
    return [
      ...files.map((file) => `nobody reads the file ${file}`),
      ...set
        .filter((name) => !variables.has(name))
        .map((name) => `nobody reads the variable ${name}`),
    ]
  }

  #find(name: string): ConfigValues | undefined {
    const variable = variableOf(name)
    const text = this.#environment[variable]
    if (text !== undefined && name !== 'config')
      return valuesOf(linesOf(text, variable), `environment ${variable}`)
    for (const directory of this.#directories) {
      const path = join(directory, name)
      if (isThere(path)) return valuesOf(this.#read(path, [], path), path)
    }
    return name === 'me'
      ? valuesOf([{ text: hostname(), where: 'host name' }], 'host name')
      : undefined
  }

  /** @param where what names this file: a line with $include, or the file itself. */
  #read(path: string, including: readonly string[], where: string): readonly Line[] {
    if (including.includes(path) || including.length >= mostIncludes)
      throw new ConfigError(
        `${where}: $include makes a circle: ${[...including, path].join(' → ')}`,
      )
    return linesOf(readText(path), path).flatMap((line) => {
      const included = /^\$include\s+(\S+)$/.exec(line.text)?.[1]
      return included === undefined
        ? [line]
        : this.#include(included, line.where, [...including, path])
    })
  }

  #include(name: string, where: string, including: readonly string[]): readonly Line[] {
    const candidates = isAbsolute(name)
      ? [name]
      : this.#directories.map((directory) => join(directory, name))
    const path = candidates.find((candidate) => isThere(candidate))
    if (path === undefined)
      throw new ConfigError(`${where}: $include ${name}: there is no such file`)
    if (!isDirectory(path)) return this.#read(path, including, where)
    const files = readdirSync(path).filter((file) => !file.startsWith('.'))
    return files.toSorted().flatMap((file) => this.#read(join(path, file), including, where))
  }
}

/** The variable of the environment that stands for a value. */
const variableOf = (name: string): string => `QPSMTPD_${name.toUpperCase().replaceAll('-', '_')}`

interface Line {
  readonly text: string
  readonly where: string
}

/** One value a line; blanks around it, empty lines and comments are dropped. */
function linesOf(text: string, path: string): readonly Line[] {
  const lines: Line[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line !== '' && !line.startsWith('#'))
      lines.push({ text: line, where: `${path}:${index + 1}` })
  }
  return lines
}

function valuesOf(lines: readonly Line[], source: string): ConfigValues {
  return {
    lines: lines.map(({ text }) => text),
    source,
    where: (index) => lines[index]?.where ?? source,
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // To go on without it would be to run with another configuration than the one that was written.
    throw new ConfigError(`${path} can't be read: ${messageOf(error)}`, { cause: error })
  }
}

/** True for a link that leads nowhere, too: somebody has put it there, and it can't be read. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    throw new ConfigError(`${path} can't be read: ${messageOf(error)}`, { cause: error })
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
