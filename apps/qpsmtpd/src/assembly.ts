import {
  type Clock,
  ConfigError,
  Configuration,
  createLogger,
  Generation,
  type LineOptions,
  type LoadedPlugin,
  loadPlugin,
  type LogLevel,
  type LogSink,
  type Parse,
  PluginHost,
  readSettings,
  type Resolver,
  type Store,
  systemResolver,
  type World,
} from '@qpsmtpd/core'
import type { ConfigDirectory } from './config-directory.ts'
import { findPlugins, type FoundPlugin } from './plugin-list.ts'
import { version } from './version.ts'

/** What stays when the configuration changes. */
export interface Foundation {
  readonly clock: Clock
  readonly sink: LogSink
  readonly store: Store
  /** Wins over the configuration's. */
  readonly logLevel: LogLevel | undefined
}

/** A configuration that can serve. */
export interface Assembly {
  readonly generation: Generation
  readonly config: Configuration
  readonly plugins: readonly FoundPlugin[]
  /** What will keep mail from being taken. */
  readonly warnings: readonly string[]
}

/** Reads the configuration and sets up its plugins, in the order of the list. @throws ConfigError for the first thing that is wrong. */
export async function assemble(
  directory: ConfigDirectory,
  foundation: Foundation,
): Promise<Assembly> {
  const { clock, sink, store, logLevel } = foundation
  const logger = (level: LogLevel, plugin?: string) =>
    createLogger(sink, () => clock.now(), { level, plugin })
  const config = new Configuration(directory, logger(logLevel ?? 'info'))
  const settings = readSettings(config, version)
  const level = logLevel ?? settings.logLevel
  const resolver = config.use('resolvers', resolverOf).current
  const worldFor = (name: string, line: LineOptions): World => ({
    config,
    resolver,
    store,
    log: logger(line.logLevel ?? level, name),
    now: () => clock.now(),
    after: (milliseconds, run) => clock.after(milliseconds, run),
  })
  const plugins = await findPlugins(directory)
  const host = new PluginHost(await loadAll(plugins, worldFor, clock), {
    clock,
    pluginTimeout: settings.pluginTimeout,
  })
  await askPlugins(config, host)
  // Once more: a plugin may have said something else than the files.
  const final = readSettings(config, version)
  const generation = new Generation(
    { ...final, logLevel: level, reportsLines: level === 'debug' },
    host,
  )
  return { generation, config, plugins, warnings: warningsOf(host) }
}

/** A configuration that takes no mail at all is nearly always a mistake. */
function warningsOf(host: PluginHost): readonly string[] {
  const needed = [
    ['rcpt', 'no plugin answers rcpt, so no recipient is accepted; check_relay does'],
    ['queue', 'no plugin answers queue, so no message is taken; queue/maildir does'],
  ] as const
  return needed.filter(([hook]) => !host.has(hook)).map(([, warning]) => warning)
}

/** Sets all plugins up; where one can't be, those before it are stopped again. */
async function loadAll(
  plugins: readonly FoundPlugin[],
  worldFor: (name: string, line: LineOptions) => World,
  clock: Clock,
): Promise<readonly LoadedPlugin[]> {
  const loaded: LoadedPlugin[] = []
  try {
    for (const plugin of plugins) loaded.push(await loadPlugin(plugin, worldFor))
    return loaded
  } catch (error) {
    const host = new PluginHost(loaded, { clock, pluginTimeout: stopTime })
    await host.ask('stop', undefined, [])
    throw error
  }
}

/** Milliseconds that a plugin may take to stop after another one could not be set up. */
const stopTime = 5_000

/** Asks the name servers of `resolvers`, else the system's. */
const resolverOf: Parse<Resolver> = (lines, where) => {
  for (const [index, line] of lines.entries()) {
    try {
      systemResolver([line])
    } catch (error) {
      throw new ConfigError(
        `${where(index)}: "${line}" is no name server: ADDRESS or ADDRESS:PORT`,
        { cause: error },
      )
    }
  }
  return systemResolver(lines)
}

/** Asks the `config` hook for every value that somebody uses. */
async function askPlugins(config: Configuration, host: PluginHost): Promise<void> {
  if (!host.has('config')) return
  // What is read once the plugins are there can be theirs to say, too.
  for (const name of config.names.union(new Set(['IP', 'spool_dir']))) {
    const { result, plugin = 'plugin' } = await host.ask('config', undefined, [name])
    if (result.verdict !== 'ok') continue
    const source = `plugin ${plugin}`
    config.override(name, {
      lines: result.values,
      source,
      where: (index) => `${source}, ${name}:${index + 1}`,
    })
  }
}
