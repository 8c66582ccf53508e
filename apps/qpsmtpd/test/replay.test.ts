import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { Program, testTime } from './program.ts'
import { Sandbox } from './sandbox.ts'

describe.concurrent('serve --record', testTime, () => {
  test('writes each session into a file of its own, which replay plays to the same end', async () => {
    await using program = await Program.listening({ args: ['--record', 'sessions'] })
    using client = await LineClient.greeted(program.port)
    await client.mail({ content: 'Subject: hello\r\n\r\nGrüße\r\n' })
    await client.say('QUIT')
    await client.closed()
    const directory = join(program.box.path, 'sessions')
    const files = readdirSync(directory)
    expect(files).toEqual([expect.stringMatching(/-1\.jsonl$/)])
    const path = join(directory, files[0]!)
    expect([statSync(directory).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600])
    const { code, stdout } = await Program.run({ args: ['replay', path] })
    expect(stdout).toMatch(/: \d+ steps, and all came out as recorded$/m)
    expect(code).toBe(0)
    writeFileSync(path, readFileSync(path, 'utf8').replace('go ahead', 'go away'))
    const other = await Program.run({ args: ['replay', path] })
    expect(other.stdout).toMatch(/\.jsonl:\d+: came out otherwise$/m)
    expect(other.code).toBe(1)
  })
})

describe.concurrent('replay', testTime, () => {
  test('of what is no recording says which line is none', async () => {
    using box = new Sandbox()
    box.write('some.txt', 'hello\n')
    const path = join(box.config, 'some.txt')
    const { code, stderr } = await Program.run({ args: ['replay', path] })
    expect(stderr).toContain(`qpsmtpd: ${path} can't be played: line 1: `)
    expect(code).toBe(1)
  })
})
