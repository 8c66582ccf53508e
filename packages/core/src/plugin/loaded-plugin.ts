import type { HookName } from '../hooks/hooks.ts'
import { hookNames } from '../hooks/rows.ts'
import { ConfigError, messageOf } from './config.ts'
import { type LineOptions, readLineOptions } from './line-options.ts'
import type { AnyPlugin, Handlers } from './plugin.ts'
import { timeUp, within } from './within.ts'
import { Words } from './words.ts'
import type { World } from './world.ts'
import { setupTime } from '../smtp/limits.ts'

/** A plugin that is set up and can be asked. */
export interface LoadedPlugin {
  /** Its name; with a number behind it where it stands in the list more than once. */
  readonly name: string
  readonly line: LineOptions
  readonly world: World
  readonly handlers: Handlers
  readonly carries: readonly string[] | undefined
}

/** One line of the list of plugins: the plugin it names, and the words behind the name. */
export interface PluginLine {
  readonly plugin: AnyPlugin
  /** What logs call it. */
  readonly name: string
  readonly words: readonly string[]
  /** Where the line stands: `config/plugins:3`. */
  readonly where: string
}

/** Reads a line's options and sets the plugin up. @throws ConfigError that names line and plugin, whatever the plugin threw. */
export async function loadPlugin(
  { plugin, name, words, where }: PluginLine,
  worldFor: (name: string, line: LineOptions) => World,
): Promise<LoadedPlugin> {
  const place = `${where}: ${name}`
  const reader = new Words(words, place)
  const line = readLineOptions(reader, plugin)
  const options = guard(place, 'options', () => plugin.options?.(reader))
  // What options has not read, it does not know.
  reader.end()
  const world = worldFor(name, line)
  // Closed over its type: the options are what this very plugin has read.
  const settingUp = guardAsync(place, async () => plugin.setup(options as never, world))
  // A setup that never ends would hold up the start, and every reload, without a word.
  const handlers = await within(settingUp, setupTime, world)
  if (handlers === timeUp)
    throw new ConfigError(`${place}: its setup has not ended within ${setupTime / 1_000} s`)
  checkHandlers(place, handlers)
  return { name, line, world, handlers, carries: plugin.carries }
}

function guard<T>(place: string, step: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw asConfigError(place, step, error)
  }
}

async function guardAsync<T>(place: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw asConfigError(place, 'setup', error)
  }
}

function asConfigError(place: string, step: string, error: unknown): ConfigError {
  if (error instanceof ConfigError && error.message.startsWith(place)) return error
  const cause = messageOf(error)
  return new ConfigError(
    error instanceof ConfigError ? `${place}: ${cause}` : `${place}: its ${step} failed: ${cause}`,
    { cause: error },
  )
}

function checkHandlers(place: string, handlers: Handlers): void {
  if (typeof handlers !== 'object' || handlers === null)
    throw new ConfigError(`${place}: its setup returned no handlers`)
  for (const [hook, value] of Object.entries(handlers)) {
    if (!hookNames.includes(hook as HookName))
      throw new ConfigError(`${place}: there is no hook "${hook}"`)
    for (const handler of [value].flat())
      if (typeof handler !== 'function')
        throw new ConfigError(`${place}: its handler for ${hook} is no function`)
  }
}
