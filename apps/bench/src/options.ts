import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { type Amounts, fullAmounts, quickAmounts } from './amounts.ts'
import type { Candidate } from './candidate.ts'
import { candidatesIn } from './candidates.ts'
import { defaultPeers } from './npm-peer.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { wholeNumber } from './whole-number.ts'

/** What the benchmark was asked for. */
export interface Options {
  /** How much of everything is done. */
  readonly amounts: Amounts
  /** Runs of each server in each scenario that count. */
  readonly rounds: number
  /** What the servers are made to do. */
  readonly scenarios: readonly Scenario[]
  /** Servers to compare. */
  readonly candidates: readonly Candidate[]
  /** File that takes all figures; undefined for none. */
  readonly json: string | undefined
  /** File that takes a chart; undefined for none. */
  readonly plot: string | undefined
  /** True if only the help is wanted. */
  readonly help: boolean
}

const octetsPerMegabyte = 1e6
const fullRounds = 3
const namesOf = (values: readonly { readonly name: string }[]): string =>
  values.map(({ name }) => name).join(',')

/** What --help prints. */
export const usage: string = `Usage: node apps/bench/src/main.ts [options]

  --scenarios LIST     some of ${namesOf(scenarios)} (all)
  --candidates LIST    some of ${namesOf(candidatesIn(''))} (all)
  --rounds N           runs of each server in each scenario (${fullRounds})
  --messages N         messages of each run of one, many, pipelined and ahead (${fullAmounts.messages})
  --size N             octets of the body of each message (${fullAmounts.bodyOctets})
  --large-total N      MB that large sends, in messages of 50 MB (1000)
  --huge N             MB of the one message of memory (1000)
  --connections N      connections of idle and crowd (${fullAmounts.connections})
  --durable N          messages of durable (${fullAmounts.durable})
  --quick              one round of a tenth of all that, to see that it works
  --peers DIR          where packages of npm are installed (in the user's cache directory)
  --json FILE          also write all figures to a file
  --plot FILE          also write a chart, in SVG
  --help               this text
`

const known = {
  scenarios: { type: 'string' },
  candidates: { type: 'string' },
  rounds: { type: 'string' },
  messages: { type: 'string' },
  size: { type: 'string' },
  'large-total': { type: 'string' },
  huge: { type: 'string' },
  connections: { type: 'string' },
  durable: { type: 'string' },
  quick: { type: 'boolean', default: false },
  peers: { type: 'string' },
  json: { type: 'string' },
  plot: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: known })
  const start = values.quick ? quickAmounts : fullAmounts
  const largeMegabytes = start.largeOctets / octetsPerMegabyte
  const largeTotal = start.largeMessages * largeMegabytes
  const huge = start.hugeOctets / octetsPerMegabyte
  return {
    amounts: {
      ...start,
      messages: number('messages', values.messages, start.messages),
      bodyOctets: number('size', values.size, start.bodyOctets, 2),
      largeMessages: Math.ceil(
        number('large-total', values['large-total'], largeTotal) / largeMegabytes,
      ),
      hugeOctets: number('huge', values.huge, huge) * octetsPerMegabyte,
      connections: number('connections', values.connections, start.connections),
      durable: number('durable', values.durable, start.durable),
    },
    rounds: number('rounds', values.rounds, values.quick ? 1 : fullRounds),
    scenarios: listed('scenarios', values.scenarios, scenarios),
    candidates: listed(
      'candidates',
      values.candidates,
      candidatesIn(values.peers ?? defaultPeers()),
    ),
    json: values.json,
    plot: values.plot,
    help: values.help,
  }
}

function number(name: string, text: string | undefined, otherwise: number, least = 1): number {
  return text === undefined ? otherwise : wholeNumber(name, text, least)
}

/** Those that are named, in the order in which they are known. */
function listed<T extends { readonly name: string }>(
  option: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (text === undefined) return all
  const names = new Set(text.split(',').map((name) => name.trim()))
  for (const name of names) {
    if (!all.some((one) => one.name === name))
      throw new Error(`--${option}: "${name}" is not one of ${namesOf(all).replaceAll(',', ', ')}`)
  }
  return all.filter(({ name }) => names.has(name))
}
