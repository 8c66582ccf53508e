import { describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { Program, testTime } from './program.ts'

const plugins = './teller.js\ncheck_relay\nqueue/maildir ./mail\n'

describe.concurrent('the life of a program', testTime, () => {
  test('startOnce, start, stop and stopOnce are told in this order, each once', async () => {
    const teller = `export default {
      name: 'teller',
      options: (words) => words.end(),
      setup(_options, { log }) {
        const tell = (hook) => () => log.notice('told ' + hook)
        return Object.fromEntries(
          ['stopOnce', 'stop', 'start', 'startOnce'].map((hook) => [hook, tell(hook)]),
        )
      },
    }`
    await using program = await Program.listening({ files: { plugins, 'teller.js': teller } })
    program.kill('SIGTERM')
    const { code, stderr } = await program.end()
    expect(code).toBe(0)
    const told = [...stderr.matchAll(/told (\w+)/g)].map(([, hook]) => hook)
    expect(told).toEqual(['startOnce', 'start', 'stop', 'stopOnce'])
  })

  test('who asks for the end a second time gets it at once, and 1', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    await client.begin()
    program.kill('SIGTERM')
    await program.line(/SIGTERM: stopping/)
    program.kill('SIGINT')
    const { code, stderr } = await program.end()
    expect(code).toBe(1)
    expect(stderr).toContain('SIGINT again: not waiting any longer')
  })

  test('H1: what a plugin says of the configuration wins over the files', async () => {
    const teller = `export default {
      name: 'teller',
      options: (words) => words.end(),
      setup: () => ({
        config: (_world, name) =>
          name === 'smtpgreeting'
            ? { verdict: 'ok', values: ['mail.example.com says hello ESMTP'] }
            : { verdict: 'declined' },
      }),
    }`
    const files = { plugins, 'teller.js': teller, smtpgreeting: 'not.example.com\n' }
    await using program = await Program.listening({ files })
    using client = await LineClient.greeted(program.port)
    expect(client.greeting).toBe('220 mail.example.com says hello ESMTP')
  })
})
