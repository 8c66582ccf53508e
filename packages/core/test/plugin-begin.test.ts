import { declined, ok } from '@qpsmtpd/core'
import { dialogue, perform, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const lineByLine = { plays: ['by line'] } as const

const help = `
  S: 214-2.0.0 This is qpsmtpd 1.2.3
  S: 214-2.0.0 See https://github.com/qpsmtpd/qpsmtpd-ts
  S: 214 2.0.0 To report bugs, open an issue there.`

const work = (starts: number[], run: (signal: AbortSignal) => Promise<number>) => ({
  plugins: [
    plugin('early', {
      connect: (context) => {
        void context.begin('answer', (signal) => {
          starts.push(1)
          return run(signal)
        })
        return declined
      },
      noop: async (context) => ({
        verdict: 'ok',
        text: String(await context.begin('answer', async () => 0)),
      }),
    }),
  ],
})

describe('begin', () => {
  test('what one hook begins, another waits for', async () => {
    const starts: number[] = []
    await dialogue(
      work(starts, async () => 42),
      `${greeted}\nC: NOOP\nS: 250 2.0.0 42\nC: NOOP\nS: 250 2.0.0 42`,
      lineByLine,
    )
    expect(starts).toEqual([1])
  })

  test('a rejection is logged though nobody waits, and ends nothing', async () => {
    const scene = work([], () => Promise.reject(new Error('my secret')))
    const [played] = await perform(scene, `${greeted}\nC: HELP me\n${help}`, lineByLine)
    expect(played!.records).toContainEqual(
      expect.objectContaining({ plugin: 'early', text: 'answer: my secret' }),
    )
  })

  test('a rejection is a failure of whoever waits', () =>
    dialogue(
      work([], () => Promise.reject(new Error('my secret'))),
      `
      ${greeted}
      C: NOOP
      S: 451 4.3.0 Internal error - try again later
    `,
    ))

  test('what throws before it begins is a rejection too', () =>
    dialogue(
      work([], () => {
        throw new Error('my secret')
      }),
      `
      ${greeted}
      C: HELO client.example.org
      S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
    `,
    ))

  test.each([
    ['QUIT', `C: QUIT\n${goodbye}`],
    ['a reset', 'X: reset'],
    ['an end', 'X: end'],
    ['a time-out', 'X: wait 1201\nS: 421 4.4.2 Timeout; closing connection'],
    ['a drain', 'X: drain\nS: 421 4.3.2 Service is shutting down; please try again'],
  ])('work is cancelled when the session ends by %s', async (_name, ending) => {
    const signals: AbortSignal[] = []
    const scene = work([], (signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    })
    const [played] = await perform(scene, `${greeted}\n${ending}`, lineByLine)
    await played!.stage.over
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('a session begins so much and no more', async () => {
    const scene = {
      plugins: [
        plugin('greedy', {
          noop: (context, text) => {
            void context.begin(text, () => new Promise(() => undefined)).catch(() => undefined)
            return ok
          },
          vrfy: async (context) => {
            await context.begin('last', async () => 1)
            return ok
          },
        }),
      ],
    }
    const begun = Array.from({ length: 31 }, (_, index) => `C: NOOP ${index}\nS: 250 2.0.0 OK`)
    const fine = "S: 252 2.0.0 Just try sending a mail and we'll see how it turns out ..."
    await dialogue(scene, `${greeted}\n${begun.join('\n')}\nC: VRFY\n${fine}`, lineByLine)
    await dialogue(
      scene,
      `${greeted}\n${begun.join('\n')}\nC: NOOP one more\nS: 250 2.0.0 OK\nC: VRFY\nS: 451 4.3.0 Internal error - try again later`,
      lineByLine,
    )
  })

  test('what has ended makes room, the oldest first', async () => {
    const runs: string[] = []
    const scene = {
      plugins: [
        plugin('per-message', {
          noop: async (context, text) => {
            await context.begin(text, async () => void runs.push(text))
            return ok
          },
        }),
      ],
    }
    const keys = Array.from({ length: 33 }, (_, index) => String(index))
    const noops = [...keys, '1', '0'].map((key) => `C: NOOP ${key}\nS: 250 2.0.0 OK`)
    await dialogue(scene, `${greeted}\n${noops.join('\n')}`, lineByLine)
    // The 33rd has put the first one out; the second is still known.
    expect(runs).toEqual([...keys, '0'])
  })
})
