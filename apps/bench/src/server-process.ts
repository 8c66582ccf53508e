import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Candidate, Launch } from './candidate.ts'
import { pinned } from './pinning.ts'
import {
  cpuSeconds,
  familyOf,
  forgetPeak,
  openFiles,
  peakOctets,
  residentOctets,
} from './process-usage.ts'

const startMilliseconds = 15_000
// Short, as the time until the greeting is a figure of its own.
const retryMilliseconds = 2
const stopMilliseconds = 5_000

/** A server under test: a child process that listens on 127.0.0.1. */
export class ServerProcess implements AsyncDisposable {
  /** Name of the candidate. */
  readonly name: string
  /** Its port on 127.0.0.1. */
  readonly port: number
  /** The candidate it was started for. */
  readonly candidate: Candidate
  readonly #child: ChildProcess
  readonly #launch: Launch
  readonly #ended: Promise<void>
  /** How it ended, once it has. */
  #end: Error | undefined
  readonly #spawned: number
  #greeted = Number.NaN
  // Nothing is left behind where the program exits before it could stop the server.
  readonly #atExit = (): void => {
    this.#kill()
    this.#launch.cleanup()
  }

  private constructor(candidate: Candidate, port: number, launch: Launch, cpu: number | undefined) {
    this.candidate = candidate
    this.name = candidate.name
    this.port = port
    this.#launch = launch
    const log = launch.log === undefined ? 'ignore' : openSync(launch.log, 'a')
    const { command, args } = pinned(cpu, launch)
    this.#spawned = performance.now()
    this.#child = spawn(command, args, {
      cwd: launch.cwd,
      env: launch.env,
      stdio: ['ignore', 'ignore', log],
    })
    if (log !== 'ignore') closeSync(log)
    this.#ended = this.#untilEnd()
    process.once('exit', this.#atExit)
  }

  /**
   * Starts a candidate on a free port and waits until it greets; fails after 15 s, with the end of its log.
   * @param cpu the CPU it has to stay on; undefined for any.
   */
  static async start(candidate: Candidate, cpu?: number): Promise<ServerProcess> {
    const port = await freePort()
    const launch = candidate.start(port)
    const server = ServerProcess.#spawn(candidate, port, launch, cpu)
    try {
      await server.#untilGreeting()
      return server
    } catch (error) {
      const log = server.logEnd
      await server.stop()
      throw new Error(`${candidate.name} did not start: ${(error as Error).message}${log}`, {
        cause: error,
      })
    }
  }

  static #spawn(candidate: Candidate, port: number, launch: Launch, cpu?: number): ServerProcess {
    try {
      return new ServerProcess(candidate, port, launch, cpu)
    } catch (error) {
      launch.cleanup()
      throw error
    }
  }

  /** CPU seconds it has used so far. */
  get cpuSeconds(): number {
    return cpuSeconds(this.#pid)
  }

  /** Its resident memory in octets. */
  get residentOctets(): number {
    return residentOctets(this.#pid)
  }

  /** The most resident memory it has had since `forgetPeak`, in octets; of its children it knows nothing. */
  get peakOctets(): number {
    return peakOctets(this.#pid)
  }

  /** How many files and sockets it has open. */
  get openFiles(): number {
    return openFiles(this.#pid)
  }

  /** Milliseconds from its start to its first greeting. */
  get startMilliseconds(): number {
    return this.#greeted - this.#spawned
  }

  /** Has the peak of its memory counted anew. */
  forgetPeak(): void {
    forgetPeak(this.#pid)
  }

  /** The end of what it wrote to its log, behind a line end; '' without a log. */
  get logEnd(): string {
    if (this.#launch.log === undefined) return ''
    return `\n${readFileSync(this.#launch.log, 'utf8').slice(-2000)}`
  }

  /** Ends it by TERM, after 5 s by KILL, and removes what was made for it. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#kill(), stopMilliseconds)
    try {
      await this.#ended
    } finally {
      clearTimeout(timer)
      process.off('exit', this.#atExit)
      this.#launch.cleanup()
    }
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Ends it with all it has begun: its children would stay when it can't tell them. */
  #kill(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    for (const one of familyOf(pid)) {
      try {
        process.kill(one, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
  }

  get #pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} is not running`)
    return this.#child.pid
  }

  /** A program that cannot be started has an error and no exit; both are an end. */
  async #untilEnd(): Promise<void> {
    try {
      const [code, signal] = (await once(this.#child, 'exit')) as [number | null, string | null]
      this.#end = new Error(`it ended with ${code ?? signal}`)
    } catch (error) {
      this.#end = error as Error
    }
  }

  async #untilGreeting(): Promise<void> {
    const limit = performance.now() + startMilliseconds
    while (performance.now() < limit) {
      const greeted = await greetingTime(this.port)
      if (greeted !== undefined) {
        this.#greeted = greeted
        return
      }
      if (this.#end !== undefined) throw this.#end
      await delay(retryMilliseconds)
    }
    throw new Error(`no greeting within ${startMilliseconds / 1000} s`)
  }
}

/** When a server on the port said 220, by the clock of `performance`; undefined where it did not within a second. */
async function greetingTime(port: number): Promise<number | undefined> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    const signal = AbortSignal.timeout(1000)
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer]
    const time = performance.now()
    // Leaving politely, so that it is no error in the server's log.
    socket.end('QUIT\r\n')
    socket.resume()
    await once(socket, 'close', { signal })
    return chunk.toString('latin1', 0, 3) === '220' ? time : undefined
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
