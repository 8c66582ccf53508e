import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import type { Candidate } from './candidate.ts'
import { chartOf } from './chart.ts'
import { compare } from './comparison.ts'
import { floorCheck } from './floor-check.ts'
import { optionsFrom, usage, type Options } from './options.ts'
import { canPin, pinThisProcess } from './pinning.ts'
import type { Run } from './scenario.ts'
import { tablesOf } from './table.ts'

const note = (text: string): void => void process.stderr.write(`${text}\n`)

async function run(options: Options): Promise<void> {
  const { amounts, rounds } = options
  const pin = canPin()
  const machine = describeMachine(pin)
  const { candidates, leftOut } = await available(options.candidates)
  // What holds many connections is this process: it must not be where the server is.
  if (pin) pinThisProcess(1)
  process.stdout.write(
    `${machine}; ${amounts.messages} messages of ${amounts.bodyOctets} octets, medians of ` +
      `${rounds} rounds\n${listOf(leftOut)}`,
  )
  const runs: Run[] = []
  const failures: string[] = []
  // Each table is written as soon as it can be: the last ones may be long in coming.
  for (const scenarios of Map.groupBy(options.scenarios, ({ table }) => table).values()) {
    const comparison = await compare({ ...options, scenarios, candidates, pin }, note)
    runs.push(...comparison.runs)
    failures.push(...comparison.failures)
    const lists = [floorCheck(comparison.runs), listOf(comparison.failures)]
    const parts = [tablesOf(scenarios, comparison.runs), ...lists]
    process.stdout.write(parts.map((part) => (part === '' ? '' : `\n${part}`)).join(''))
    await keep(options, { machine, amounts, rounds, leftOut, failures, runs })
  }
  if (failures.length > 0) process.exitCode = 1
}

const listOf = (lines: readonly string[]): string => lines.map((line) => `- ${line}\n`).join('')

/** Writes the files that were asked for. */
async function keep(
  { json, plot, scenarios }: Options,
  figures: { readonly runs: readonly Run[] } & Readonly<Record<string, unknown>>,
): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, undefined, 2)}\n`)
  if (plot !== undefined) await writeFile(plot, chartOf(scenarios, figures.runs))
}

/** Those that can be had, and a line for each other one that says why it can't. */
async function available(
  wanted: readonly Candidate[],
): Promise<{ candidates: Candidate[]; leftOut: string[] }> {
  const candidates: Candidate[] = []
  const leftOut: string[] = []
  for (const candidate of wanted) {
    try {
      await candidate.prepare?.()
      candidates.push(candidate)
    } catch (error) {
      const line = `${candidate.name} is left out: ${(error as Error).message}`
      leftOut.push(line)
      note(line)
    }
  }
  return { candidates, leftOut }
}

/** Figures mean something only beside those of the same machine. */
function describeMachine(pin: boolean): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  const pinning = pin ? 'server on CPU 0, load on CPU 1' : 'not pinned to CPUs'
  return `${model}, ${availableParallelism()} cores, Node ${process.version}, ${pinning}`
}

// Exiting stops the servers and removes their directories; dying of the signal would not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1))
}

try {
  const options = optionsFrom(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await run(options)
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`)
  process.exitCode = 1
}
