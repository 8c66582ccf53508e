import type { Endpoint } from '../hooks/connection.ts'
import type { LogRecord } from '../log/logger.ts'
import { PluginHost } from '../plugin/host.ts'
import { type LoadedPlugin, loadPlugin } from '../plugin/loaded-plugin.ts'
import { type AnyPlugin, faultOfPlugin, type Handlers, type Plugin } from '../plugin/plugin.ts'
import { noParticulars, type Particulars } from '../server/connection-record.ts'
import { Generation } from '../server/generation.ts'
import { readSettings } from '../server/read-settings.ts'
import { Server } from '../server/server.ts'
import type { Spool } from '../server/spool.ts'
import { SpoolBody } from '../spool/spool-body.ts'
import type { FakeClock } from './fake-clock.ts'
import { FakeWire } from './fake-wire.ts'
import { type FakeWorld, fakeWorld, type FakeWorldParts } from './fake-world.ts'

/** A plugin in the list, and the words behind its name. */
export type CastMember = AnyPlugin | readonly [plugin: AnyPlugin, words: string]

/** What a dialogue takes place in. */
export interface Scene extends FakeWorldParts {
  /** In the order of the list. */
  readonly plugins?: readonly CastMember[]
  readonly client?: Partial<Endpoint>
  /** What somebody who knows the client says of it: RELAYCLIENT, for instance. */
  readonly particulars?: Partial<Particulars>
  readonly spool?: Spool
}

/** A server with one client, in a fake world. */
export interface Stage {
  readonly server: Server
  readonly generation: Generation
  readonly wire: FakeWire
  readonly world: FakeWorld
  readonly clock: FakeClock
  readonly records: readonly LogRecord[]
  /** All that went into the session and came out of it, line by line: see `replay`. */
  readonly recording: readonly string[]
  /** Resolves when the session is over. */
  readonly over: Promise<void>
}

const carries: readonly string[] = ['8BITMIME', 'SMTPUTF8']

/** Makes a plugin of handlers, for tests; as a queue plugin it carries all that the engine offers. */
export function plugin(name: string, handlers: Handlers): Plugin {
  return { name, options: (words) => words.end(), setup: () => handlers, carries }
}

const isPair = (member: CastMember): member is readonly [plugin: AnyPlugin, words: string] =>
  Array.isArray(member)

/** Sets a scene: the server has the client's connection, and has said nothing yet. @throws ConfigError as a start would. */
export async function setStage(scene: Scene = {}): Promise<Stage> {
  const world = fakeWorld(scene)
  const { clock, records } = world
  const plugins: LoadedPlugin[] = []
  for (const [index, member] of (scene.plugins ?? []).entries()) {
    const [cast, words] = isPair(member) ? member : ([member, ''] as const)
    const fault = faultOfPlugin(cast)
    if (fault !== undefined) throw new TypeError(`plugins[${index}] is no plugin: ${fault}`)
    const line = {
      plugin: cast,
      name: cast.name,
      words: words.split(/\s+/).filter((word) => word !== ''),
      where: `plugins:${index + 1}`,
    }
    plugins.push(await loadPlugin(line, () => world))
  }
  const settings = readSettings(world.config, '1.2.3')
  const host = new PluginHost(plugins, { clock, pluginTimeout: settings.pluginTimeout })
  const generation = new Generation({ ...settings, logLevel: 'debug' }, host)
  const spool = scene.spool ?? { open: () => new SpoolBody(Infinity, neverToFile) }
  const recording: string[] = []
  const server = new Server(generation, {
    clock,
    spool,
    sink: (record) => records.push(record),
    idPrefix: 't',
    recorder: () => (line) => recording.push(line),
  })
  const wire = new FakeWire(scene.client)
  await generation.start()
  const over = server.accept(wire, { ...noParticulars, ...scene.particulars })
  return { server, generation, wire, world, clock, records, recording, over }
}

async function neverToFile(): Promise<never> {
  throw new Error('this scene has no spool directory')
}
