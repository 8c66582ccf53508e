import { fileURLToPath } from 'node:url'
import type { Candidate } from './candidate.ts'
import { plainEnvironment } from './node-environment.ts'
import { NpmPeer } from './npm-peer.ts'

/** The `smtp-server` of npm, with handlers that take every recipient and drop the message. */
export function smtpServer(peers: string): Candidate {
  const peer = new NpmPeer(peers, 'smtp-server', '~3.21.0')
  const program = fileURLToPath(import.meta.resolve('./smtp-server-program.ts'))
  return {
    name: 'smtp-server',
    prepare: () => peer.install(),
    start: (port) => ({
      command: process.execPath,
      args: [program, peer.folder, String(port)],
      env: plainEnvironment(),
      cwd: peer.folder,
      cleanup: () => {},
    }),
    // It looks for early talkers for 100 ms.
    greetsLate: true,
  }
}
