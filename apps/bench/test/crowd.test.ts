import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { Crowd } from '../src/crowd.ts'

const servers: { server: Server; sockets: Socket[] }[] = []

afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
})

async function listen(greeting: string): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    if (greeting !== '') socket.write(greeting)
  })
  servers.push({ server, sockets })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, sockets }
}

describe('Crowd', () => {
  test('grows, stays, and goes', async () => {
    const { port, sockets } = await listen('220-hello\r\n220 there\r\n')
    const crowd = new Crowd(port)
    expect(await crowd.grow(20, 10)).toBeGreaterThan(0)
    await crowd.grow(5, 10)
    expect(crowd.size).toBe(25)
    expect(crowd.greeted).toBe(25)
    expect(sockets.filter((socket) => !socket.destroyed)).toHaveLength(25)
    const gone = Promise.all(sockets.map((socket) => socket.resume() && once(socket, 'close')))
    await crowd[Symbol.asyncDispose]()
    await gone
    expect(crowd.size).toBe(0)
  })

  test('drips one command after the other', async () => {
    const { port, sockets } = await listen('220 hello\r\n')
    await using crowd = new Crowd(port)
    await crowd.grow(1, 10)
    let text = ''
    const { promise, resolve } = Promise.withResolvers<void>()
    sockets[0]!.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.length >= 13) resolve()
    })
    crowd.drip(2)
    await promise
    expect(text.slice(0, 13)).toBe('NOOP\r\nNOOP\r\nN')
  })

  test('fails where it is not greeted', async () => {
    const { port } = await listen('421 full\r\n')
    await using crowd = new Crowd(port)
    await expect(crowd.grow(2, 10)).rejects.toThrow('a connection was not greeted: "421 full"')
  })

  test('fails where nothing comes in time', async () => {
    const { port } = await listen('')
    await using crowd = new Crowd(port)
    await expect(crowd.grow(2, 0.05)).rejects.toThrow(/abort/i)
  })
})
