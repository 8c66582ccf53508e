import { accessSync, constants } from 'node:fs'
import { setStage } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'
import quitFortune from '../src/index.ts'

const isInstalled = (() => {
  try {
    accessSync('/usr/games/fortune', constants.X_OK)
    return true
  } catch {
    return false
  }
})()

test.skipIf(!isInstalled)(
  'G2: a goodbye with a real fortune (needs the Debian package fortune-mod)',
  async () => {
    const stage = await setStage({ plugins: [quitFortune] })
    stage.wire.send(Buffer.from('HELO client.example.org\r\nQUIT\r\n'))
    await stage.over
    const [, , first, ...fortune] = stage.wire.takeOutput().split('\r\n').slice(0, -1)
    expect(first).toBe('221-2.0.0 mx.example.com closing connection.')
    expect(fortune.length).toBeGreaterThan(0)
    for (const line of fortune) expect(line).toMatch(/^221[- ]2\.0\.0 {3}\/ [ -~]+$/)
  },
)
