import { plugin, type Scene, setStage, FakeWire, type Stage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const full = '421 4.7.0 Too many connections; please try again later\r\n'
const greeted =
  '220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.\r\n'

/** One more client, and what it is told first. */
async function join(
  { server, clock }: Stage,
  address: string,
): Promise<{ wire: FakeWire; said: string; over: Promise<void> }> {
  const wire = new FakeWire({ address })
  const over = server.accept(wire)
  await clock.advance(0)
  return { wire, said: wire.takeOutput(), over }
}

const stageOf = (config: Scene['config'], address = '192.0.2.1'): Promise<Stage> =>
  setStage({ config: config!, client: { address } })

describe('max_connections', () => {
  test('one session more is 421 and closed; when one has ended there is room again', async () => {
    const stage = await stageOf({ max_connections: ['2'] })
    expect((await join(stage, '192.0.2.2')).said).toBe(greeted)
    const third = await join(stage, '192.0.2.3')
    expect(third.said).toBe(full)
    expect(third.wire.isClosed).toBe(true)
    expect(stage.server.sessions).toBe(2)
    stage.wire.sendEnd()
    await stage.over
    expect(stage.server.sessions).toBe(1)
    expect((await join(stage, '192.0.2.4')).said).toBe(greeted)
  })

  test('holds for loopback too', async () => {
    const stage = await stageOf({ max_connections: ['1'] }, '127.0.0.1')
    expect((await join(stage, '::1')).said).toBe(full)
  })
})

describe('max_connections_per_address', () => {
  const config = { max_connections_per_address: ['2'] }

  test('one session more of that address is 421; others are served', async () => {
    const stage = await stageOf(config)
    const second = await join(stage, '192.0.2.1')
    expect(second.said).toBe(greeted)
    expect((await join(stage, '192.0.2.1')).said).toBe(full)
    expect((await join(stage, '192.0.2.2')).said).toBe(greeted)
    second.wire.breakOff()
    await second.over
    expect((await join(stage, '192.0.2.1')).said).toBe(greeted)
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1'])('%s is exempt', async (address) => {
    const stage = await stageOf(config, address)
    for (let more = 0; more < 3; more++) expect((await join(stage, address)).said).toBe(greeted)
  })

  test.each(['::ffff', '1270.0.0.1', '10.127.0.1', 'unknown'])('%s is not', async (address) => {
    const stage = await stageOf(config, address)
    await join(stage, address)
    expect((await join(stage, address)).said).toBe(full)
  })
})

describe('a session that breaks', () => {
  test('leaves a line in the log, its room to others, and the server running', async () => {
    const broken = plugin('odd', {
      noop: ({ connection }) => {
        // What no plugin may do by its types: a fault of ours looks the same.
        Object.defineProperty(connection, 'hello', { get: () => undefined })
        return { verdict: 'ok' }
      },
    })
    const stage = await setStage({ plugins: [broken] })
    stage.wire.send(Buffer.from('HELO x\r\nNOOP\r\nNOOP\r\n'))
    await stage.over
    expect(stage.wire.isClosed).toBe(true)
    expect(stage.server.sessions).toBe(0)
    expect(
      stage.records.some(
        ({ level, text }) => level === 'error' && text.startsWith('session failed: TypeError'),
      ),
    ).toBe(true)
    expect((await join(stage, '192.0.2.1')).said).toBe(greeted)
  })
})

test.each([
  ['databytes', '-1', 'databytes must be a whole number of at least 0, not "-1"'],
  ['databytes', '1k', 'databytes must be a whole number of at least 0, not "1k"'],
  ['max_recipients', '0', 'max_recipients must be a whole number of at least 1, not "0"'],
  ['max_connections', '0', 'max_connections must be a whole number of at least 1, not "0"'],
  ['plugin_timeout', '0', 'plugin_timeout must be a whole number of at least 1, not "0"'],
  ['timeout', 'long', 'the time-out must be a number of seconds, not "long"'],
  ['bare_newline', 'accept', 'bare_newline must be reject or normalize, not "accept"'],
  ['loglevel', '8', 'loglevel must be 0 to 7 or a name such as info, not "8"'],
  ['me', 'two words', '"two words" is no host name to greet with'],
])('%s "%s" stops the start', async (name, line, complaint) => {
  await expect(setStage({ config: { [name]: [line] } })).rejects.toThrow(`${name}:1: ${complaint}`)
})

test.each([
  ['timeoutsmtpd', '60', 60],
  ['timeout', '0', 1],
  ['timeout', '-5', 1],
])('M8, P6: %s %s: the client is waited for %i s', async (name, line, seconds) => {
  const { wire, clock } = await setStage({ config: { [name]: [line] } })
  await clock.advance(seconds * 1_000 - 1)
  expect(wire.takeOutput()).toBe(greeted)
  await clock.advance(1_001)
  expect(wire.takeOutput()).toBe('421 4.4.2 Timeout; closing connection\r\n')
})

test('P6: each line gives the client its time anew', async () => {
  const { wire, clock } = await setStage({ config: { timeout: ['60'], timeoutsmtpd: ['30'] } })
  for (let line = 0; line < 5; line++) {
    await clock.advance(29_000)
    wire.send(Buffer.from('NOOP\r\n'))
  }
  await clock.advance(0)
  expect(wire.takeOutput()).toBe(greeted + '250 2.0.0 OK\r\n'.repeat(5))
})
