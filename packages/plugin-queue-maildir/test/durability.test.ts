import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import { queueMaildir } from '../src/index.ts'
import { anybody, mailsByName, temporaryDirectory, WatchedWire } from './directories.ts'
import { RecordedFiles } from './recorded-files.ts'

/** What a client sends who has one message for these recipients. */
const session = (recipients: readonly string[]): Buffer =>
  Buffer.from(
    [
      'HELO client.example.org',
      'MAIL FROM:<>',
      ...recipients.map((path) => `RCPT TO:<${path}>`),
      `DATA\r\nSubject: hello\r\n\r\nhello\r\n.\r\nQUIT\r\n`,
    ].join('\r\n'),
  )

/** The steps and the reply behind the dot, in their order; `NAME` for the file's. */
async function stepsOf(
  words: (path: string) => string,
  recipients: readonly string[],
  before: (path: string, files: RecordedFiles) => void = () => undefined,
): Promise<readonly string[]> {
  const path = temporaryDirectory()
  const files = new RecordedFiles()
  const stage = await setStage({ plugins: [anybody, [queueMaildir(files), words(path)]] })
  before(path, files)
  const wire = new WatchedWire((text) => {
    if (/^\d{3} \S+ (?:Queued|Could)/.test(text)) files.steps.push(text.slice(0, 3))
  })
  const over = stage.server.accept(wire)
  wire.send(session(recipients))
  await over
  return files.steps.map((step) =>
    step.replaceAll(path, '').replace(/(\/(?:tmp|new))\/\S+/, '$1/NAME'),
  )
}

const delivery = (maildir: string): readonly string[] =>
  ['create', 'write', 'sync', 'close'].flatMap((step) => [
    `${step} ${maildir}/tmp/NAME`,
    `${step} ${maildir}/tmp/NAME done`,
  ])
const arrival = (maildir: string): readonly string[] => [
  `rename ${maildir}/new/NAME`,
  `rename ${maildir}/new/NAME done`,
  `syncDirectory ${maildir}/new`,
  `syncDirectory ${maildir}/new done`,
]

describe('what is done to the disk', () => {
  test('written, synced, closed, moved; new synced: and only then is it said to be queued', async () => {
    const steps = await stepsOf(
      (path) => path,
      ['ann@example.com', 'bob@example.com'],
      (_path, files) => void files.steps.splice(0),
    )
    expect(steps).toEqual([...delivery(''), ...arrival(''), '250'])
  })

  test('with two directories, nothing is moved before all is written', async () => {
    const steps = await stepsOf(
      (path) => `${path} %l`,
      ['ann@example.com', 'bob@example.com'],
      (path) => {
        for (const user of ['ann', 'bob'])
          for (const name of ['tmp', 'new', 'cur'])
            mkdirSync(join(path, user, name), { recursive: true })
      },
    )
    expect(steps.filter((step) => !step.startsWith('makeDirectory'))).toEqual([
      ...delivery('/ann'),
      ...delivery('/bob'),
      ...arrival('/ann'),
      ...arrival('/bob'),
      '250',
    ])
  })

  test('what is taken back is taken back durably, before the client is told', async () => {
    const steps = await stepsOf(
      (path) => `${path} %l`,
      ['ann@example.com', 'bob@example.com'],
      (_path, files) => {
        files.fault = (step, path) =>
          step === 'rename' && path.includes('/bob/') ? 'EIO' : undefined
      },
    )
    const behind = steps.slice(steps.indexOf('remove /ann/new/NAME done'))
    expect(behind.filter((step) => /^syncDirectory|^451/.test(step))).toEqual([
      'syncDirectory /ann/new',
      'syncDirectory /ann/new done',
      '451',
    ])
  })

  test('directories that are made outlast a loss of power before anything is written', async () => {
    const steps = await stepsOf((path) => `${path} a/%l`, ['ann@example.com'])
    const before = steps.slice(0, steps.indexOf('create /a/ann/tmp/NAME'))
    expect(before.filter((step) => step.endsWith('done'))).toEqual([
      'makeDirectory /a/ann/tmp done',
      'makeDirectory /a/ann/new done',
      'makeDirectory /a/ann/cur done',
      'syncDirectory /a/ann done',
      'syncDirectory /a done',
      'syncDirectory  done',
    ])
  })

  test('also where syncing them failed the first time', async () => {
    const path = temporaryDirectory()
    const files = new RecordedFiles()
    const stage = await setStage({ plugins: [anybody, [queueMaildir(files), `${path} %l`]] })
    files.fault = (step) => (step === 'syncDirectory' ? 'EIO' : undefined)
    const first = new WatchedWire((text) => {
      if (text.startsWith('451 4.3.0')) files.fault = () => undefined
    })
    const firstOver = stage.server.accept(first)
    first.send(session(['ann@example.com']))
    await firstOver
    files.steps.splice(0)
    const second = new WatchedWire(() => undefined)
    const secondOver = stage.server.accept(second)
    second.send(session(['ann@example.com']))
    await secondOver
    expect(second.takeOutput()).toContain('250 2.0.0 Queued')
    const synced = files.steps.filter((step) => /^syncDirectory .* done$/.test(step))
    expect(synced).toEqual(
      [join(path, 'ann'), path, join(path, 'ann/new')].map((one) => `syncDirectory ${one} done`),
    )
  })
})

test('50 messages at once share syncs of new, and each reply is behind one that began after its rename', async () => {
  const count = 50
  const path = temporaryDirectory()
  const files = new RecordedFiles()
  const stage = await setStage({ plugins: [anybody, [queueMaildir(files), path]] })
  files.steps.splice(0)
  const wires = Array.from(
    { length: count },
    () =>
      new WatchedWire((text) => {
        const id = /^250 2\.0\.0 Queued \((\S+)\)$/.exec(text)?.[1]
        if (id !== undefined) files.steps.push(`250 ${id}`)
      }),
  )
  const sessions = wires.map((wire) => stage.server.accept(wire))
  for (const wire of wires) wire.send(session(['ann@example.com']))
  await Promise.all(sessions)

  /** Which message's file has which name. */
  const nameOf = new Map<string, string>()
  for (const [name, mail] of mailsByName(join(path, 'new')))
    nameOf.set(/\bid (\S+);/.exec(mail)![1]!, name)
  expect(nameOf.size).toBe(count)
  const sync = `syncDirectory ${path}/new`
  for (const [id, name] of nameOf) {
    const renamed = files.steps.indexOf(`rename ${path}/new/${name} done`)
    const said = files.steps.indexOf(`250 ${id}`)
    expect(renamed).toBeGreaterThan(-1)
    // Of the syncs that had ended when it was said, one at least began behind the rename.
    const begun = files.steps.slice(renamed, said)
    expect(begun.indexOf(sync)).toBeGreaterThan(-1)
    expect(begun.indexOf(`${sync} done`, begun.indexOf(sync))).toBeGreaterThan(-1)
  }
  expect(files.steps.filter((step) => step === sync).length).toBeLessThan(count / 2)
})
