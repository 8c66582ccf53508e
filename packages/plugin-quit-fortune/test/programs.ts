import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of small programs, for tests. */
export class Programs {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'quit-fortune-'))

  /** Writes a shell script, and returns its path. */
  write(name: string, script: string, mode: number = 0o755): string {
    const path = join(this.directory, name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode })
    return path
  }

  /** Takes them all away. */
  remove(): void {
    rmSync(this.directory, { recursive: true })
  }
}
