import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dialogue, transcripts } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'
import { hookRows } from '../src/hooks/rows.ts'
import noSpam from './readme/no-spam.ts'
import { counter, ownServer } from './readme/own-server.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README lists every hook in firing order, with its kind and its answers', () => {
  const rows = readme.matchAll(/^\| `(\w+)` +\| (\w+) +\| [^|]*\| ([^|]*)\|/gm)
  const listed = [...rows].map(([, hook, kind, answers]) => ({
    hook,
    kind,
    answers: answers?.trim(),
  }))
  const known = Object.entries(hookRows).map(([hook, { kind, answers }]) => ({
    hook,
    kind,
    answers: kind === 'pass' ? 'a path' : kind === 'every' ? '–' : answers.join(', '),
  }))
  expect(listed).toEqual(known)
})

test("the README's plugin is the one that is tested here", () => {
  const [, plugin] = /^```ts\n(import \{ deny, .*?)^```$/ms.exec(readme) ?? []
  expect(plugin).toBe(readFileSync(new URL('readme/no-spam.ts', import.meta.url), 'utf8'))
})

test("the README's dialogue comes out as it says", async () => {
  const [, dialogueOfReadme = ''] = /dialogue\(.*?`\n(.*?)`/s.exec(readme) ?? []
  expect(dialogueOfReadme).toContain('550 5.7.1 not you')
  await dialogue({ plugins: [[noSpam, 'eve@example.org']] }, dialogueOfReadme)
})

test('transcripts finds the blocks marked smtp and no others', () => {
  expect(transcripts('```smtp\nC: QUIT\n```\n```ts\nx\n```\n')).toEqual(['C: QUIT\n'])
})

test("the README's server is the one that is started here", () => {
  const own = readFileSync(new URL('readme/own-server.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${own}\`\`\``)
})

test("the README's server takes a mail", async () => {
  const { server, listener } = await ownServer()
  const client = connect({ port: listener.port, host: '127.0.0.1' })
  client.setEncoding('latin1')
  client.write('HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\nSubject: x\r\n.\r\nQUIT\r\n')
  let heard = ''
  client.on('data', (text: string) => {
    heard += text
  })
  await once(client, 'close')
  listener.close()
  await server.drain()
  expect(heard).toMatch(/^250 2\.0\.0 Queued /m)
  expect(counter.mails).toBe(1)
})
