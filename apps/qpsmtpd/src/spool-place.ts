import { statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, ConfigError } from '@qpsmtpd/core'

/** Where bodies are spooled: `spool_dir`, else `~/tmp` where it is there with mode 0700, else a directory of this user's own. */
export function spoolPlace(config: Config): string {
  const configured = config.use('spool_dir', ([line], where) => {
    if (line?.startsWith('~') === true)
      throw new ConfigError(`${where(0)}: ~ stands for nothing here; write the whole path`)
    return line
  }).current
  if (configured !== undefined) return configured
  const home = join(homedir(), 'tmp')
  const stats = statSync(home, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true && (stats.mode & 0o777) === 0o700) return home
  return join(tmpdir(), `qpsmtpd-${process.getuid?.() ?? 'user'}`)
}
