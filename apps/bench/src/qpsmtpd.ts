import { join } from 'node:path'
import type { Candidate, Launch } from './candidate.ts'
import { plainEnvironment } from './node-environment.ts'
import { makeScratch, writeIn } from './scratch.ts'

/** qpsmtpd with one plugin that lets senders in and one that drops the message. */
export const qpsmtpd: Candidate = {
  name: 'qpsmtpd',
  start: (port) => start(port, () => 'queue/discard'),
}

/** qpsmtpd that writes messages into a Maildir, durably. */
export const qpsmtpdMaildir: Candidate = {
  name: 'qpsmtpd-maildir',
  start: (port) => start(port, (directory) => `queue/maildir ${join(directory, 'mail')}`),
  only: ['many', 'memory', 'durable'],
}

function start(port: number, queueIn: (directory: string) => string): Launch {
  const app = join(import.meta.dirname, '../../qpsmtpd')
  const scratch = makeScratch({
    'config/me': 'bench.example\n',
    'config/rcpthosts': 'bench.example\n',
  })
  writeIn(scratch.path, 'config/plugins', `check_relay\n${queueIn(scratch.path)}\n`)
  const config = join(scratch.path, 'config')
  return {
    command: process.execPath,
    args: [join(app, 'src/main.ts'), '--config', config, '--listen', `127.0.0.1:${port}`],
    env: plainEnvironment(),
    cwd: app,
    // Logging is part of what a server costs: it goes to a file as it would elsewhere.
    log: join(scratch.path, 'stderr.log'),
    cleanup: scratch.remove,
  }
}
