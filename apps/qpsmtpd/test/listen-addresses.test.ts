import { fakeWorld } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import { type Addresses, listenAddresses } from '../src/listen-addresses.ts'

const usualPort = 2525

/** Where a file IP of these lines leads. */
const fromFile = (...lines: readonly string[]): Addresses =>
  listenAddresses(undefined, fakeWorld({ config: { IP: lines } }).config, usualPort)

const good = [
  ['0', undefined, usualPort],
  ['0:25', undefined, 25],
  ['127.0.0.1', '127.0.0.1', usualPort],
  ['192.0.2.1:25', '192.0.2.1', 25],
  ['192.0.2.1:0', '192.0.2.1', 0],
  ['192.0.2.1:65535', '192.0.2.1', 65_535],
  ['::1', '::1', usualPort],
  ['::', '::', usualPort],
  ['2001:db8::25', '2001:db8::25', usualPort],
  ['[::1]', '::1', usualPort],
  ['[2001:db8::1]:25', '2001:db8::1', 25],
  ['[::ffff:192.0.2.1]:25', '::ffff:192.0.2.1', 25],
] as const

const bad = [
  'localhost',
  'mx.example.com:25',
  ':25',
  '25',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.1.5',
  '01.02.03.04',
  '0x7f.0.0.1',
  '192.0.2.1:',
  '192.0.2.1:65536',
  '192.0.2.1:smtp',
  '192.0.2.1:-1',
  '192.0.2.1/24',
  '[::1',
  '[::1]25',
  '2001:db8::1::2',
  '2001:db8:1:2:3:4:5:6:7',
  'fe80::1%eth0',
  '*',
]

describe('the file IP', () => {
  test.each(good)('%s is an address', (text, host, port) => {
    expect(fromFile(text)).toEqual({ addresses: [{ host, port }], warning: undefined })
  })

  test.each(bad)('%s is none, and the error says file and line', (text) => {
    expect(() => fromFile('127.0.0.1', text)).toThrow(
      `IP:2: "${text}" is no address to listen on: 0, an IP address, or ADDRESS:PORT`,
    )
  })

  test('each line is one address', () => {
    expect(fromFile('127.0.0.1:25', '[::1]:25').addresses).toEqual([
      { host: '127.0.0.1', port: 25 },
      { host: '::1', port: 25 },
    ])
  })

  test('a word behind an address that nobody knows is an error', () => {
    expect(() => fromFile('127.0.0.1', '192.0.2.1:465 tlss')).toThrow(
      'IP:2: "tlss" is not known behind an address',
    )
  })

  test('without a line only this machine can connect, and a warning says so', () => {
    const expected = {
      addresses: [{ host: '127.0.0.1', port: usualPort }],
      warning: expect.stringContaining('IP') as string,
    }
    expect(fromFile()).toEqual(expected)
    expect(listenAddresses(undefined, fakeWorld().config, usualPort)).toEqual(expected)
  })
})

describe('--listen', () => {
  const { config } = fakeWorld({ config: { IP: ['nonsense'] } })

  test.each(good)('%s is an address, whatever the file IP says', (text, host, port) => {
    expect(listenAddresses([text], config, usualPort)).toEqual({
      addresses: [{ host, port }],
      warning: undefined,
    })
  })

  test.each([...bad, ''])('"%s" is none, and the error names the option', (text) => {
    expect(() => listenAddresses([text], config, usualPort)).toThrow(
      `--listen ${text}: "${text}" is no address to listen on`,
    )
  })
})
