import { symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { ConfigValues } from '@qpsmtpd/core'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigDirectory, type Environment } from '../src/config-directory.ts'
import { type Files, Sandbox } from './sandbox.ts'

const boxes = new Set<Sandbox>()

afterEach(() => {
  for (const box of boxes) box[Symbol.dispose]()
  boxes.clear()
})

/** A sandbox whose `qmail/control` is qmail's. */
function boxWith(files: Files, qmail: Files = {}): Sandbox {
  const box = new Sandbox(files)
  boxes.add(box)
  for (const [name, text] of Object.entries(qmail))
    box.write(`../qmail/control/${name}`, text ?? '')
  return box
}

const readerOf = (box: Sandbox, environment: Environment = {}): ConfigDirectory =>
  new ConfigDirectory(box.config, { QMAIL: join(box.path, 'qmail'), ...environment })

/** Lines, and where each stands, CONFIG and BOX standing for the directories. */
function shown(box: Sandbox, values: ConfigValues | undefined): readonly string[] | undefined {
  return values?.lines.map((line, index) => `${box.anonymous(values.where(index))} ${line}`)
}

/** A value that both directories have. */
const both = (): Sandbox =>
  boxWith({ rcpthosts: 'a.test\nb.test\n' }, { rcpthosts: 'qmail.test\n' })

describe('the order of places', () => {
  test('C1: the environment answers before any file, one value a line', () => {
    const box = both()
    const values = readerOf(box, { QPSMTPD_RCPTHOSTS: 'x.test\n# no\n\ny.test' }).lookup(
      'rcpthosts',
    )
    expect(shown(box, values)).toEqual(['QPSMTPD_RCPTHOSTS:1 x.test', 'QPSMTPD_RCPTHOSTS:4 y.test'])
    expect(values?.source).toBe('environment QPSMTPD_RCPTHOSTS')
  })

  test('C1: an empty variable is a value without lines', () => {
    const values = readerOf(both(), { QPSMTPD_RCPTHOSTS: '' }).lookup('rcpthosts')
    expect(values?.lines).toEqual([])
  })

  test('C1: a dash in a name is an underline in its variable', () => {
    const values = readerOf(boxWith({}), { QPSMTPD_LOG_LEVEL: '3' }).lookup('log-level')
    expect(values?.lines).toEqual(['3'])
  })

  test('C1: the directory answers before that of qmail, with the whole value', () => {
    const box = both()
    const values = readerOf(box).lookup('rcpthosts')
    expect(shown(box, values)).toEqual(['CONFIG/rcpthosts:1 a.test', 'CONFIG/rcpthosts:2 b.test'])
    expect(values?.source).toBe(join(box.config, 'rcpthosts'))
  })

  test('C1: a file without values hides those of qmail', () => {
    const box = boxWith({ rcpthosts: '# none\n' }, { rcpthosts: 'qmail.test\n' })
    expect(readerOf(box).lookup('rcpthosts')?.lines).toEqual([])
  })

  test('C1: $QMAIL/control answers where nobody else does', () => {
    const box = boxWith({}, { rcpthosts: 'qmail.test\n' })
    expect(shown(box, readerOf(box).lookup('rcpthosts'))).toEqual([
      'BOX/qmail/control/rcpthosts:1 qmail.test',
    ])
  })

  test('C2: me is the name of this machine where nobody says it, and nothing else has a value', () => {
    const directory = readerOf(boxWith({}))
    expect(directory.lookup('me')).toMatchObject({ lines: [hostname()], source: 'host name' })
    expect(directory.lookup('rcpthosts')).toBeUndefined()
  })

  test('QPSMTPD_CONFIG names the directory, and is no value of it', () => {
    const box = boxWith({ me: 'a.test' })
    const directory = new ConfigDirectory(undefined, { QPSMTPD_CONFIG: box.config })
    expect(directory.path).toBe(box.config)
    expect(directory.lookup('me')?.lines).toEqual(['a.test'])
    expect(directory.lookup('config')).toBeUndefined()
  })

  test('a directory on the command line wins over QPSMTPD_CONFIG', () => {
    const directory = new ConfigDirectory(boxWith({ me: 'a.test' }).config, {
      QPSMTPD_CONFIG: boxWith({ me: 'b.test' }).config,
    })
    expect(directory.lookup('me')?.lines).toEqual(['a.test'])
  })

  test('a directory that was named must be there; the usual one need not', () => {
    const missing = join(boxWith({}).path, 'missing')
    expect(() => new ConfigDirectory(missing, {})).toThrow(`${missing} is no directory`)
    expect(() => new ConfigDirectory(undefined, { QPSMTPD_CONFIG: missing })).toThrow(missing)
    expect(() => new ConfigDirectory(undefined, {})).not.toThrow()
  })
})

describe('the lines of a file', () => {
  test('C3: empty lines, blank lines and comments are dropped, blanks around a value too', () => {
    const box = boxWith({ IP: '\n  \t\n# no\n  # nor this\n  a b \r\n\tc # part of it\n0\n' })
    expect(shown(box, readerOf(box).lookup('IP'))).toEqual([
      'CONFIG/IP:5 a b',
      'CONFIG/IP:6 c # part of it',
      'CONFIG/IP:7 0',
    ])
  })

  test('C4: all lines that are left are the value, the last one without a line end too', () => {
    expect(readerOf(boxWith({ IP: 'a\nb' })).lookup('IP')?.lines).toEqual(['a', 'b'])
  })

  test('beyond its lines a value stands at its source', () => {
    const box = boxWith({ me: '' })
    expect(readerOf(box).lookup('me')?.where(0)).toBe(join(box.config, 'me'))
  })

  test('C5: a file is read once', () => {
    const box = boxWith({ me: 'a.test' })
    const directory = readerOf(box)
    directory.lookup('me')
    box.write('me', 'b.test')
    expect(directory.lookup('me')?.lines).toEqual(['a.test'])
  })

  test('C7: what is there and cannot be read is an error that names it, not a missing file', () => {
    const box = boxWith({ 'IP/file': '' }, { IP: '0' })
    expect(() => readerOf(box).lookup('IP')).toThrow(`${box.config}/IP can't be read: EISDIR`)
  })

  test.each(['missing', 'me'])('C7: a link that leads to "%s" cannot be read', (target) => {
    const box = boxWith({}, { me: 'a.test' })
    symlinkSync(target, join(box.config, 'me'))
    expect(() => readerOf(box).lookup('me')).toThrow(`${box.config}/me can't be read`)
  })
})

describe('$include', () => {
  test('C8: lines of another file stand in its place and keep their own', () => {
    const box = boxWith({ IP: 'a\n$include more\nz\n', more: '# two\nb\nc\n' })
    expect(shown(box, readerOf(box).lookup('IP'))).toEqual([
      'CONFIG/IP:1 a',
      'CONFIG/more:2 b',
      'CONFIG/more:3 c',
      'CONFIG/IP:3 z',
    ])
  })

  test('C8: a relative name is looked for in the directories, an absolute one is taken as it is', () => {
    const box = boxWith({}, { more: 'b' })
    box.write('../elsewhere', 'c')
    box.write('IP', `$include more\n$include ${box.path}/elsewhere\n`)
    expect(readerOf(box).lookup('IP')?.lines).toEqual(['b', 'c'])
  })

  test('C8: of a directory all files are read in the order of their names, hidden ones not', () => {
    const box = boxWith({ IP: '$include d', 'd/20': 'c', 'd/10': 'b', 'd/.30': 'no' })
    expect(readerOf(box).lookup('IP')?.lines).toEqual(['b', 'c'])
  })

  test('C8: one file may be included twice', () => {
    const box = boxWith({ IP: '$include d\n$include d', d: 'a' })
    expect(readerOf(box).lookup('IP')?.lines).toEqual(['a', 'a'])
  })

  test('C8: a circle is an error that shows it and names the line that closes it', () => {
    const box = boxWith({ IP: '$include a', a: 'x\n$include IP' })
    const { config } = box
    expect(() => readerOf(box).lookup('IP')).toThrow(
      `${config}/a:2: $include makes a circle: ${config}/IP → ${config}/a → ${config}/IP`,
    )
  })

  test('C8: a file that is missing is an error that names the line', () => {
    const box = boxWith({ IP: 'a\n$include nowhere' })
    expect(() => readerOf(box).lookup('IP')).toThrow(
      `${box.config}/IP:2: $include nowhere: there is no such file`,
    )
  })
})

test.each([
  'plugins',
  'me',
  'IP',
  'rhsbl_zones',
  'dnsbl_zones',
  'require_resolvable_fromhost',
  'spool_dir',
  'databytes',
  'timeout',
  'badmailfrom',
  'badrcptto',
  'badhelo',
  'rcpthosts',
  'morercpthosts',
])('C9: a file of 0.26, %s, is read under its name', (name) => {
  const values = readerOf(boxWith({ [name]: 'one\ntwo\n' }, {}), {}).lookup(name)
  expect(values?.lines).toEqual(['one', 'two'])
})
