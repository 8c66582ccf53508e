import {
  Generation,
  loadPlugin,
  okText,
  type Plugin,
  PluginHost,
  readSettings,
} from '@qpsmtpd/core'
import { fakeWorld, FakeWire, mailbox, plugin, setStage, type Stage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

/** A plugin that names itself in NOOP, and writes down when it starts and stops. */
const named = (name: string, written: string[]): Plugin =>
  plugin(name, {
    start: () => void written.push(`${name} starts`),
    stop: () => void written.push(`${name} stops`),
    noop: () => okText(name),
  })

async function generationOf(member: Plugin, { clock }: Stage): Promise<Generation> {
  const world = fakeWorld()
  const line = {
    plugin: member as Plugin<unknown>,
    name: member.name,
    words: [],
    where: 'plugins:1',
  }
  const host = new PluginHost([await loadPlugin(line, () => world)], {
    clock,
    pluginTimeout: 30_000,
  })
  const generation = new Generation(readSettings(world.config, '2.0.0'), host)
  await generation.start()
  return generation
}

async function noop({ clock }: Stage, wire: FakeWire): Promise<string> {
  wire.takeOutput()
  wire.send(Buffer.from('NOOP\r\n'))
  await clock.advance(0)
  return wire.takeOutput()
}

describe('another configuration', () => {
  test('new sessions begin with it; a session keeps the one it began with', async () => {
    const written: string[] = []
    const stage = await setStage({ plugins: [named('old', written)] })
    const next = await generationOf(named('new', written), stage)
    const retired = stage.server.use(next).then(() => written.push('retired'))
    const wire = new FakeWire()
    const over = stage.server.accept(wire)
    await stage.clock.advance(0)
    expect(wire.takeOutput()).toMatch(/^220 mx\.example\.com ESMTP qpsmtpd 2\.0\.0 /)
    expect(await noop(stage, wire)).toBe('250 2.0.0 new\r\n')
    expect(await noop(stage, stage.wire)).toBe('250 2.0.0 old\r\n')
    expect(written).toEqual(['old starts', 'new starts'])
    stage.wire.sendEnd()
    await stage.over
    await retired
    expect(written).toEqual(['old starts', 'new starts', 'old stops', 'retired'])
    wire.sendEnd()
    await over
    expect(written.length).toBe(4)
  })

  test('where nobody uses the old one, it stops at once', async () => {
    const written: string[] = []
    const stage = await setStage({ plugins: [named('old', written)] })
    stage.wire.sendEnd()
    await stage.over
    await stage.server.use(await generationOf(named('new', written), stage))
    expect(written).toEqual(['old starts', 'new starts', 'old stops'])
  })

  test('a stop that fails stops nobody else', async () => {
    const written: string[] = []
    const bad = plugin('bad', {
      stop: () => {
        throw new Error('oops')
      },
    })
    const stage = await setStage({ plugins: [bad, named('old', written)] })
    stage.wire.sendEnd()
    await stage.over
    await stage.server.drain()
    expect(written).toEqual(['old starts', 'old stops'])
    expect(stage.records).toContainEqual(
      expect.objectContaining({ level: 'error', text: 'stop failed: oops' }),
    )
  })
})

describe('drain', () => {
  const message =
    'HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\nSubject: x\r\n\r\n'

  test('resolves when the last session has ended and the plugins have stopped', async () => {
    const written: string[] = []
    const box = mailbox()
    const yes = plugin('yes', { rcpt: () => ({ verdict: 'ok' }) })
    const stage = await setStage({ plugins: [named('only', written), yes, box.plugin] })
    stage.wire.send(Buffer.from(message))
    await stage.clock.advance(0)
    const drained = stage.server.drain().then(() => written.push('drained'))
    await stage.clock.advance(1_000)
    expect(written).toEqual(['only starts'])
    stage.wire.takeOutput()
    stage.wire.send(Buffer.from('text\r\n.\r\n'))
    await drained
    expect(stage.wire.takeOutput()).toBe(
      '250 2.0.0 Queued (t-1.1)\r\n421 4.3.2 Service is shutting down; please try again\r\n',
    )
    expect(box.mails.length).toBe(1)
    expect(written).toEqual(['only starts', 'only stops', 'drained'])
  })

  test('no new session begins', async () => {
    const stage = await setStage()
    void stage.server.drain()
    const wire = new FakeWire()
    await stage.server.accept(wire)
    expect(wire.takeOutput()).toMatch(/^421 4\./)
    expect(wire.isClosed).toBe(true)
  })

  test('what is left at its deadline is cut off', async () => {
    const box = mailbox()
    const stage = await setStage({
      plugins: [plugin('yes', { rcpt: () => ({ verdict: 'ok' }) }), box.plugin],
    })
    stage.wire.send(Buffer.from(message))
    await stage.clock.advance(0)
    const drained = stage.server.drain(5_000)
    await stage.clock.advance(4_999)
    expect(stage.wire.isClosed).toBe(false)
    await stage.clock.advance(1)
    await drained
    expect(stage.wire.isClosed).toBe(true)
    expect(box.mails).toEqual([])
  })

  test('resolves at once where there is no session, and may be asked for twice', async () => {
    const written: string[] = []
    const stage = await setStage({ plugins: [named('only', written)] })
    stage.wire.sendEnd()
    await stage.over
    await Promise.all([stage.server.drain(), stage.server.drain()])
    expect(written).toEqual(['only starts', 'only stops'])
  })

  test('leaves no timer behind', async () => {
    const stage = await setStage()
    await stage.server.drain()
    await stage.clock.advance(1_000)
    expect(stage.clock.waiting).toBe(0)
  })
})
