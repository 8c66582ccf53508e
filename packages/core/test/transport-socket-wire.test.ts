import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Wire } from '../src/server/wire.ts'
import { inputAhead, outputAhead } from '../src/smtp/limits.ts'
import { listen } from '../src/transport/listener.ts'

/** A wire and its client, on a free port of this machine. */
async function joined(): Promise<{ wire: Wire; client: Socket }> {
  const accepted = Promise.withResolvers<Wire>()
  const listener = await listen(
    { host: '127.0.0.1', port: 0 },
    (wire) => accepted.resolve(wire),
    (error) => accepted.reject(error),
  )
  const client = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => undefined)
  onTestFinished(() => {
    client.destroy()
    listener.close()
  })
  const wire = await accepted.promise
  onTestFinished(() => wire.destroy())
  return { wire, client }
}

/** What is read up to so many octets. */
async function octetsOf(wire: Wire, length: number): Promise<string> {
  let text = ''
  while (text.length < length) {
    const read = await wire.read()
    if (typeof read === 'string') return `${text} ${read}`
    text += Buffer.from(read).toString('latin1')
  }
  return text
}

/** What a client hears up to the end. */
async function heardBy(client: Socket): Promise<string> {
  let text = ''
  client.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  await once(client, 'end', { signal: AbortSignal.timeout(10_000) })
  return text
}

describe('what comes in', () => {
  test('is read as it came, and a half-close is an end, not a reset', async () => {
    const { wire, client } = await joined()
    client.end('one\r\ntwo\r\n')
    expect(await octetsOf(wire, 10)).toBe('one\r\ntwo\r\n')
    expect(await wire.read()).toBe('eof')
    expect(wire.write('still here\r\n')).toBe(false)
    const heard = heardBy(client)
    await wire.flush()
    await wire.end(true)
    expect(await heard).toBe('still here\r\n')
  })

  test('is waited for, until it is interrupted', async () => {
    const { wire } = await joined()
    const reading = wire.read()
    wire.interrupt()
    expect(await reading).toBe('interrupted')
  })

  test('is told to who watches, and so is a reset', async () => {
    const { wire, client } = await joined()
    const told: string[] = []
    const isReset = Promise.withResolvers<void>()
    wire.watch({
      input: () => void told.push('input'),
      reset: () => {
        told.push('reset')
        isReset.resolve()
      },
    })
    client.write('x')
    expect(await octetsOf(wire, 1)).toBe('x')
    client.resetAndDestroy()
    expect(await wire.read()).toBe('reset')
    await isReset.promise
    expect([told[0], told.at(-1)]).toEqual(['input', 'reset'])
    expect(await wire.read()).toBe('reset')
  })

  test('and nobody reads is bounded: the rest stays in the network', async () => {
    const { wire, client } = await joined()
    const megabyte = Buffer.alloc(1_048_576, 'a')
    let sent = 0
    // Until neither the network nor the wire takes any more.
    while (client.write(megabyte) || sent < 16) {
      sent += 1
      if (sent > 64) break
    }
    const full = Promise.withResolvers<void>()
    let before = -1
    const look = (): void => {
      if (wire.buffered === before && before > 0) return full.resolve()
      before = wire.buffered
      setTimeout(look, 20)
    }
    look()
    await full.promise
    expect(wire.buffered).toBeGreaterThan(0)
    expect(wire.buffered).toBeLessThan(inputAhead * 3)
    expect((await octetsOf(wire, 4 * 1_048_576)).length).toBeGreaterThanOrEqual(4 * 1_048_576)
  })
})

describe('what goes out', () => {
  test('is joined until it is flushed, and says when it must be', async () => {
    const { wire, client } = await joined()
    const heard = heardBy(client)
    expect(wire.write('250 one\r\n')).toBe(false)
    expect(wire.write('x'.repeat(outputAhead))).toBe(true)
    expect(wire.flush()).toBeUndefined()
    expect(wire.flush()).toBeUndefined()
    await wire.end(true)
    expect(await heard).toBe(`250 one\r\n${'x'.repeat(outputAhead)}`)
  })

  test('is UTF-8 where it is not ASCII', async () => {
    const { wire, client } = await joined()
    const heard = heardBy(client)
    wire.write('250 <grüße@example.com>\r\n')
    await wire.end(true)
    expect(Buffer.from(await heard, 'latin1').toString()).toBe('250 <grüße@example.com>\r\n')
  })

  test('and is not read makes whoever flushes wait, until the client is gone', async () => {
    const { wire, client } = await joined()
    client.pause()
    let waits: Promise<void> | undefined
    for (let turn = 0; turn < 1_000 && waits === undefined; turn++) {
      wire.write('x'.repeat(65_536))
      waits = wire.flush()
    }
    expect(waits).toBeInstanceOf(Promise)
    client.resetAndDestroy()
    await waits
    expect(await wire.read()).toBe('reset')
    expect(wire.flush()).toBeUndefined()
  })
})

describe('the end', () => {
  test('comes after the last reply, also for a client that goes on talking', async () => {
    const { wire, client } = await joined()
    const heard = heardBy(client)
    const talk = setInterval(() => client.write('x'.repeat(10_000)), 1)
    onTestFinished(() => clearInterval(talk))
    await octetsOf(wire, 10_000)
    wire.write('421 4.7.0 Too many errors; closing connection\r\n')
    const ended = wire.end(false)
    expect(await heard).toBe('421 4.7.0 Too many errors; closing connection\r\n')
    clearInterval(talk)
    client.end()
    await ended
  })

  test('of a connection that is gone is at once', async () => {
    const { wire, client } = await joined()
    client.resetAndDestroy()
    expect(await wire.read()).toBe('reset')
    await wire.end(false)
  })
})

test.each([
  ['127.0.0.1', /^127\.0\.0\.1:\d+$/],
  ['::1', /^\[::1\]:\d+$/],
])('a listener on %s says where it came to be', async (host, address) => {
  const listener = await listen(
    { host, port: 0 },
    () => undefined,
    () => undefined,
  )
  onTestFinished(() => listener.close())
  expect(listener.address).toMatch(address)
  const again = listen(
    { host, port: listener.port },
    () => undefined,
    () => undefined,
  )
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('an IPv4 client of an IPv6 socket is an IPv4 client', async () => {
  const accepted = Promise.withResolvers<Wire>()
  const listener = await listen({ host: undefined, port: 0 }, accepted.resolve, accepted.reject)
  const client = connect({ port: listener.port, host: '127.0.0.1' })
  onTestFinished(() => {
    client.destroy()
    listener.close()
  })
  const wire = await accepted.promise
  expect([wire.remote.address, wire.local.address, wire.local.port]).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    listener.port,
  ])
  wire.destroy()
})
