import { ok } from '@qpsmtpd/core'
import { plugin, setStage, type Stage } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'
import { type Files, systemFiles } from '../src/files.ts'
import { queueMaildir } from '../src/index.ts'
import { filesBelow, temporaryDirectory } from './directories.ts'

const session = [
  'HELO client.example.org',
  'MAIL FROM:<>',
  'RCPT TO:<ann@example.com>',
  'DATA',
  'Subject: hello',
  '.',
  '',
].join('\r\n')

test('a client that goes before its message is delivered finds nothing delivered when it comes again', async () => {
  const path = temporaryDirectory()
  let stage: Stage | undefined
  const files: Files = {
    ...systemFiles,
    async create(name, mode) {
      const file = await systemFiles.create(name, mode)
      return { ...file, sync: () => file.sync().then(() => stage?.wire.breakOff()) }
    },
  }
  const anybody = plugin('anybody', { rcpt: () => ok })
  stage = await setStage({ plugins: [anybody, [queueMaildir(files), path]] })
  stage.wire.send(Buffer.from(session))
  await stage.over
  expect(filesBelow(path)).toEqual([])
})
