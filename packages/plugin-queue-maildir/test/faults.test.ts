import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { declined, type Plugin } from '@qpsmtpd/core'
import { dialogue, perform, plugin, type Scene, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import { queueMaildir } from '../src/index.ts'
import {
  anybody,
  filesBelow,
  hello,
  notStored,
  queued,
  temporaryDirectory,
  transaction,
} from './directories.ts'
import { RecordedFiles, type Step } from './recorded-files.ts'

const byLine = { plays: ['by line'] } as const

/** Does something when this sender comes. */
const when = (local: string, run: () => void): Plugin =>
  plugin(`when ${local}`, {
    mail(_context, sender) {
      if (sender?.local === local) run()
      return declined
    },
  })

/** A first message that fails, and a second one, when what was wrong is mended. */
const twoMessages = (recipients: readonly string[]): string =>
  hello +
  transaction(recipients, notStored) +
  transaction(recipients, queued(2), { sender: 'mended@example.org' })

type Fault = readonly [step: Step, below: string, code: string]

/** Each step of a delivery, each with what may well go wrong. */
const faults: readonly Fault[] = [
  ['makeDirectory', 'tmp', 'ENOSPC'],
  ['makeDirectory', 'new', 'EACCES'],
  ['makeDirectory', 'cur', 'EROFS'],
  ['syncDirectory', '', 'EIO'],
  ['create', 'tmp/', 'ENOSPC'],
  ['create', 'tmp/', 'EACCES'],
  ['create', 'tmp/', 'EMFILE'],
  ['write', 'tmp/', 'ENOSPC'],
  ['write', 'tmp/', 'EDQUOT'],
  ['sync', 'tmp/', 'EIO'],
  ['sync', 'tmp/', 'ENOSPC'],
  ['close', 'tmp/', 'EIO'],
  ['rename', 'new/', 'EACCES'],
  ['rename', 'new/', 'ENOSPC'],
  ['syncDirectory', 'new', 'EIO'],
]

/** Makes a step fail for whatever lies in that Maildir. */
function faultIn(user: string, [step, below, code]: Fault): RecordedFiles['fault'] {
  const place = below === '' ? `/${user}` : `/${user}/${below}`
  return (asked, path) => {
    const hit = below.endsWith('/') ? path.includes(place) : path.endsWith(place)
    return asked === step && hit ? code : undefined
  }
}

describe.each(faults)('%s %s fails with %s', (...fault) => {
  const [step, , code] = fault

  test('the client is told to try again, nothing is left, and the next message is delivered', async () => {
    const path = temporaryDirectory()
    const files = new RecordedFiles()
    files.fault = faultIn('ann', fault)
    const left: (readonly string[])[] = []
    const mended = when('mended', () => {
      left.push(filesBelow(path))
      files.fault = () => undefined
    })
    const scene = {
      plugins: [anybody, mended, [queueMaildir(files), `${path} %l`]],
    } satisfies Scene
    const [played] = await perform(scene, twoMessages(['ann@example.com']), byLine)
    expect(left).toEqual([[]])
    expect(readdirSync(join(path, 'ann/new'))).toHaveLength(1)
    expect(readdirSync(join(path, 'ann/tmp'))).toEqual([])
    const errors = played!.records.filter(({ level }) => level === 'error')
    expect(errors.map(({ text, plugin: name }) => [name, text.split(`'`)[0]])).toEqual([
      ['queue-maildir', `not stored: ${code}: made to fail, ${step} `],
    ])
  })

  test.each([
    ['first', 'ann'],
    ['second', 'bob'],
  ])('in the %s of two directories: nothing is left in either', async (_title, user) => {
    const path = temporaryDirectory()
    const files = new RecordedFiles()
    files.fault = faultIn(user, fault)
    const left: (readonly string[])[] = []
    const mended = when('mended', () => {
      left.push(filesBelow(path))
      files.fault = () => undefined
    })
    await dialogue(
      { plugins: [anybody, mended, [queueMaildir(files), `${path} %l`]] },
      twoMessages(['ann@example.com', 'bob@example.com']),
      byLine,
    )
    expect(left).toEqual([[]])
    expect(readdirSync(join(path, 'ann/new'))).toHaveLength(1)
    expect(readdirSync(join(path, 'bob/new'))).toHaveLength(1)
    expect(filesBelow(path)).toHaveLength(2)
  })
})

describe('one Maildir for all', () => {
  test('a fault while it is made stops the start', async () => {
    const path = temporaryDirectory()
    const files = new RecordedFiles()
    files.fault = (step) => (step === 'makeDirectory' ? 'EACCES' : undefined)
    const start = setStage({ plugins: [[queueMaildir(files), path]] })
    await expect(start).rejects.toThrow('plugins:1: queue-maildir: its setup failed: EACCES')
  })

  test('what is left in tmp where it can not be taken away does not come into new', async () => {
    const path = temporaryDirectory()
    const files = new RecordedFiles()
    files.fault = (step) => (step === 'sync' || step === 'remove' ? 'EIO' : undefined)
    await dialogue(
      { plugins: [anybody, [queueMaildir(files), path]] },
      hello + transaction(['ann@example.com'], notStored),
      byLine,
    )
    expect(readdirSync(join(path, 'new'))).toEqual([])
    expect(readdirSync(join(path, 'tmp'))).toHaveLength(1)
  })

  test.each(['', 'tmp', 'new', 'cur'])(
    'somebody takes "%s" away while it runs: it is there again for the message after the next',
    async (name) => {
      const path = join(temporaryDirectory(), 'mail')
      const files = new RecordedFiles()
      const removed = when('removing', () => rmSync(join(path, name), { recursive: true }))
      // Nothing is delivered into cur, so nobody misses it.
      const reply = name === 'cur' ? queued(2) : notStored
      await dialogue(
        { plugins: [anybody, removed, [queueMaildir(files), path]] },
        hello +
          transaction(['ann@example.com'], queued()) +
          transaction(['ann@example.com'], reply, { sender: 'removing@example.org' }) +
          transaction(['ann@example.com'], queued(3)),
        byLine,
      )
      const delivered = { '': 1, tmp: 2, new: 1, cur: 3 }[name]
      expect(readdirSync(join(path, 'new'))).toHaveLength(delivered!)
      expect(readdirSync(join(path, 'tmp'))).toEqual([])
    },
  )
})
