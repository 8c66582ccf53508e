import { join } from 'node:path'
import type { Candidate } from './candidate.ts'
import { haraka } from './haraka.ts'
import { plainEnvironment } from './node-environment.ts'
import { perlQpsmtpd } from './perl-qpsmtpd.ts'
import { qpsmtpd, qpsmtpdMaildir } from './qpsmtpd.ts'
import { smtpServer } from './smtp-server.ts'

/** The floor: what can't be beaten. */
export const floor: Candidate = {
  name: 'floor',
  start: (port) => ({
    command: process.execPath,
    args: [join(import.meta.dirname, 'floor.ts'), '--port', String(port)],
    env: plainEnvironment(),
    cwd: import.meta.dirname,
    cleanup: () => {},
  }),
}

/**
 * All servers, in the order in which they take turns.
 * @param peers the directory that those of npm are installed in.
 */
export function candidatesIn(peers: string): readonly Candidate[] {
  return [floor, qpsmtpd, qpsmtpdMaildir, smtpServer(peers), haraka(peers), perlQpsmtpd]
}
