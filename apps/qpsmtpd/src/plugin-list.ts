import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, faultOfPlugin, isPlugin, type PluginLine } from '@qpsmtpd/core'
import type { ConfigDirectory } from './config-directory.ts'
import { importPlugin } from './plugin-module.ts'
import { hookResolution } from './resolve-hook.ts'

/** A line of `config/plugins`, found and imported. */
export interface FoundPlugin extends PluginLine {
  /** The package, with its version, or the file. */
  readonly origin: string
  /** The first word of the line. */
  readonly word: string
  /** The file, absolute, where it is no package. */
  readonly file: string | undefined
}

/** Finds and imports every plugin that the list names, in its order. @throws ConfigError, or an AggregateError of them, for all that can't be had. */
export async function findPlugins(directory: ConfigDirectory): Promise<readonly FoundPlugin[]> {
  const values = directory.lookup('plugins')
  if (values === undefined || values.lines.length === 0) throw noPlugins(directory.path)
  hookResolution(directory.path)
  const found: FoundPlugin[] = []
  const missing: ConfigError[] = []
  for (const [index, line] of values.lines.entries()) {
    try {
      found.push(await findPlugin(line, values.where(index), directory.path, found))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      missing.push(error)
    }
  }
  const [first] = missing
  if (first === undefined) return found
  throw missing.length === 1 ? first : new AggregateError(missing, 'plugins can not be had')
}

function noPlugins(directory: string): ConfigError {
  if (!existsSync(directory))
    return new ConfigError(
      `there is no directory ${directory}; make it, or name another one: --config DIR`,
    )
  return new ConfigError(
    `${join(directory, 'plugins')}: no plugin is named, so no mail could be taken; one plugin a line, check_relay for instance`,
  )
}

async function findPlugin(
  line: string,
  where: string,
  directory: string,
  before: readonly FoundPlugin[],
): Promise<FoundPlugin> {
  const [word = '', ...words] = line.split(/\s+/)
  const module = await importPlugin(word, where, directory)
  const { default: plugin } = module.exports
  const fault = faultOfPlugin(plugin)
  if (!isPlugin(plugin))
    throw new ConfigError(
      `${where}: ${module.origin} has no plugin as its default export { name, options, setup }: ${fault}`,
    )
  const same = before.filter((other) => other.plugin.name === plugin.name).length
  const name = same === 0 ? plugin.name : `${plugin.name}#${same + 1}`
  const { origin, file } = module
  return { plugin, name, words, where, origin, word, file }
}
