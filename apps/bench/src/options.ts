import { parseArgs } from 'node:util'
import type { Candidate } from './candidate.ts'
import { candidates } from './candidates.ts'
import { modes, type Mode } from './script.ts'
import { wholeNumber } from './whole-number.ts'

/** What the benchmark was asked for. */
export interface Options {
  /** Messages of each run. */
  readonly messages: number
  /** Runs of each server in each mode that count. */
  readonly rounds: number
  /** Octets of the body of each message. */
  readonly bodyOctets: number
  /** How messages are sent. */
  readonly modes: readonly Mode[]
  /** Servers to compare. */
  readonly candidates: readonly Candidate[]
  /** File that takes all figures; undefined for none. */
  readonly json: string | undefined
  /** True if only the help is wanted. */
  readonly help: boolean
}

/** What --help prints. */
export const usage: string = `Usage: node apps/bench/src/main.ts [options]

  --messages N         messages of each run (10000)
  --rounds N           runs of each server in each mode, behind a warm-up (5)
  --size N             octets of the body of each message (4096)
  --modes LIST         some of ${modes.join(',')} (all)
  --candidates LIST    some of ${candidates.map(({ name }) => name).join(',')} (all)
  --json FILE          also write all figures to a file
  --help               this text
`

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      size: { type: 'string', default: '4096' },
      modes: { type: 'string', default: modes.join(',') },
      candidates: { type: 'string', default: candidates.map(({ name }) => name).join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]))
  const byMode = new Map(modes.map((mode) => [mode as string, mode]))
  return {
    messages: wholeNumber('messages', values.messages, 1),
    rounds: wholeNumber('rounds', values.rounds, 1),
    bodyOctets: wholeNumber('size', values.size, 2),
    modes: listed('modes', values.modes, byMode),
    candidates: listed('candidates', values.candidates, byName),
    json: values.json,
    help: values.help,
  }
}

function listed<T>(option: string, text: string, known: ReadonlyMap<string, T>): T[] {
  const names = new Set(text.split(',').map((name) => name.trim()))
  return [...names].map((name) => {
    const value = known.get(name)
    if (value === undefined) {
      throw new Error(`--${option}: "${name}" is not one of ${[...known.keys()].join(', ')}`)
    }
    return value
  })
}
