import type { Candidate } from './candidate.ts'
import { runLoadProcess } from './load-process.ts'
import { defaultSessions } from './load.ts'
import type { Mode } from './script.ts'
import { ServerProcess } from './server-process.ts'

/** What is compared, and how much of it. */
export interface Plan {
  /** Servers, in the order in which they take turns. */
  readonly candidates: readonly Candidate[]
  /** Modes, one behind the other. */
  readonly modes: readonly Mode[]
  /** Messages of each run. */
  readonly messages: number
  /** Runs of each server in each mode that count. */
  readonly rounds: number
  /** Octets of the body of each message. */
  readonly bodyOctets: number
  /** True where the server has to stay on CPU 0 and the load on CPU 1. */
  readonly pin: boolean
}

/** What one run of one server came to. */
export interface Run {
  /** Name of the candidate. */
  readonly candidate: string
  /** How messages were sent. */
  readonly mode: Mode
  /** Which round, from 0. */
  readonly round: number
  /** CPU seconds of the server for 10,000 messages. */
  readonly cpuPer10k: number
  /** Messages a second. */
  readonly messagesPerSecond: number
  /** Median of the transactions in ms. */
  readonly p50: number
  /** What 99 of 100 transactions took at most, in ms. */
  readonly p99: number
  /** Resident memory of the server behind the run, in octets. */
  readonly residentOctets: number
}

const runTimeoutSeconds = 300
const perMessages = 10_000

/** Runs all servers in turns, mode by mode; each mode has fresh servers and a warm-up that is not counted. */
export async function compare(plan: Plan, note: (text: string) => void): Promise<Run[]> {
  const runs: Run[] = []
  for (const mode of plan.modes) {
    await using stack = new AsyncDisposableStack()
    const servers: ServerProcess[] = []
    for (const candidate of plan.candidates) {
      servers.push(stack.use(await ServerProcess.start(candidate, plan.pin ? 0 : undefined)))
    }
    // Round -1 is the warm-up.
    for (let round = -1; round < plan.rounds; round++) {
      for (const server of servers) {
        note(
          `${mode}: ${server.name}, ${round < 0 ? 'warm-up' : `round ${round + 1} of ${plan.rounds}`}`,
        )
        const run = await runOnce(plan, server, mode, round)
        if (round >= 0) runs.push(run)
      }
    }
  }
  return runs
}

async function runOnce(plan: Plan, server: ServerProcess, mode: Mode, round: number): Promise<Run> {
  const before = server.cpuSeconds
  const report = await runLoadProcess(
    {
      port: server.port,
      mode,
      messages: plan.messages,
      bodyOctets: plan.bodyOctets,
      sessions: defaultSessions(mode),
      timeoutSeconds: runTimeoutSeconds,
    },
    plan.pin ? 1 : undefined,
  ).catch((error: unknown) => {
    const { message } = error as Error
    throw new Error(`${server.name}, ${mode}: ${message}${server.logEnd}`, { cause: error })
  })
  return {
    candidate: server.name,
    mode,
    round,
    cpuPer10k: ((server.cpuSeconds - before) * perMessages) / report.messages,
    messagesPerSecond: report.messagesPerSecond,
    p50: report.p50,
    p99: report.p99,
    residentOctets: server.residentOctets,
  }
}
