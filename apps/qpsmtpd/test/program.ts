import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCompileCache } from './compile-cache.ts'
import { type Files, Sandbox, usualFiles } from './sandbox.ts'

/** Milliseconds for whatever a test waits for. */
export const patience = 20_000

/** Milliseconds for a test that waits more than once. */
export const testTime = { timeout: 3 * patience }

const killTime = 5_000

/** The program as it is in the repository. */
export const source: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../src/main.ts', import.meta.url)),
]

const compiled = makeCompileCache()

/** What runs now: nothing is left behind where the tests exit before it was stopped. */
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(compiled, { recursive: true, force: true })
})

/** What a program is started with. */
export interface Setup {
  /** Of the configuration directory, besides or instead of the usual ones. */
  readonly files?: Files
  /** What cannot be said by files alone. */
  readonly prepare?: (box: Sandbox) => void
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What runs instead of the source. */
  readonly command?: readonly string[]
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** A real qpsmtpd: a child process with files, directories and an environment of its own. */
export class Program implements AsyncDisposable {
  readonly box: Sandbox
  /** Resolves when it is over and its pipes are closed. */
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #events = new EventEmitter()
  #stdout = ''
  #stderr = ''
  #read = 0
  #isOver = false
  #port: number | undefined

  private constructor(box: Sandbox, { args = [], env = {}, command = source }: Setup) {
    this.box = box
    const [path = '', ...words] = command
    this.#child = spawn(path, [...words, ...args], {
      cwd: box.path,
      env: {
        PATH: process.env['PATH'],
        HOME: box.path,
        TMPDIR: box.path,
        QMAIL: join(box.path, 'qmail'),
        NODE_COMPILE_CACHE: compiled,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#events.emit('more')
    })
    this.ended = this.#untilEnd()
    running.add(this.#child)
  }

  /** Starts it in a new sandbox, and waits for nothing. */
  static start(setup: Setup = {}): Program {
    const box = new Sandbox({ ...usualFiles, ...setup.files })
    setup.prepare?.(box)
    return new Program(box, setup)
  }

  /** Starts it on a free port of 127.0.0.1, and waits until it listens. */
  static async listening(setup: Setup = {}): Promise<Program> {
    const args = ['--config', 'config', '--listen', '127.0.0.1:0', ...(setup.args ?? [])]
    const program = Program.start({ ...setup, args })
    try {
      const line = await program.line(/listening on 127\.0\.0\.1:\d+$/)
      program.#port = Number(/\d+$/.exec(line)?.[0])
      return program
    } catch (error) {
      await program[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Runs it to its end, which must come by itself. */
  static async run(setup: Setup): Promise<Ended & { readonly box: string }> {
    await using program = Program.start(setup)
    const { box } = program
    const ended = await program.end()
    const { stdout, stderr } = ended
    return { ...ended, box: box.path, stdout: box.anonymous(stdout), stderr: box.anonymous(stderr) }
  }

  get port(): number {
    if (this.#port === undefined) throw new Error('it was not told to listen')
    return this.#port
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it is not running')
    return this.#child.pid
  }

  /** All that it has written to stderr. */
  get log(): string {
    return this.#stderr
  }

  /** The next line on stderr that looks like that, behind the one found last. */
  async line(pattern: RegExp): Promise<string> {
    const signal = AbortSignal.timeout(patience)
    for (;;) {
      const lines = this.#stderr.split('\n').slice(0, -1)
      for (const line of lines.slice(this.#read)) {
        this.#read += 1
        if (pattern.test(line)) return line
      }
      if (this.#isOver || signal.aborted)
        throw new Error(`no line on stderr is ${String(pattern)}:\n${this.#stderr}`)
      await once(this.#events, 'more', { signal }).catch(() => undefined)
    }
  }

  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
    process.kill(this.pid, signal)
  }

  /** How it ended; rejects where it does not end. */
  async end(): Promise<Ended> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`it does not end:\n${this.log}`)), patience)
    try {
      return await Promise.race([this.ended, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends it by TERM, later by KILL, and removes its directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), killTime)
    await this.ended
    clearTimeout(timer)
    running.delete(this.#child)
    this.box[Symbol.dispose]()
  }

  async #untilEnd(): Promise<Ended> {
    let code: number | null = null
    let signal: string | null = null
    try {
      ;[code, signal] = (await once(this.#child, 'close')) as [number | null, string | null]
    } catch (error) {
      this.#stderr += `${String(error)}\n`
    }
    this.#isOver = true
    this.#events.emit('more')
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr }
  }
}
