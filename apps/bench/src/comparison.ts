import { type Amounts, shareOf } from './amounts.ts'
import type { Candidate } from './candidate.ts'
import type { Circumstances, Run, Scenario } from './scenario.ts'
import { makesSense } from './scenarios.ts'
import { ServerProcess } from './server-process.ts'

/** What is compared, and how much of it. */
export interface Plan extends Circumstances {
  /** Servers, in the order in which they take turns. */
  readonly candidates: readonly Candidate[]
  /** Scenarios, one behind the other. */
  readonly scenarios: readonly Scenario[]
  /** Runs of each server in each scenario that count. */
  readonly rounds: number
}

/** What became of a plan. */
export interface Comparison {
  /** The runs that succeeded. */
  readonly runs: readonly Run[]
  /** What went wrong: servers that did not start, and runs that failed. */
  readonly failures: readonly string[]
}

const warmUpShare = 0.5

/** Runs all servers in turns, scenario by scenario, each with servers of its own. @param note told of each run. */
export async function compare(plan: Plan, note: (text: string) => void): Promise<Comparison> {
  const turns = new Turns(plan, note)
  for (const scenario of plan.scenarios) {
    const candidates = plan.candidates.filter((one) => makesSense(scenario, one))
    if (scenario.fresh) await turns.withFreshServers(scenario, candidates)
    else await turns.withWarmServers(scenario, candidates)
  }
  return turns
}

/** Servers taking turns. One that fails takes no further part in that scenario, and the others go on. */
class Turns implements Comparison {
  readonly runs: Run[] = []
  readonly failures: string[] = []
  readonly #plan: Plan
  readonly #note: (text: string) => void

  constructor(plan: Plan, note: (text: string) => void) {
    this.#plan = plan
    this.#note = note
  }

  /** Each round starts and stops each server. */
  async withFreshServers(scenario: Scenario, candidates: readonly Candidate[]): Promise<void> {
    const left = new Set(candidates)
    for (let round = 0; round < this.#plan.rounds; round++) {
      for (const candidate of left) {
        await using server = await this.#start(scenario, candidate)
        if (server === undefined || !(await this.#run(scenario, server, round))) {
          left.delete(candidate)
        }
      }
    }
  }

  /** All servers run all the time, behind a warm-up that is not counted. */
  async withWarmServers(scenario: Scenario, candidates: readonly Candidate[]): Promise<void> {
    await using stack = new AsyncDisposableStack()
    const left = new Set<ServerProcess>()
    for (const candidate of candidates) {
      const server = await this.#start(scenario, candidate)
      if (server !== undefined) left.add(stack.use(server))
    }
    // Round -1 is the warm-up.
    for (let round = -1; round < this.#plan.rounds; round++) {
      for (const server of left) {
        if (!(await this.#run(scenario, server, round))) left.delete(server)
      }
    }
  }

  async #start(scenario: Scenario, candidate: Candidate): Promise<ServerProcess | undefined> {
    try {
      return await ServerProcess.start(candidate, this.#plan.pin ? 0 : undefined)
    } catch (error) {
      this.#fail(`${scenario.name}: ${(error as Error).message}`)
      return undefined
    }
  }

  /** @returns false where it failed. */
  async #run(scenario: Scenario, server: ServerProcess, round: number): Promise<boolean> {
    const { rounds, amounts, pin } = this.#plan
    const what = round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`
    this.#note(`${scenario.name}: ${server.name}, ${what}`)
    const circumstances = { pin, amounts: round < 0 ? fewOf(amounts) : amounts }
    try {
      const values = await scenario.run(server, circumstances)
      if (round < 0) return true
      this.runs.push({ scenario: scenario.name, candidate: server.name, round, values })
      return true
    } catch (error) {
      const { message } = error as Error
      this.#fail(`${scenario.name}: ${server.name}, ${what}: ${message}${server.logEnd}`)
      return false
    }
  }

  #fail(text: string): void {
    this.failures.push(text)
    this.#note(text)
  }
}

/** What a warm-up does. */
function fewOf(amounts: Amounts): Amounts {
  const { messages, largeMessages, alone } = amounts
  return {
    ...amounts,
    messages: shareOf(messages, warmUpShare),
    largeMessages: shareOf(largeMessages, warmUpShare),
    alone: shareOf(alone, warmUpShare),
  }
}
