import { setTimeout as delay } from 'node:timers/promises'
import { shareOf } from './amounts.ts'
import { Crowd } from './crowd.ts'
import type { Circumstances, Scenario, Values } from './scenario.ts'
import type { ServerProcess } from './server-process.ts'

const octetsPerKilobyte = 1000
const timeoutSeconds = 60
/** So many connect at the same time where it is not this that is measured. */
const atOnce = 50
/** Whoever is not greeted by then is not greeted at all: the queue of the kernel was full, and nobody knows of them. */
const crowdSeconds = 10
const warmUpShare = 0.25
const closeMilliseconds = 2000
const pollMilliseconds = 20
const dripMilliseconds = 1000
const newcomers = 5
const betweenNewcomers = 300

/** The time from the start of a server to its greeting. */
export const start: Scenario = {
  name: 'start',
  table: 'Start',
  measures: [{ key: 'milliseconds', title: 'exec to greeting ms', digits: 0 }],
  fresh: true,
  run: async (server) => ({ milliseconds: server.startMilliseconds }),
}

/** How much memory a connection takes that has been greeted and says nothing. */
export const idle: Scenario = {
  name: 'idle',
  table: 'Idle connections',
  measures: [
    { key: 'kilobytes', title: 'KB a connection', digits: 1 },
    { key: 'connections', title: 'connections', digits: 0 },
  ],
  fresh: true,
  run: runIdle,
}

/** How long many connections that come at once wait for their greeting. */
export const crowd: Scenario = {
  name: 'crowd',
  table: 'Many connections at once',
  measures: [
    { key: 'milliseconds', title: 'all greeted ms', digits: 0 },
    { key: 'connections', title: 'connections', digits: 0 },
    { key: 'forgotten', title: `not greeted in ${crowdSeconds} s`, digits: 0 },
  ],
  fresh: true,
  run: runCrowd,
}

/** How long a new connection waits for its greeting beside idle and very slow ones, at worst. */
export const slow: Scenario = {
  name: 'slow',
  table: 'A new connection beside idle and dripping ones',
  measures: [{ key: 'milliseconds', title: `greeted ms, worst of ${newcomers}`, digits: 1 }],
  fresh: true,
  run: runSlow,
}

async function runCrowd(server: ServerProcess, { amounts }: Circumstances): Promise<Values> {
  const connections = shareOf(amounts.connections, server.candidate.connectionShare)
  await using all = new Crowd(server.port)
  const began = performance.now()
  try {
    await all.grow(connections, crowdSeconds)
  } catch (error) {
    // That some were forgotten is a figure; that they were turned away is not.
    if ((error as Error).name !== 'AbortError') throw error
  }
  const milliseconds = performance.now() - began
  return { milliseconds, connections, forgotten: connections - all.greeted }
}

async function runIdle(server: ServerProcess, { amounts }: Circumstances): Promise<Values> {
  const connections = shareOf(amounts.connections, server.candidate.connectionShare)
  const files = server.openFiles
  {
    await using warmUp = new Crowd(server.port)
    await fill(warmUp, shareOf(connections, warmUpShare))
  }
  await untilClosed(server, files)
  const before = server.residentOctets
  await using all = new Crowd(server.port)
  await fill(all, connections)
  const growth = server.residentOctets - before
  return { kilobytes: growth / connections / octetsPerKilobyte, connections }
}

async function runSlow(server: ServerProcess, { amounts }: Circumstances): Promise<Values> {
  await using silent = new Crowd(server.port)
  await using dripping = new Crowd(server.port)
  await fill(silent, amounts.idle)
  await fill(dripping, amounts.dripping)
  dripping.drip(dripMilliseconds)
  let worst = 0
  for (let at = 0; at < newcomers; at++) {
    await delay(betweenNewcomers)
    await using newcomer = new Crowd(server.port)
    worst = Math.max(worst, await newcomer.grow(1, timeoutSeconds))
  }
  return { milliseconds: worst }
}

async function fill(all: Crowd, connections: number): Promise<void> {
  while (all.size < connections)
    await all.grow(Math.min(atOnce, connections - all.size), timeoutSeconds)
}

/** Waits until a server has closed what its clients closed, so far as that can be seen. */
async function untilClosed(server: ServerProcess, files: number): Promise<void> {
  const limit = performance.now() + closeMilliseconds
  while (server.openFiles > files && performance.now() < limit) await delay(pollMilliseconds)
}
