import { createServer, type Server as NetServer } from 'node:net'
import type { Wire } from '../server/wire.ts'
import { SocketWire } from './socket-wire.ts'

/** Where to listen. */
export interface ListenAddress {
  /** An IP address, or undefined for all there are. */
  readonly host: string | undefined
  /** 0 for any that is free. */
  readonly port: number
}

/** A socket that accepts connections. */
export interface Listener {
  /** The address it came to be: `127.0.0.1:2525`, `[::1]:2525`. */
  readonly address: string
  readonly port: number
  /** Accepts no more. Connections that are there stay. */
  close(): void
}

/** Connections that the kernel keeps until they are accepted. */
const backlog = 4_096

/**
 * Listens, and hands over each connection. Rejects where the address can't be had.
 * @param failed is told of a connection that could not be accepted: for want of descriptors, for instance.
 */
export async function listen(
  { host, port }: ListenAddress,
  accept: (wire: Wire) => void,
  failed: (error: Error) => void,
): Promise<Listener> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    accept(new SocketWire(socket)),
  )
  await bound(server, { port, backlog, ...(host !== undefined && { host }) })
  server.on('error', failed)
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('listening, but on no IP address')
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { address: `${shown}:${address.port}`, port: address.port, close: () => server.close() }
}

function bound(server: NetServer, options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
