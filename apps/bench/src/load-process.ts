import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Load, LoadReport } from './load.ts'
import { pinned } from './pinning.ts'

// The load keeps its own time limit; this much later it is not believed to come back.
const graceMilliseconds = 10_000

/**
 * Runs a load in a process of its own, so that its CPU time is not the server's.
 * @param cpu the CPU it has to stay on; undefined for any.
 */
export function runLoadProcess(load: Load, cpu?: number): Promise<LoadReport> {
  const options = {
    port: load.port,
    mode: load.mode,
    messages: load.messages,
    size: load.bodyOctets,
    sessions: load.sessions,
    timeout: load.timeoutSeconds,
  }
  const args = [join(import.meta.dirname, 'load.ts')]
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, String(value))
  const { command, args: pinnedArgs } = pinned(cpu, { command: process.execPath, args })
  const timeout = load.timeoutSeconds * 1000 + graceMilliseconds
  const { promise, resolve, reject } = Promise.withResolvers<LoadReport>()
  const child = execFile(
    command,
    pinnedArgs,
    { timeout, killSignal: 'SIGKILL' },
    (error, out, err) => {
      process.off('exit', atExit)
      if (error === null) resolve(JSON.parse(out) as LoadReport)
      else reject(new Error(err.trim() || error.message, { cause: error }))
    },
  )
  const atExit = (): void => void child.kill('SIGKILL')
  process.once('exit', atExit)
  return promise
}
