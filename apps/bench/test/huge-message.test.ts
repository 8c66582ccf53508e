import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { FloorSession, serveFloor } from '../src/floor-session.ts'
import { sendHugeMessage } from '../src/huge-message.ts'

/** Serves one message. @returns all that was sent to the server, if it took it. */
async function received(octets: number, taken = '250 ok'): Promise<string> {
  const chunks: Buffer[] = []
  const server = createServer((socket) => {
    const session = new FloorSession()
    let inside = false
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      const text = session.read(chunk)
      if (text === '') return
      socket.write(inside ? text.replace('250 ok', taken) : text)
      inside = text.includes('354')
    })
    socket.on('error', () => {})
    socket.write('220-long\r\n220 greeting\r\n')
  }).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await sendHugeMessage({ port, octets, timeoutSeconds: 10 })
  } finally {
    server.close()
  }
  return Buffer.concat(chunks).toString('latin1')
}

describe('sendHugeMessage', () => {
  test.each([1_000_000, 2_000_002, 3_500_000])('sends a body of %i octets', async (octets) => {
    const text = await received(octets)
    const body = text.slice(text.indexOf('\r\n\r\n') + 4, -'.\r\nQUIT\r\n'.length)
    expect(text.slice(0, 60)).toContain('MAIL FROM:')
    expect(body).toHaveLength(octets)
    expect(body.endsWith('\r\n')).toBe(true)
    expect(body).not.toMatch(/^\./m)
  })

  test('fails where the message is not taken', async () => {
    await expect(received(1_000_000, '552 too big')).rejects.toThrow(
      'expected 250, got "552 too big"',
    )
  })

  test('fails where nothing comes in time', async () => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      await expect(sendHugeMessage({ port, octets: 10, timeoutSeconds: 0.05 })).rejects.toThrow(
        'the huge message was not taken in time',
      )
    } finally {
      server.close()
    }
  })

  test('is taken by the floor', async () => {
    const server = createServer(serveFloor).listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      await expect(
        sendHugeMessage({ port, octets: 5_000_000, timeoutSeconds: 10 }),
      ).resolves.toBeUndefined()
    } finally {
      server.close()
    }
  })
})
