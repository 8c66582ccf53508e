import { readFileSync } from 'node:fs'
import { ok } from '@qpsmtpd/core'
import { dialogue, plugin, type Scene, setStage, transcripts } from '@qpsmtpd/core/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import checkRelay from '../src/index.ts'
import { asks, denied, inTransaction, taken } from './asks.ts'

afterEach(() => vi.unstubAllEnvs())

const rcpthosts = [
  'example.com',
  '.example.net',
  'Capitals.Example',
  'münchen.example',
  '.ü.example',
]
const scene: Scene = { config: { rcpthosts }, plugins: [checkRelay] }

describe('whose mail is taken', () => {
  test.each([
    ['R3: a host in rcpthosts', 'ann@example.com'],
    ['R3: whatever its case', 'Ann@EXAMPLE.com'],
    ['R3: whatever the case of the line', 'ann@capitals.example'],
    ['R3: me', 'ann@mx.example.com'],
    ['R4: a host under a suffix', 'ann@a.example.net'],
    ['R4: two labels under a suffix', 'ann@b.a.Example.NET'],
    ['R2: postmaster without a host', 'postmaster'],
    ['R2: postmaster in any case', 'PostMaster'],
    ['R2: abuse without a host', 'abuse'],
    ['R2: abuse in any case', 'ABUSE'],
    ['R2: postmaster in quotes', '"postmaster"'],
    ['a host of A-labels, where the line has U-labels', 'ann@xn--mnchen-3ya.example'],
    ['a host under a suffix of U-labels', 'ann@a.xn--tda.example'],
    ['percent hack: a local part of our host, and no more', 'ann%evil.example@example.com'],
    ['bang path: a local part of our host, and no more', 'evil.example!ann@example.com'],
    ['quoted @: a local part of our host, and no more', '"ann@evil.example"@example.com'],
    ['source route: it is forgotten', '@evil.example:ann@example.com', 'ann@example.com'],
  ])('%s', async (_title, path, shown = path) => {
    await dialogue(scene, asks([path, taken(shown)]))
  })

  test.each([
    ['R6: another host', 'ann@evil.example'],
    ['R2: a bare user', 'ann'],
    ['R2: a bare user whose name begins like postmaster', 'postmasters'],
    ['R4: the suffix itself', 'ann@example.net'],
    ['R4: a host that ends like a suffix, but without its dot', 'ann@evilexample.net'],
    ['R3: a host that ends like ours', 'ann@evilexample.com'],
    ['R3: a host under ours', 'ann@a.example.com'],
    ['R3: a host above ours', 'ann@com'],
    ['percent hack at another host', 'ann%example.com@evil.example'],
    ['percent hack without a host', 'ann%evil.example'],
    ['bang path without a host', 'evil.example!ann'],
    ['quoted @ without a host', '"ann@example.com"'],
    ['quoted @ at another host', '"ann@example.com"@evil.example'],
    ['source route through our host', '@example.com:ann@evil.example'],
    ['an address literal that nobody has listed', 'ann@[192.0.2.1]'],
    ['an IPv6 literal that nobody has listed', 'ann@[IPv6:2001:db8::1]'],
  ])('not: %s', async (_title, path) => {
    await dialogue(scene, asks([path, denied]))
  })

  test.each([
    ['a trailing dot', 'ann@example.com.'],
    ['two @', 'ann@evil.example@example.com'],
    ['a host that begins with a dot', 'ann@.example.net'],
    ['a blank behind the host', 'ann@example.com x'],
  ])('no address at all: %s', async (_title, path) => {
    await dialogue(scene, asks([path, 'S: 501 5.1.3 could not parse recipient']))
  })

  test('a host of U-labels, from a client that speaks SMTPUTF8', async () => {
    await dialogue(
      scene,
      `${inTransaction('EHLO', 'MAIL FROM:<> SMTPUTF8')}
      C: RCPT TO:<ann@München.example>
      ${taken('ann@München.example')}
      C: RCPT TO:<ann@a.ü.example>
      ${taken('ann@a.ü.example')}
      C: RCPT TO:<ann@ü.example>
      ${denied}`,
    )
  })

  test('R7: without rcpthosts, me and nothing else', async () => {
    await dialogue(
      { plugins: [checkRelay] },
      asks(
        ['ann@mx.example.com', taken('ann@mx.example.com')],
        ['ann@example.com', denied],
        ['postmaster', taken('postmaster')],
      ),
    )
  })

  test('Q14, Q15: every line of me counts, capitals or not', async () => {
    await dialogue(
      { config: { me: ['mx.example.com', 'MX2.Example.COM'] }, plugins: [checkRelay] },
      asks(
        ['Postmaster', taken('Postmaster')],
        ['ann@mx.example.com', taken('ann@mx.example.com')],
        ['ann@mx2.example.com', taken('ann@mx2.example.com')],
      ),
    )
  })

  test('an address literal that is listed', async () => {
    await dialogue(
      { config: { rcpthosts: ['[192.0.2.1]'] }, plugins: [checkRelay] },
      asks(['ann@[192.0.2.1]', taken('ann@[192.0.2.1]')], ['ann@[192.0.2.2]', denied]),
    )
  })

  test('R8: plugins behind it are not asked', async () => {
    const asked: string[] = []
    const behind = plugin('behind', {
      rcpt(_context, { text }) {
        asked.push(text)
        return ok
      },
    })
    await dialogue(
      { ...scene, plugins: [checkRelay, behind] },
      asks(['ann@example.com', taken('ann@example.com')], ['ann@evil.example', denied]),
    )
    expect(asked).toEqual([])
  })
})

describe('what stops the start', () => {
  test.each([
    ['two words', 'example.com example.net'],
    ['a dot alone', '.'],
    ['two dots', '..example.com'],
    ['an address', 'ann@example.com'],
    ['a star', '*.example.com'],
    ['a trailing dot', 'example.com.'],
    ['a suffix of a literal', '.[192.0.2.1]'],
  ])('in rcpthosts: %s', async (_title, line) => {
    const start = setStage({
      config: { rcpthosts: ['example.com', line] },
      plugins: [checkRelay],
    })
    await expect(start).rejects.toThrow(`rcpthosts:2: "${line}" is no host name`)
  })

  test('in me: what is no host name, with the line it stands on', async () => {
    const start = setStage({
      config: { me: ['mx.example.com', 'mx example'], rcpthosts: ['example.com'] },
      plugins: [checkRelay],
    })
    await expect(start).rejects.toThrow('me:2: "mx example" is no host name')
  })

  test('a word on its line', async () => {
    const start = setStage({ plugins: [[checkRelay, 'rcpthosts']] })
    await expect(start).rejects.toThrow('plugins:1: check-relay: "rcpthosts" is not an option')
  })
})

test('reject 0: nobody is refused for good, and still nobody relays', async () => {
  await dialogue(
    { ...scene, plugins: [[checkRelay, 'reject 0']] },
    asks(
      ['ann@example.com', taken('ann@example.com')],
      ['ann@evil.example', 'S: 450 4.7.1 No plugin decided if relaying is allowed'],
    ),
  )
})

test("R1: the process's own RELAYCLIENT is no relay client's", async () => {
  vi.stubEnv('RELAYCLIENT', '')
  await dialogue(scene, asks(['ann@evil.example', denied]))
})

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README has an example', () => expect(transcripts(readme)).toHaveLength(1))

for (const transcript of transcripts(readme))
  test('the README tells the truth', async () => {
    await dialogue(
      { config: { rcpthosts: ['example.com', '.example.net'] }, plugins: [checkRelay] },
      transcript,
    )
  })
