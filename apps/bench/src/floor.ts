import { createServer, type AddressInfo, type Server } from 'node:net'
import { parseArgs } from 'node:util'
import { serveFloor } from './floor-session.ts'

/**
 * Makes the floor: a server that takes SMTP messages and drops them, doing what no server can leave out
 * and nothing else. It does not listen yet.
 */
export function createFloor(): Server {
  return createServer({ noDelay: true }, serveFloor)
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
  const server = createFloor()
  server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 4096 }, () => {
    process.stdout.write(`listening 127.0.0.1:${(server.address() as AddressInfo).port}\n`)
  })
  process.once('SIGTERM', () => process.exit(0))
}
