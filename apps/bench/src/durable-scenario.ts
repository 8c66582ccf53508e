import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { load } from './load-scenarios.ts'
import { plainEnvironment } from './node-environment.ts'
import { pinned } from './pinning.ts'
import type { Circumstances, Scenario } from './scenario.ts'
import { makeScratch } from './scratch.ts'

const clients = 50
const timeoutMilliseconds = 300_000

/** How many messages a second are stored so that they outlast a loss of power, beside a bare loop that does the same. */
export const durable: Scenario = {
  name: 'durable',
  table: 'Durable messages',
  measures: [
    { key: 'messagesPerSecond', title: 'messages/s', digits: 0 },
    { key: 'barePerSecond', title: 'bare loop/s', digits: 0 },
    { key: 'percentOfBare', title: '% of bare loop', digits: 0 },
  ],
  fresh: true,
  async run(server, circumstances) {
    const { durable: messages, bodyOctets } = circumstances.amounts
    const part = { mode: 'many', messages, bodyOctets, sessions: clients } as const
    // A first few make the Maildir, and have the program compiled.
    await load(server, circumstances, { ...part, messages: Math.ceil(messages / 10) })
    const { messagesPerSecond } = await load(server, circumstances, part)
    const barePerSecond = await runBare(circumstances)
    const percentOfBare = (100 * messagesPerSecond) / barePerSecond
    return { messagesPerSecond, barePerSecond, percentOfBare }
  },
}

/** Runs the bare loop where the server would run. @returns messages a second. */
async function runBare({ amounts, pin }: Circumstances): Promise<number> {
  const scratch = makeScratch()
  process.once('exit', scratch.remove)
  const options = {
    directory: scratch.path,
    messages: amounts.durable,
    size: amounts.bodyOctets,
    inflight: clients,
  }
  const args = [join(import.meta.dirname, 'bare-maildir.ts')]
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, String(value))
  const bare = pinned(pin ? 0 : undefined, { command: process.execPath, args })
  const limits = { env: plainEnvironment(), timeout: timeoutMilliseconds }
  try {
    const { stdout } = await promisify(execFile)(bare.command, bare.args, limits)
    return Number(stdout)
  } finally {
    process.off('exit', scratch.remove)
    scratch.remove()
  }
}
