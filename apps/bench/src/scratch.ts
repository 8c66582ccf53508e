import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A directory that only one server uses, for as long as it runs. */
export interface Scratch {
  /** Absolute. */
  readonly path: string
  /** Removes it with all that is in it. */
  readonly remove: () => void
}

/** Makes a directory in the system's temporary one, with files whose texts are given by their names in it. */
export function makeScratch(files: Readonly<Record<string, string>> = {}): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'qpsmtpd-bench-'))
  for (const [name, text] of Object.entries(files)) writeIn(path, name, text)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Writes a file of a scratch directory, and the directories above it. */
export function writeIn(directory: string, name: string, text: string): void {
  const file = join(directory, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
