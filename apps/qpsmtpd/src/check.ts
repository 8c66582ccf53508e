import {
  type Configuration,
  hookNames,
  MemoryStore,
  type PluginHost,
  SpoolDirectory,
  systemClock,
} from '@qpsmtpd/core'
import { assemble } from './assembly.ts'
import { ConfigDirectory } from './config-directory.ts'
import { listenAddresses, usualPort } from './listen-addresses.ts'
import { type LogLines, stderrLines } from './log-lines.ts'
import { type CommonOptions, givenLevel } from './options.ts'
import { refuseRelayClient } from './relay-client.ts'
import { spoolPlace } from './spool-place.ts'

/** Reads the whole configuration as `serve` would, and prints what it found. Resolves with 0 where all is well. @throws ConfigError for the first thing that is wrong. */
export async function check(options: CommonOptions): Promise<number> {
  refuseRelayClient(process.env)
  const lines = stderrLines()
  try {
    await report(options, lines)
    return 0
  } finally {
    lines.flush()
  }
}

async function report(options: CommonOptions, { sink }: LogLines): Promise<void> {
  const directory = new ConfigDirectory(options.config, process.env)
  const { generation, config, plugins, warnings } = await assemble(directory, {
    clock: systemClock,
    sink,
    store: new MemoryStore(systemClock),
    logLevel: givenLevel(options) ?? 'warning',
  })
  const spool = await SpoolDirectory.use(spoolPlace(config), generation.settings.sizeThreshold)
  const { addresses, warning } = listenAddresses(undefined, config, usualPort())
  say(`configuration  ${directory.path}`)
  for (const name of config.names) say(`  ${describe(config, name)}`)
  say(`plugins`)
  for (const { word, words, origin, where } of plugins)
    say(`  ${[word, ...words].join(' ')}  (${origin}, ${where})`)
  say('hooks')
  for (const line of hookLines(generation.host)) say(`  ${line}`)
  say(`spool          ${spool.path}`)
  for (const { host, port } of addresses)
    say(`listens on     ${host ?? 'all addresses'}, port ${port}`)
  const unread = directory.unread(
    config.names,
    plugins.map(({ origin }) => origin),
  )
  for (const text of [warning, ...warnings, ...unread])
    if (text !== undefined) say(`warning        ${text}`)
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** A value as it is, and where it comes from. */
function describe(config: Configuration, name: string): string {
  const values = config.lookup(name)
  if (values === undefined) return `${name}  (default)`
  const { lines, source } = values
  const shown = lines.length === 1 ? lines[0] : `${lines.length} lines`
  return `${name}  ${shown}  (${source})`
}

const hookLines = (host: PluginHost): readonly string[] =>
  hookNames
    .filter((hook) => host.has(hook))
    .map(
      (hook) =>
        `${hook}: ${host
          .handlersOf(hook)
          .map(({ plugin }) => plugin.name)
          .join(', ')}`,
    )
