import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { LogRecord } from '@qpsmtpd/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LogLines, plainLine, prettyLine } from '../src/log-lines.ts'
import { patience, testTime } from './program.ts'
import { Sandbox } from './sandbox.ts'

const record = (parts: Partial<LogRecord> = {}): LogRecord => ({
  level: 'info',
  text: 'hello',
  at: Date.UTC(2026, 0, 1, 12),
  session: undefined,
  plugin: undefined,
  ...parts,
})

const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code))
  .filter((octet) => /[\0-\x1f\x7f-\x9f]/.test(octet))
  .join('')

describe('a plain line', () => {
  test('says process and text', () => {
    expect(plainLine(record())).toBe(`${process.pid} hello`)
  })

  test('bears the session and the plugin that speaks', () => {
    expect(plainLine(record({ session: 'k3-1', plugin: 'dnsbl' }))).toBe(
      `${process.pid} k3-1 dnsbl: hello`,
    )
  })

  test.each([
    ['emergency', 'EMERGENCY: hello'],
    ['alert', 'ALERT: hello'],
    ['critical', 'CRITICAL: hello'],
    ['error', 'ERROR: hello'],
    ['warning', 'WARNING: hello'],
    ['notice', 'hello'],
    ['info', 'hello'],
    ['debug', 'hello'],
  ] as const)('of level %s says %s', (level, expected) => {
    expect(plainLine(record({ level }))).toBe(`${process.pid} ${expected}`)
  })
})

describe('a line for a person', () => {
  test('says time, session, plugin and text', () => {
    const line = stripVTControlCharacters(prettyLine(record({ session: 'k3-1', plugin: 'dnsbl' })))
    expect(line).toMatch(/^\d\d:\d\d:\d\d k3-1 dnsbl hello$/)
  })

  test('without a session is time and text', () => {
    expect(stripVTControlCharacters(prettyLine(record()))).toMatch(/^\d\d:\d\d:\d\d hello$/)
  })
})

describe.each([
  ['plain', plainLine],
  ['pretty', (line: LogRecord) => stripVTControlCharacters(prettyLine(line))],
])('a %s line', (_name, format) => {
  test('shows every control octet, C1 ones too, and ends nowhere in its text', () => {
    const line = format(record({ text: `a${controls}b`, level: 'error' }))
    expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f]/)
    expect(line).toContain('a\\x00\\x01')
    expect(line).toContain('\\x0a')
    expect(line).toContain('\\x1b')
    expect(line).toContain('\\x9fb')
  })

  test('leaves other letters as they are', () => {
    expect(format(record({ text: 'Grüße, 日本' }))).toContain('Grüße, 日本')
  })
})

/** A file to write to. */
function logFile(box: Sandbox) {
  const path = join(box.path, 'log')
  const descriptor = openSync(path, 'w')
  return {
    descriptor,
    read: () => readFileSync(path, 'utf8'),
    close: () => closeSync(descriptor),
  }
}

describe('a log', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('has one line for each record, in their order, those of a short while together', () => {
    using box = new Sandbox()
    const file = logFile(box)
    vi.useFakeTimers()
    const log = new LogLines(file.descriptor, ({ text }) => text)
    log.sink(record({ text: 'one' }))
    log.sink(record({ text: 'two' }))
    expect(file.read()).toBe('')
    vi.advanceTimersByTime(100)
    expect(file.read()).toBe('one\ntwo\n')
    file.close()
  })

  test('has an error at once, and all that came before it', () => {
    using box = new Sandbox()
    const file = logFile(box)
    const log = new LogLines(file.descriptor, ({ text }) => text)
    log.sink(record({ text: 'one' }))
    log.sink(record({ text: 'two', level: 'error' }))
    expect(file.read()).toBe('one\ntwo\n')
    file.close()
  })

  test('has everything once flush has returned', () => {
    using box = new Sandbox()
    const file = logFile(box)
    const log = new LogLines(file.descriptor, ({ text }) => text)
    log.sink(record({ text: 'Grüße' }))
    log.flush()
    expect(file.read()).toBe('Grüße\n')
    file.close()
  })

  test('writes at once what has grown large', () => {
    using box = new Sandbox()
    const file = logFile(box)
    const log = new LogLines(file.descriptor, ({ text }) => text)
    log.sink(record({ text: 'x'.repeat(70_000) }))
    expect(file.read()).toHaveLength(70_001)
    file.close()
  })

  test(
    'that nobody reads any more is given up, and nothing is thrown',
    async () => {
      using box = new Sandbox()
      const script = join(box.path, 'log.ts')
      writeFileSync(
        script,
        `import { LogLines } from '${new URL('../src/log-lines.ts', import.meta.url).href}'
      process.stdin.once('data', () => {
        const log = new LogLines(2, ({ text }) => text)
        log.sink({ level: 'info', text: 'x'.repeat(200_000), at: 0 })
        process.stdout.write('alive')
        process.stdin.destroy()
      })`,
      )
      const child = spawn(process.execPath, [script])
      child.stderr.destroy()
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      child.stdin.end('go')
      expect(await once(child, 'close', { signal: AbortSignal.timeout(patience) })).toEqual([
        0,
        null,
      ])
      expect(said).toBe('alive')
    },
    testTime.timeout,
  )
})
