import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Configuration,
  createLogger,
  Generation,
  listen,
  type Listener,
  loadPlugin,
  type LogSink,
  MemoryStore,
  ok,
  type Plugin,
  PluginHost,
  readSettings,
  Server,
  SpoolDirectory,
  systemClock,
  systemResolver,
  type World,
} from '@qpsmtpd/core'

/** Takes all mail and counts it. */
export const counter = { mails: 0 }
const counting: Plugin = {
  name: 'counting',
  setup: () => ({
    rcpt: () => ok,
    queue() {
      counter.mails += 1
      return ok
    },
  }),
}

const sink: LogSink = ({ text }) => void process.stderr.write(`${text}\n`)

/** A server on any free port of this machine. */
export async function ownServer(): Promise<{ server: Server; listener: Listener }> {
  const log = createLogger(sink, Date.now, { level: 'warning' })
  const values = new Map([['me', ['mx.example.com']]])
  const lookup = (name: string) => {
    const lines = values.get(name)
    return lines && { lines, source: name, where: () => name }
  }
  const config = new Configuration({ lookup }, log)
  const store = new MemoryStore(systemClock)
  const world: World = { ...systemClock, config, log, store, resolver: systemResolver() }
  const line = { plugin: counting, name: 'counting', words: [], where: 'here' }
  const settings = readSettings(config, '1.0.0')
  const host = new PluginHost([await loadPlugin(line, () => world)], {
    clock: systemClock,
    pluginTimeout: settings.pluginTimeout,
  })
  const generation = new Generation(settings, host)
  const spool = await SpoolDirectory.use(
    mkdtempSync(join(tmpdir(), 'spool-')),
    settings.sizeThreshold,
  )
  const parts = { clock: systemClock, spool, sink, idPrefix: `${process.pid}` }
  const server = new Server(generation, parts)
  await generation.start()
  const listener = await listen(
    { host: '127.0.0.1', port: 0 },
    (wire) => void server.accept(wire),
    (error) => log.error(error.message),
  )
  return { server, listener } // and at the end: listener.close(); await server.drain()
}
