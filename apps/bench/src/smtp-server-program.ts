import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** As much of the package as is used. */
interface Package {
  readonly SMTPServer: new (options: object) => {
    listen(port: number, host: string): void
    on(event: 'error', heard: () => void): void
  }
}

/** Starts `node src/smtp-server-program.ts FOLDER PORT`: the package that is installed there, taking all and keeping nothing. */
function serve(folder: string, port: number): void {
  const { SMTPServer } = createRequire(join(folder, 'package.json'))('smtp-server') as Package
  const server = new SMTPServer({
    name: 'bench.example',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (_address: unknown, _session: unknown, done: () => void) => done(),
    onData(stream: Readable, _session: unknown, done: () => void) {
      stream.on('end', done)
      stream.resume()
    },
  })
  // A client that went away is no concern of it.
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
}

const [folder, port] = process.argv.slice(2)
if (folder === undefined || port === undefined) throw new Error('a folder and a port are needed')
serve(folder, Number(port))
process.once('SIGTERM', () => process.exit(0))
