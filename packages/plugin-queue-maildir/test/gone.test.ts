import { ok } from '@qpsmtpd/core'
import { plugin, setStage } from '@qpsmtpd/core/testing'
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
  let leave = (): void => undefined
  const files: Files = {
    ...systemFiles,
    async create(name, mode) {
      const file = await systemFiles.create(name, mode)
      return { ...file, sync: () => file.sync().then(() => leave()) }
    },
  }
  const anybody = plugin('anybody', { rcpt: () => ok })
  const stage = await setStage({ plugins: [anybody, [queueMaildir(files), path]] })
  leave = () => stage.wire.breakOff()
  stage.wire.send(Buffer.from(session))
  await stage.over
  expect(filesBelow(path)).toEqual([])
})
