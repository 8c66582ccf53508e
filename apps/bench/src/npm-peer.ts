import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { plainEnvironment } from './node-environment.ts'

const installMilliseconds = 180_000

/** Where npm packages to compare with are installed unless the options say something else. */
export function defaultPeers(): string {
  const { XDG_CACHE_HOME: cache } = process.env
  return join(cache || join(homedir(), '.cache'), 'qpsmtpd-bench')
}

/** A package of npm that is installed into a folder of its own, outside of this repository. */
export class NpmPeer {
  /** The folder. */
  readonly folder: string
  readonly #name: string
  readonly #range: string

  /**
   * @param peers the directory that has the folders of all of them.
   * @param range the versions of the package that will do.
   */
  constructor(peers: string, name: string, range: string) {
    this.folder = join(peers, name)
    this.#name = name
    this.#range = range
  }

  /** The directory of the package itself. */
  get directory(): string {
    return join(this.folder, 'node_modules', this.#name)
  }

  /** Installs it unless it is there; fails, saying why, where it cannot be. Its scripts are not run. */
  async install(): Promise<void> {
    // npm writes this once all is in place: without it, an earlier installation was cut off.
    if (existsSync(join(this.folder, 'node_modules/.package-lock.json'))) return
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true }\n')
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    const args = ['install', ...flags, `${this.#name}@${this.#range}`]
    const options = { cwd: this.folder, env: plainEnvironment(), timeout: installMilliseconds }
    try {
      await promisify(execFile)('npm', args, options)
    } catch (error) {
      rmSync(join(this.folder, 'node_modules'), { recursive: true, force: true })
      throw new Error(`npm could not install it: ${reasonOf(error)}`, { cause: error })
    }
  }
}

/** The first line of what npm complained of. */
function reasonOf(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string }
  return (stderr.trim() || message).split('\n', 1)[0]!
}
