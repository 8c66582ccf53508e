import { readFileSync } from 'node:fs'
import {
  dialogue,
  perform,
  FakeWire,
  type Scene,
  setStage,
  transcripts,
} from '@qpsmtpd/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import quitFortune from '../src/index.ts'
import noSpam from './no-spam.ts'
import { Programs } from './programs.ts'

const programs = new Programs()
afterAll(() => programs.remove())

const fortune = programs.write('fortune', 'echo "You will be surprised"; echo "by a loud noise."')
const sceneWith = (program: string): Scene => ({ plugins: [[quitFortune, `program ${program}`]] })

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const helo = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const ehlo = `${greeted}
  C: EHLO client.example.org
  S: 250-mx.example.com Hi client.example.org [192.0.2.99]
  S: 250-PIPELINING
  S: 250-8BITMIME
  S: 250-SMTPUTF8
  S: 250 ENHANCEDSTATUSCODES`
const usual = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const surprised = `
  S: 221-2.0.0 mx.example.com closing connection.
  S: 221-2.0.0   / You will be surprised
  S: 221 2.0.0   / by a loud noise.`

describe('who gets a fortune', () => {
  test('G1, G3: who said HELO, each line behind "  / "', async () => {
    await dialogue(sceneWith(fortune), `${helo}\nC: QUIT\n${surprised}`)
  })

  test('G1: who said nothing at all', async () => {
    await dialogue(sceneWith(fortune), `${greeted}\nC: QUIT\n${surprised}`)
  })

  test('G1: not who said EHLO', async () => {
    await dialogue(sceneWith(fortune), `${ehlo}\nC: QUIT\n${usual}`)
  })

  test('G1: the last hello counts', async () => {
    const again = helo.replace(greeted, '')
    await dialogue(sceneWith(fortune), `${ehlo}\n${again}\nC: QUIT\n${surprised}`)
  })

  test('G3: the name before it is the one in me', async () => {
    const renamed = `${greeted}\nC: QUIT\n${surprised}`.replaceAll(
      'mx.example.com',
      'Mail.Example.NET',
    )
    await dialogue({ ...sceneWith(fortune), config: { me: ['Mail.Example.NET'] } }, renamed)
  })
})

describe('G2, G4: no fortune is no misfortune, the usual goodbye is said', () => {
  test.each([
    ['the program is missing', '/nowhere/fortune'],
    ['the program may not be run', programs.write('plain', 'echo no', 0o644)],
    ['the program is a directory', programs.directory],
    ['the program fails', programs.write('fails', 'echo half; exit 3')],
    ['the program is killed', programs.write('killed', 'echo half; kill -9 $$')],
    ['the program prints nothing', programs.write('silent', 'exit 0')],
    ['the program prints blank lines', programs.write('blank', String.raw`printf ' \n\n\t\n'`)],
    ['the program prints without an end', programs.write('endless', 'yes')],
    ['the program prints too much', programs.write('much', 'yes | head -c 5000')],
  ])('%s', async (_title, program) => {
    await dialogue(sceneWith(program), `${helo}\nC: QUIT\n${usual}`)
  })

  test('why there was none stands in the log, for whoever looks for it', async () => {
    const [played] = await perform(sceneWith('/nowhere/fortune'), `${helo}\nC: QUIT\n${usual}`)
    const lines = played!.records.filter(({ plugin }) => plugin === 'quit-fortune')
    expect(lines.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'debug spawn /nowhere/fortune ENOENT',
    ])
  })

  test('a program that hangs is waited for no longer than 2 seconds', async () => {
    const hangs = programs.write('hangs', "trap '' TERM; exec sleep 60")
    await dialogue(
      sceneWith(hangs),
      `${helo}
      C: QUIT
      X: wait 1.9
      # Nothing yet: the goodbye would stand here.
      X: wait 0.2
      ${usual}`,
    )
  })
})

describe('what a program prints can do no harm', () => {
  test.each([
    ['control octets', String.raw`printf 'a\033[2Jb\0c\007d\177e\n'`, ['a?[2Jb?c?d?e']],
    ['CRLF', String.raw`printf 'a\r\n250 ok\r\n'`, ['a', '250 ok']],
    ['a CR alone', String.raw`printf 'a\r250 ok\n'`, ['a?250 ok']],
    ['letters beyond ASCII', "printf 'gr\u00fc\u00df \u{1f600}\n'", ['gr?? ?']],
    ['octets that are no UTF-8', String.raw`printf 'a\377b\n'`, ['a?b']],
    ['tabs, as before the author', String.raw`printf '\t-- Ann\n'`, ['    -- Ann']],
    ['no line end', 'printf abc', ['abc']],
    ['empty lines between', String.raw`printf 'a\n\n\nb\n'`, ['a', 'b']],
  ])('%s', async (_title, script, lines) => {
    const program = programs.write('rubbish', script)
    const last = lines.length - 1
    const said = lines.map((line, i) => `S: 221${i === last ? ' ' : '-'}2.0.0   / ${line}`)
    await dialogue(
      sceneWith(program),
      [greeted, 'C: QUIT', 'S: 221-2.0.0 mx.example.com closing connection.', ...said].join('\n'),
    )
  })

  test('a line that is too long for a reply is cut', async () => {
    const program = programs.write('long', "head -c 2000 /dev/zero | tr '\\0' x")
    const stage = await setStage(sceneWith(program))
    stage.wire.send(Buffer.from('QUIT\r\n'))
    await stage.over
    const lines = stage.wire.takeOutput().split('\r\n').slice(0, -1)
    expect(lines).toHaveLength(3)
    expect(lines[2]).toMatch(/^221 2\.0\.0 {3}\/ x+\.\.\.$/)
    expect(Math.max(...lines.map(({ length }) => length + 2))).toBeLessThanOrEqual(512)
  })
})

test('no more than eight programs run at once; who leaves meanwhile is not kept waiting', async () => {
  const hangs = programs.write('hangs', 'exec sleep 60')
  const stage = await setStage(sceneWith(hangs))
  const wires = [stage.wire, ...Array.from({ length: 8 }, () => new FakeWire())]
  const sessions = [stage.over, ...wires.slice(1).map((wire) => stage.server.accept(wire))]
  for (const wire of wires) wire.send(Buffer.from('QUIT\r\n'))
  await sessions[8]
  expect(wires.map(({ isClosed }) => isClosed)).toEqual([...Array(8).fill(false), true])
  await stage.clock.advance(2_000)
  await Promise.all(sessions)
  expect(wires[0]!.takeOutput()).toContain('closing connection. Have a wonderful day.')
})

describe('its line', () => {
  test('a word that it does not know stops the start', async () => {
    const start = setStage({ plugins: [[quitFortune, 'porgram /bin/fortune']] })
    await expect(start).rejects.toThrow('plugins:1: quit-fortune: "porgram" is not an option')
  })

  test('program without a value stops the start', async () => {
    const start = setStage({ plugins: [[quitFortune, 'program']] })
    await expect(start).rejects.toThrow('program needs a value behind it')
  })
})

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README has an example', () => expect(transcripts(readme)).toHaveLength(1))

for (const transcript of transcripts(readme))
  test('the README tells the truth', async () => {
    await dialogue(sceneWith(fortune), transcript)
  })

test('the plugin that the README begins with works', async () => {
  const [, block] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
  expect(block).toBe(readFileSync(new URL('no-spam.ts', import.meta.url), 'utf8'))
  await dialogue(
    { plugins: [[noSpam, 'evil.example']] },
    `${helo}
    C: MAIL FROM:<ann@evil.example>
    S: 550 5.7.1 not you
    C: MAIL FROM:<ann@example.org>
    S: 250 2.1.0 <ann@example.org>, sender OK - how exciting to get mail from you!`,
  )
})
