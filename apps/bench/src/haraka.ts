import { join } from 'node:path'
import type { Candidate, Launch } from './candidate.ts'
import { plainEnvironment } from './node-environment.ts'
import { NpmPeer } from './npm-peer.ts'
import { makeScratch } from './scratch.ts'

// The name of the client is given, as asking for it would measure a name server.
const sink = `exports.hook_lookup_rdns = (next) => next(OK, 'load.example')
exports.hook_rcpt = (next) => next(OK)
exports.hook_queue = (next) => next(OK)
`

/** Haraka, of npm, in one process, with one plugin that takes every recipient and drops the message. */
export function haraka(peers: string): Candidate {
  const peer = new NpmPeer(peers, 'Haraka', '^3.3.0')
  return {
    name: 'haraka',
    prepare: () => peer.install(),
    start: (port) => start(peer, port),
    messageShare: 0.3,
    // It refuses a client that sends MAIL with the content of the message before.
    except: ['ahead'],
  }
}

function start(peer: NpmPeer, port: number): Launch {
  const scratch = makeScratch({
    'config/me': 'bench.example\n',
    'config/plugins': 'bench_sink\n',
    'config/log.ini': '[main]\nlevel=emerg\nformat=default\n',
    // With an address it need not ask the network for its own.
    'config/smtp.ini': `listen=127.0.0.1:${port}\npublic_ip=127.0.0.1\nnodes=0\n`,
    'config/connection.ini': connectionConfig(),
    'plugins/bench_sink.js': sink,
  })
  return {
    command: process.execPath,
    args: [join(peer.directory, 'bin/haraka'), '--configs', scratch.path],
    env: plainEnvironment(),
    cwd: scratch.path,
    log: join(scratch.path, 'stderr.log'),
    cleanup: scratch.remove,
  }
}

/** Its own values, and no limit of size. A file of ours takes the place of its own one, section by section. */
function connectionConfig(): string {
  const sections = {
    main: [],
    haproxy: [],
    headers: ['add_received=true', 'max_lines=1000', 'max_received=100'],
    max: ['bytes=0', 'mime_parts=1000', 'line_length=512', 'data_line_length=992'],
    message: ['helo=hello', 'close=bye'],
    uuid: [],
  }
  return Object.entries(sections)
    .map(([name, lines]) => [`[${name}]`, ...lines, ''].join('\n'))
    .join('')
}
