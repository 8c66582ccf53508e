import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve as absolute } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConfigError, messageOf, systemClock, timeUp, within } from '@qpsmtpd/core'
import { coreVersion } from './core-version.ts'
import { ownPlugins, readPluginName } from './plugin-name.ts'
import { inConfigDirectory } from './resolve-hook.ts'

/** Milliseconds for a plugin's module to be loaded. */
const loadTime = 60_000

/** A module that a line of the list names. */
export interface ImportedModule {
  readonly exports: { readonly default?: unknown }
  readonly origin: string
  /** The file, absolute, where it is no package. */
  readonly file: string | undefined
}

/** Finds a plugin's module and loads it. @throws ConfigError where it can't be had. */
export async function importPlugin(
  word: string,
  where: string,
  directory: string,
): Promise<ImportedModule> {
  const reference = readPluginName(word)
  if (reference === undefined)
    throw new ConfigError(
      `${where}: "${word}" is no name of a plugin: NAME, @SCOPE/NAME, or ./FILE.ts beside the configuration`,
    )
  if (reference.kind === 'file') return importFile(absolute(directory, reference.path), where)
  for (const name of reference.candidates) {
    // From the configuration directory first, so that an operator installs plugins beside the configuration.
    for (const specifier of [inConfigDirectory(name), name]) {
      const url = resolvePackage(specifier, where, name)
      if (url === undefined) continue
      const origin = checkPackage(url, name, where)
      return { exports: await load(url, where, name), origin, file: undefined }
    }
  }
  throw new ConfigError(
    `${where}: plugin ${word} is not installed${adviceFor(reference.candidates, directory)}`,
  )
}

/** The command that installs it; for a name that is not ours, whose it is has to be looked at first. */
function adviceFor([first, second]: readonly [string, ...string[]], directory: string): string {
  const install = (name: string): string => `npm install --prefix ${directory} ${name}`
  if (second === undefined)
    return `. Install it with: ${install(first)}   or put a # before the line`
  const tried = ` (neither ${first} nor ${second} was found)`
  if (ownPlugins.some((name) => first === `@qpsmtpd/plugin-${name}`))
    return `${tried}. Install it with: ${install(first)}   or put a # before the line`
  return (
    `${tried}, and is not among the plugins of this version. Where somebody you trust publishes it, install it with: ` +
    `${install(second)}   or put a # before the line`
  )
}

async function importFile(path: string, where: string): Promise<ImportedModule> {
  if (!existsSync(path)) throw new ConfigError(`${where}: there is no file ${path}`)
  if (path.endsWith('.ts') && path.includes('/node_modules/'))
    throw new ConfigError(`${where}: ${path}: Node reads no TypeScript under node_modules; use .js`)
  // Another version of the file is another module: a reload sees what was changed.
  const url = `${pathToFileURL(path).href}?${changeTimeOf(path)}`
  return { exports: await load(url, where, path), origin: path, file: path }
}

async function load(url: string, where: string, name: string): Promise<ImportedModule['exports']> {
  try {
    const exports = await within(
      import(url) as Promise<ImportedModule['exports']>,
      loadTime,
      systemClock,
    )
    // A module that waits for ever at its top level would hold up the start, and every reload, without a word.
    if (exports === timeUp) throw new Error(`it has not ended within ${loadTime / 1_000} s`)
    return exports
  } catch (error) {
    throw new ConfigError(
      `${where}: ${placeIn(name, error)} can't be loaded: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

/** A file, with the line in it that an error is about, as far as the error tells. */
function placeIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const behind of stack.split(path).slice(1)) {
    const line = /^(?:\?[\d.]+)?:(\d+)/.exec(behind)?.[1]
    if (line !== undefined) return `${path}:${line}`
  }
  return path
}

function resolvePackage(specifier: string, where: string, name: string): string | undefined {
  try {
    const url = import.meta.resolve(specifier)
    if (!url.startsWith('file:')) throw new Error('it is no package')
    return url
  } catch (error) {
    const { code } = error as { readonly code?: string }
    if (code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw new ConfigError(`${where}: ${name} can't be loaded: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Name and version. @throws ConfigError where the package is for another core. */
function checkPackage(url: string, name: string, where: string): string {
  const manifest = manifestOf(fileURLToPath(url), name)
  const range = manifest?.peerDependencies?.['@qpsmtpd/core']
  if (range !== undefined && !range.startsWith('workspace:') && !coreVersion.fits(range))
    throw new ConfigError(
      `${where}: ${name} ${manifest?.version ?? ''} is for @qpsmtpd/core ${range}, but ${coreVersion.text} runs; ` +
        `install a version of the plugin that goes with it`,
    )
  return manifest?.version === undefined ? name : `${name} ${manifest.version}`
}

function manifestOf(path: string, name: string): Manifest | undefined {
  for (
    let directory = dirname(path);
    directory !== dirname(directory);
    directory = dirname(directory)
  ) {
    const file = join(directory, 'package.json')
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    if (manifest.name === name) return manifest
  }
  return undefined
}

/** When a file was changed last, milliseconds since 1970; undefined where it is not there. */
export const changeTimeOf = (path: string): number | undefined =>
  statSync(path, { throwIfNoEntry: false })?.mtimeMs
