import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candidate, Launch } from './candidate.ts'

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

/** qpsmtpd with one plugin that lets senders in and one that drops the message. */
const qpsmtpd: Candidate = {
  name: 'qpsmtpd',
  start: (port) =>
    startQpsmtpd(port, {
      me: 'bench.example\n',
      rcpthosts: 'bench.example\n',
      plugins: 'check_relay\nqueue/discard\n',
    }),
}

/** All servers, in the order in which they take turns. */
export const candidates: readonly Candidate[] = [floor, qpsmtpd]

/** Starts qpsmtpd with config files, by name, in a directory that is removed afterwards. */
function startQpsmtpd(port: number, config: Readonly<Record<string, string>>): Launch {
  const directory = mkdtempSync(join(tmpdir(), 'qpsmtpd-bench-'))
  const app = join(import.meta.dirname, '../../qpsmtpd')
  for (const [name, text] of Object.entries(config)) writeFileSync(join(directory, name), text)
  return {
    command: process.execPath,
    args: [join(app, 'src/main.ts'), '--config', directory, '--listen', `127.0.0.1:${port}`],
    env: plainEnvironment(),
    cwd: app,
    // Logging is part of what a server costs: it goes to a file as it would elsewhere.
    log: join(directory, 'stderr.log'),
    cleanup: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** The environment without what changes how Node runs. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env }
  for (const name of ['NODE_COMPILE_CACHE', 'NODE_OPTIONS', 'NODE_V8_COVERAGE']) delete env[name]
  return env
}
