import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FloorSession, serveFloor } from '../src/floor-session.ts'
import { runLoad, type Load } from '../src/load.ts'
import { modes } from '../src/script.ts'

const open: { server: Server; sockets: Set<Socket> }[] = []

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
})

async function listen(
  serve: (socket: Socket) => void,
): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  open.push({ server, sockets })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size }
}

/** A floor whose replies are changed on their way. */
function changed(change: (replies: string) => string): (socket: Socket) => void {
  return (socket) => {
    const session = new FloorSession()
    socket.on('data', (chunk: Buffer) => {
      const replies = session.read(chunk)
      if (replies !== '') socket.write(change(replies))
      if (session.ended) socket.end()
    })
    socket.write(change('220 floor\r\n'))
  }
}

function load(port: number, more: Partial<Load> = {}): Load {
  const few = { messages: 25, bodyOctets: 500, sessions: 3, timeoutSeconds: 20 }
  return { port, mode: 'many', ...few, ...more }
}

describe('runLoad', () => {
  test.each(modes)('sends all messages in mode %s', async (mode) => {
    const { port, connections } = await listen(serveFloor)
    const report = await runLoad(load(port, { mode }))
    expect(report.messages).toBe(25)
    expect(report.messagesPerSecond).toBeCloseTo(25 / report.seconds)
    expect(report.p50).toBeGreaterThan(0)
    expect(report.p99).toBeGreaterThanOrEqual(report.p50)
    expect(connections()).toBe(mode === 'one' ? 25 : 3)
  })

  test.each(modes)('sends what it should in mode %s', async (mode) => {
    const chunks: Buffer[] = []
    const { port } = await listen((socket) => {
      socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
      serveFloor(socket)
    })
    await runLoad(load(port, { mode, messages: 2, sessions: 1 }))
    const text = Buffer.concat(chunks).toString('latin1')
    const connections = mode === 'one' ? 2 : 1
    expect(text.match(/^EHLO /gm)).toHaveLength(connections)
    expect(text.match(/^MAIL FROM:/gm)).toHaveLength(2)
    expect(text.match(/^RCPT TO:/gm)).toHaveLength(2)
    expect(text.match(/^DATA\r$/gm)).toHaveLength(2)
    expect(text.match(/^\.\r$/gm)).toHaveLength(2)
    expect(text.match(/^QUIT\r$/gm)).toHaveLength(connections)
  })

  test('reads replies that come octet by octet', async () => {
    const { port } = await listen((socket) => {
      const session = new FloorSession()
      socket.setNoDelay(true)
      const write = (text: string): void => void Array.from(text, (octet) => socket.write(octet))
      socket.on('data', (chunk: Buffer) => {
        write(session.read(chunk))
        if (session.ended) socket.end()
      })
      write('220-two\r\n220 lines\r\n')
    })
    expect((await runLoad(load(port, { mode: 'ahead' }))).messages).toBe(25)
  })

  test.each(modes)('fails with a reply that was not expected in mode %s', async (mode) => {
    let messages = 0
    const { port } = await listen(
      changed((replies) => {
        if (replies.includes('354')) messages += 1
        return messages === 4 ? replies.replace('354 go on', '451 not now') : replies
      }),
    )
    await expect(runLoad(load(port, { mode }))).rejects.toThrow(/expected 354 .*"451 not now"/)
  })

  test('fails at a greeting that is none', async () => {
    const { port } = await listen(changed((text) => text.replace('220 floor', '421 busy')))
    await expect(runLoad(load(port))).rejects.toThrow('expected 220 as greeting, got "421 busy"')
  })

  test('fails at a reply nobody asked for', async () => {
    const { port } = await listen(changed((text) => text.replace('354', '250 more\r\n354')))
    await expect(runLoad(load(port))).rejects.toThrow('expected 354 to "DATA", got "250 more"')
  })

  test('fails where the server closes too early', async () => {
    const { port } = await listen((socket) => socket.end('220 floor\r\n'))
    await expect(runLoad(load(port))).rejects.toThrow(
      /closed the connection too early|ECONNRESET|EPIPE/,
    )
  })

  test('fails at its time limit', async () => {
    const { port } = await listen(() => {})
    await expect(runLoad(load(port, { timeoutSeconds: 0.05 }))).rejects.toThrow(
      'not done within 0.05 s',
    )
  })
})
