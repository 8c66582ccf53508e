import { readFileSync } from 'node:fs'
import { ok } from '@qpsmtpd/core'
import { dialogue, mailbox, plugin, type Scene, setStage, transcripts } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'
import queueDiscard from '../src/index.ts'

const anybody = plugin('anybody', { rcpt: () => ok })
const scene: Scene = { plugins: [anybody, queueDiscard] }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [example = ''] = transcripts(readme)

for (const transcript of transcripts(readme))
  test('the README tells the truth', async () => {
    await dialogue(scene, transcript)
  })

test('the README has an example, and says what becomes of mail', () => {
  expect(transcripts(readme)).toHaveLength(1)
  expect(readme).toContain('All mail is LOST.')
})

test('a queue plugin behind it gets nothing: the message is gone', async () => {
  const { plugin: behind, mails } = mailbox()
  await dialogue({ plugins: [anybody, queueDiscard, behind] }, example)
  expect(mails).toEqual([])
})

test('a queue plugin before it gets the message', async () => {
  const { plugin: before, mails } = mailbox()
  await dialogue({ plugins: [anybody, before, queueDiscard] }, example)
  // Three plays.
  expect(mails).toHaveLength(3)
})

test('it takes no recipient by itself', async () => {
  await dialogue(
    { plugins: [queueDiscard] },
    `${example.slice(0, example.indexOf('C: RCPT'))}
    C: RCPT TO:<ann@example.com>
    S: 450 4.7.1 No plugin decided if relaying is allowed`,
  )
})

test('the log says at the start that mail is dropped', async () => {
  const { records } = await setStage(scene)
  expect(records.filter(({ level }) => level === 'warning').map(({ text }) => text)).toEqual([
    'every message is accepted and DROPPED: this is for benchmarks and tests',
  ])
})

test('a word on its line stops the start', async () => {
  const start = setStage({ plugins: [[queueDiscard, 'quietly']] })
  await expect(start).rejects.toThrow('plugins:1: queue-discard: "quietly" is not an option')
})
