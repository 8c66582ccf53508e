import { createLogger, type LogRecord } from '../log/logger.ts'
import { type ConfigSource, Configuration, type ConfigValues } from '../plugin/config.ts'
import { MemoryStore } from '../plugin/memory-store.ts'
import type { MxRecord, Resolver, World } from '../plugin/world.ts'
import { FakeClock } from './fake-clock.ts'

/** What names resolve to; an Error is thrown, and a name that is missing does not exist. */
export interface FakeRecords {
  readonly a?: Readonly<Record<string, readonly string[] | Error>>
  readonly aaaa?: Readonly<Record<string, readonly string[] | Error>>
  readonly mx?: Readonly<Record<string, readonly MxRecord[] | Error>>
  readonly txt?: Readonly<Record<string, readonly string[] | Error>>
  readonly ptr?: Readonly<Record<string, readonly string[] | Error>>
}

/** What a fake world is made of. */
export interface FakeWorldParts {
  /** Configuration values by their name. */
  readonly config?: Readonly<Record<string, readonly string[]>>
  readonly dns?: FakeRecords
}

/** A world without files, network or passing time. */
export interface FakeWorld extends World {
  readonly clock: FakeClock
  readonly config: Configuration
  readonly source: ConfigSource
  /** Every line that was logged. */
  readonly records: LogRecord[]
}

/** Makes a world for a test. `me` is mx.example.com unless the configuration says something else. */
export function fakeWorld({ config = {}, dns = {} }: FakeWorldParts = {}): FakeWorld {
  const clock = new FakeClock()
  const records: LogRecord[] = []
  const log = createLogger(
    (record) => records.push(record),
    () => clock.now(),
    { level: 'debug' },
  )
  const source = fakeSource({ me: ['mx.example.com'], ...config })
  return {
    clock,
    now: () => clock.now(),
    after: (milliseconds, run) => clock.after(milliseconds, run),
    config: new Configuration(source, log),
    source,
    resolver: fakeResolver(dns),
    store: new MemoryStore(clock),
    log,
    records,
  }
}

function fakeSource(values: Readonly<Record<string, readonly string[]>>): ConfigSource {
  const known = new Map(Object.entries(values))
  return {
    lookup(name): ConfigValues | undefined {
      const lines = known.get(name)
      return lines && { lines, source: name, where: (index) => `${name}:${index + 1}` }
    },
  }
}

type Lookup<T> = (name: string) => Promise<readonly T[]>

function lookup<T>(records: Readonly<Record<string, readonly T[] | Error>> = {}): Lookup<T> {
  const known = new Map(Object.entries(records))
  return async (name) => {
    const found = known.get(name)
    if (found instanceof Error) throw found
    return found ?? []
  }
}

const fakeResolver = (dns: FakeRecords): Resolver => ({
  a: lookup(dns.a),
  aaaa: lookup(dns.aaaa),
  mx: lookup(dns.mx),
  txt: lookup(dns.txt),
  ptr: lookup(dns.ptr),
})
