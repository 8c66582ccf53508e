import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Candidate, Launch } from './candidate.ts'
import { makeScratch, writeIn } from './scratch.ts'

const program = '/usr/bin/qpsmtpd-forkserver'
const plugins = '/usr/share/qpsmtpd/plugins'
const sink = `use Qpsmtpd::Constants;
sub hook_queue { return (OK, 'dropped') }
1;
`

/** The qpsmtpd of Perl as Debian packages it: a process a connection, its own `rcpt_ok`, and a plugin that drops the message. */
export const perlQpsmtpd: Candidate = {
  name: 'qpsmtpd-perl',
  async prepare() {
    if (!existsSync(program)) throw new Error("Debian's package qpsmtpd is not installed")
  },
  start,
  messageShare: 0.05,
  connectionShare: 0.025,
}

function start(port: number): Launch {
  const scratch = makeScratch({
    'config/me': 'bench.example\n',
    'config/rcpthosts': 'bench.example\n',
    'config/plugins': 'rcpt_ok\nqueue/bench_discard\n',
    'config/loglevel': '0\n',
    'plugins/queue/bench_discard': sink,
  })
  const spool = join(scratch.path, 'spool')
  mkdirSync(spool)
  // It complains of a spool directory that others can read.
  chmodSync(spool, 0o700)
  writeIn(scratch.path, 'config/spool_dir', `${spool}\n`)
  writeIn(scratch.path, 'config/plugin_dirs', `${plugins}\n${join(scratch.path, 'plugins')}\n`)
  const limits = ['--limit-connections', '4000', '--max-from-ip', '4000']
  const listen = ['--listen-address', '127.0.0.1', '--port', String(port)]
  return {
    command: program,
    args: ['--no-rdns', ...limits, ...listen, '--user', userInfo().username],
    env: { ...process.env, QPSMTPD_CONFIG: join(scratch.path, 'config') },
    cwd: scratch.path,
    log: join(scratch.path, 'stderr.log'),
    cleanup: scratch.remove,
  }
}
