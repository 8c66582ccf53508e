import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files below a directory, by their names; undefined where a usual one is to be missing. */
export type Files = Readonly<Record<string, string | undefined>>

/** A configuration that takes mail for example.com into the Maildir `mail`. */
export const usualFiles: Files = {
  me: 'mx.example.com\n',
  rcpthosts: 'example.com\n',
  plugins: 'check_relay\nqueue/maildir ./mail\n',
}

/** A directory of a test's own, with a configuration directory in it. */
export class Sandbox implements Disposable {
  /** Absolute. */
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'qpsmtpd-test-')))

  constructor(files: Files = {}) {
    mkdirSync(this.config)
    for (const [name, text] of Object.entries(files)) if (text !== undefined) this.write(name, text)
  }

  /** The configuration directory. */
  get config(): string {
    return join(this.path, 'config')
  }

  /** Writes a file of the configuration, and makes the directories that it lies in. */
  write(name: string, text: string): void {
    const path = join(this.config, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  /** What lies in the Maildir, one character an octet, in the order of delivery. */
  get mails(): readonly string[] {
    const directory = join(this.path, 'mail', 'new')
    return readdirSync(directory)
      .toSorted((a, b) => orderOf(a) - orderOf(b))
      .map((name) => readFileSync(join(directory, name), 'latin1'))
  }

  /** Names of what was begun and not delivered. */
  get parked(): readonly string[] {
    return readdirSync(join(this.path, 'mail', 'tmp'))
  }

  /** A text in which the names of these directories do not matter: CONFIG and BOX stand for them. */
  anonymous(text: string): string {
    return text.replaceAll(this.config, 'CONFIG').replaceAll(this.path, 'BOX')
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The number that the program has given to a delivery. */
const orderOf = (name: string): number => Number(/Q(\d+)/.exec(name)?.[1])
