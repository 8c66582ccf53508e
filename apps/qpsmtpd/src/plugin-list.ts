import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConfigError, isPlugin, messageOf, type PluginLine } from '@qpsmtpd/core'
import type { ConfigDirectory } from './config-directory.ts'
import { coreVersion } from './core-version.ts'
import { readPluginName } from './plugin-name.ts'
import { hookResolution, inConfigDirectory } from './resolve-hook.ts'

/** A line of `config/plugins`, found and imported. */
export interface FoundPlugin extends PluginLine {
  /** The package, with its version, or the file. */
  readonly origin: string
  /** The first word of the line. */
  readonly word: string
}

/** Finds and imports every plugin that the list names, in its order. @throws ConfigError for the first that can't be had. */
export async function findPlugins(directory: ConfigDirectory): Promise<readonly FoundPlugin[]> {
  const values = directory.lookup('plugins')
  if (values === undefined || values.lines.length === 0)
    throw new ConfigError(
      `${join(directory.path, 'plugins')}: no plugin is named, so no mail could be taken; one plugin a line, check_relay for instance`,
    )
  hookResolution(directory.path)
  const found: FoundPlugin[] = []
  for (const [index, line] of values.lines.entries()) {
    const [word = '', ...words] = line.split(/\s+/)
    const where = values.where(index)
    const module = await importPlugin(word, where, directory.path)
    const { default: plugin } = module.exports
    if (!isPlugin(plugin))
      throw new ConfigError(
        `${where}: ${module.origin} has no plugin as its default export: { name, options, setup }`,
      )
    const before = found.filter((other) => other.plugin.name === plugin.name).length
    const name = before === 0 ? plugin.name : `${plugin.name}#${before + 1}`
    found.push({ plugin, name, words, where, origin: module.origin, word })
  }
  return found
}

interface ImportedModule {
  readonly exports: { readonly default?: unknown }
  readonly origin: string
}

async function importPlugin(
  word: string,
  where: string,
  directory: string,
): Promise<ImportedModule> {
  const reference = readPluginName(word)
  if (reference.kind === 'file') return importFile(resolve(directory, reference.path), where)
  for (const name of reference.candidates) {
    // From the configuration directory first, so that an operator installs plugins beside the configuration.
    for (const specifier of [inConfigDirectory(name), name]) {
      const url = resolvePackage(specifier, where, name)
      if (url === undefined) continue
      const origin = checkPackage(url, name, where)
      return { exports: await load(url, where, name), origin }
    }
  }
  const [first, second] = reference.candidates
  const tried = second === undefined ? '' : ` (neither ${first} nor ${second} was found)`
  throw new ConfigError(
    `${where}: plugin ${word} is not installed${tried}. ` +
      `Install it with: npm install --prefix ${directory} ${first}   or put a # before the line`,
  )
}

async function importFile(path: string, where: string): Promise<ImportedModule> {
  if (!existsSync(path)) throw new ConfigError(`${where}: there is no file ${path}`)
  if (path.endsWith('.ts') && path.includes('/node_modules/'))
    throw new ConfigError(`${where}: ${path}: Node reads no TypeScript under node_modules; use .js`)
  // Another version of the file is another module: a reload sees what was changed.
  const { mtimeMs } = statSync(path)
  return {
    exports: await load(`${pathToFileURL(path).href}?${mtimeMs}`, where, path),
    origin: path,
  }
}

async function load(url: string, where: string, name: string): Promise<ImportedModule['exports']> {
  try {
    return (await import(url)) as ImportedModule['exports']
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
    return import.meta.resolve(specifier)
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
