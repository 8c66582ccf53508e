import { ok } from '@qpsmtpd/core'
import { dialogue, plugin, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const lineByLine = { plays: ['by line'] } as const

/** A plugin that holds every NOOP until its signal fires or it is let go. */
const holding = () => {
  const signals: AbortSignal[] = []
  const gate = Promise.withResolvers<void>()
  const holder = plugin('holder', {
    noop: async ({ signal }) => {
      signals.push(signal)
      await gate.promise
      return ok
    },
  })
  return { signals, gate, scene: { plugins: [holder] } }
}

describe('the signal', () => {
  test('fires when the client is gone', async () => {
    const { signals, gate, scene } = holding()
    await dialogue(scene, `${greeted}\nC: NOOP\nX: reset`, lineByLine)
    expect(signals[0]!.aborted).toBe(true)
    gate.resolve()
  })

  test('does not fire when the client ends its side: it gets its reply', async () => {
    const { signals, gate, scene } = holding()
    const stage = await setStage(scene)
    stage.wire.send(Buffer.from('NOOP\r\n'))
    stage.wire.sendEnd()
    await stage.clock.advance(0)
    expect(signals[0]!.aborted).toBe(false)
    stage.wire.takeOutput()
    gate.resolve()
    await stage.over
    expect(stage.wire.takeOutput()).toBe('250 2.0.0 OK\r\n')
  })

  test('fires when the time of the handler is up', async () => {
    const { signals, gate, scene } = holding()
    const { wire, clock } = await setStage(scene)
    wire.send(Buffer.from('NOOP\r\n'))
    await clock.advance(29_999)
    expect(signals[0]!.aborted).toBe(false)
    await clock.advance(1)
    expect(signals[0]!.aborted).toBe(true)
    expect(wire.isClosed).toBe(false)
    gate.resolve()
  })

  test('does not fire when a drain begins, but at its deadline', async () => {
    const { signals, gate, scene } = holding()
    const stage = await setStage(scene)
    stage.wire.send(Buffer.from('NOOP\r\n'))
    await stage.clock.advance(0)
    const drained = stage.server.drain(10_000)
    await stage.clock.advance(9_999)
    expect(signals[0]!.aborted).toBe(false)
    await stage.clock.advance(1)
    expect(signals[0]!.aborted).toBe(true)
    gate.resolve()
    await drained
  })
})
