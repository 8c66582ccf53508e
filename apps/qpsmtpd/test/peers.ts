import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { patience } from './program.ts'

/** A program of somebody else's. */
export interface Peer {
  readonly name: string
  /** Undefined where it is not installed. */
  readonly path: string | undefined
  /** For the title of a test: what is missing, and what installs it; '' where nothing is. */
  readonly notice: string
}

/** Looks for a program, and says on stderr what would install it where it is missing. */
export function findPeer(name: string, debianPackage: string): Peer {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  const path = directories.map((directory) => join(directory, name)).find(existsSync)
  if (path !== undefined) return { name, path, notice: '' }
  const notice = `${name} is missing: apt-get install ${debianPackage}`
  process.stderr.write(`skipped: ${notice}\n`)
  return { name, path, notice: ` (${notice})` }
}

/** What a peer said, once it has ended with 0. */
export async function runPeer(
  path: string | undefined,
  args: readonly string[],
  options: {
    readonly input?: string | Uint8Array
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    readonly time?: number
  } = {},
): Promise<string> {
  if (path === undefined) throw new Error('it is not installed')
  const { input = '', cwd, env, time = patience } = options
  const child = spawn(path, args, { cwd, env: { ...process.env, ...env } })
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const timer = setTimeout(() => child.kill('SIGKILL'), time)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${path} ${args.join(' ')} ended with ${code}:\n${said}`)
  return said
}
