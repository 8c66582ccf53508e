import { declined } from '@qpsmtpd/core'
import { dialogue, perform, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const lineByLine = { plays: ['by line'] } as const

const waits = (until?: 'input') => {
  const reasons: string[] = []
  const patient = plugin('patient', {
    connect: async (context) => {
      reasons.push(await context.delay(5_000, until))
      return declined
    },
  })
  return { plugins: [patient], reasons }
}

describe('delay', () => {
  test('ends when its time is over, whatever the client says', async () => {
    const { reasons, ...scene } = waits()
    await dialogue(
      scene,
      `X: wait 2\nC: HELO client.example.org\nX: wait 3\n${hello.replace(/C: .*\n/, '')}`,
      lineByLine,
    )
    expect(reasons).toEqual(['time'])
  })

  test('ends sooner when the client speaks, where that was asked for', async () => {
    const { reasons, ...scene } = waits('input')
    await dialogue(
      scene,
      `X: wait 2\nC: HELO client.example.org\n${hello.replace(/C: .*\n/, '')}`,
      lineByLine,
    )
    expect(reasons).toEqual(['input'])
  })

  test('B4: ends at once where the client has spoken already', async () => {
    const reasons: unknown[] = []
    const scene = {
      plugins: [
        plugin('patient', {
          helo: async (context) => {
            reasons.push(context.inputWaiting, await context.delay(5_000, 'input'))
            return declined
          },
        }),
      ],
    }
    await dialogue(scene, `${hello}\nC: QUIT\n${goodbye}`, { plays: ['at once'] })
    expect(reasons).toEqual([6, 'input'])
  })

  test('ends with the connection, and the timer with it', async () => {
    const { reasons, ...scene } = waits()
    const [played] = await perform(scene, 'X: reset', lineByLine)
    expect(reasons).toEqual(['ended'])
    await played!.stage.over
    await played!.stage.clock.advance(1_000)
    expect(played!.stage.clock.waiting).toBe(0)
  })
})
