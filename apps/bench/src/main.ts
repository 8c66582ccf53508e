import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { compare } from './comparison.ts'
import { optionsFrom, usage, type Options } from './options.ts'
import { canPin } from './pinning.ts'
import { tableOf } from './table.ts'

async function run(options: Options): Promise<void> {
  const pin = canPin()
  const machine = describeMachine(pin)
  const runs = await compare({ ...options, pin }, (text) => process.stderr.write(`${text}\n`))
  process.stdout.write(
    `${machine}; ${options.messages} messages of ${options.bodyOctets} octets, medians of ` +
      `${options.rounds} rounds\n\n${tableOf(runs)}`,
  )
  if (options.json === undefined) return
  const figures = { machine, messages: options.messages, bodyOctets: options.bodyOctets, runs }
  await writeFile(options.json, `${JSON.stringify(figures, undefined, 2)}\n`)
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
