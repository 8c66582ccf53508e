import { shareOf } from './amounts.ts'
import { runLoadProcess } from './load-process.ts'
import { defaultSessions, type Load, type LoadReport } from './load.ts'
import type { Circumstances, Measure, Scenario, Values } from './scenario.ts'
import { modes, type Mode } from './script.ts'
import type { ServerProcess } from './server-process.ts'

const perMessages = 10_000
const octetsPerMebibyte = 1024 * 1024
const octetsPerMegabyte = 1e6
const octetsPerGigabyte = 1e9
const largeSessions = 4
const timeoutSeconds = 300
/** A server that lets clients wait gets so much less to do where nothing but waiting is measured. */
const lateShare = 0.25

const latency: readonly Measure[] = [
  { key: 'p50', title: 'p50 ms', digits: 2 },
  { key: 'p99', title: 'p99 ms', digits: 2 },
]

/** CPU seconds for 10,000 messages, one scenario for each mode. */
export const cpuScenarios: readonly Scenario[] = modes.map((mode) => ({
  name: mode,
  table: 'CPU of the server for a message',
  measures: [
    { key: 'cpuPer10k', title: 'CPU s / 10,000', digits: 3 },
    { key: 'messagesPerSecond', title: 'messages/s', digits: 0 },
    ...latency,
    { key: 'residentMebibytes', title: 'RSS MiB', digits: 0 },
  ],
  fresh: false,
  run: (server, circumstances) => runCpu(mode, server, circumstances),
}))

/** CPU seconds for a GB of large messages. */
export const large: Scenario = {
  name: 'large',
  table: 'Large messages',
  measures: [
    { key: 'cpuPerGigabyte', title: 'CPU s / GB', digits: 2 },
    { key: 'megabytesPerSecond', title: 'MB/s', digits: 0 },
  ],
  fresh: false,
  run: runLarge,
}

/** How long a transaction takes that has the server for itself, from connecting to the reply that takes the message. */
export const alone: Scenario = {
  name: 'alone',
  table: 'One transaction alone',
  measures: latency,
  fresh: false,
  async run(server, circumstances) {
    const { messageShare, greetsLate } = server.candidate
    const messages = shareOf(circumstances.amounts.alone, greetsLate ? lateShare : messageShare)
    const { bodyOctets } = circumstances.amounts
    const part = { mode: 'one', messages, bodyOctets, sessions: 1 } as const
    const { p50, p99 } = await load(server, circumstances, part)
    return { p50, p99 }
  },
}

async function runCpu(
  mode: Mode,
  server: ServerProcess,
  circumstances: Circumstances,
): Promise<Values> {
  const { messages, bodyOctets } = circumstances.amounts
  const before = server.cpuSeconds
  const report = await load(server, circumstances, {
    mode,
    messages: shareOf(messages, server.candidate.messageShare),
    bodyOctets,
    sessions: defaultSessions(mode),
  })
  return {
    cpuPer10k: ((server.cpuSeconds - before) * perMessages) / report.messages,
    messagesPerSecond: report.messagesPerSecond,
    p50: report.p50,
    p99: report.p99,
    residentMebibytes: server.residentOctets / octetsPerMebibyte,
  }
}

async function runLarge(server: ServerProcess, circumstances: Circumstances): Promise<Values> {
  const { largeMessages, largeOctets } = circumstances.amounts
  const before = server.cpuSeconds
  const report = await load(server, circumstances, {
    mode: 'many',
    messages: shareOf(largeMessages, server.candidate.messageShare),
    bodyOctets: largeOctets,
    sessions: largeSessions,
  })
  const octets = report.messages * largeOctets
  return {
    cpuPerGigabyte: ((server.cpuSeconds - before) * octetsPerGigabyte) / octets,
    megabytesPerSecond: octets / report.seconds / octetsPerMegabyte,
  }
}

/** Puts a load on a server, from a process of its own. */
export function load(
  server: ServerProcess,
  { pin }: Circumstances,
  part: Omit<Load, 'port' | 'timeoutSeconds'>,
): Promise<LoadReport> {
  return runLoadProcess({ ...part, port: server.port, timeoutSeconds }, pin ? 1 : undefined)
}
