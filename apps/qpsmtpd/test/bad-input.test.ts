import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { exactly, type Mistake, places, plugins, values } from './mistakes.ts'
import { type Ended, Program, type Setup, testTime } from './program.ts'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

/** Runs a command on a configuration. Nothing listens any more once this has resolved: the process is gone. */
const run = (command: string, setup: Setup): Promise<Ended> =>
  Program.run({
    ...setup,
    args: [command, '--config', 'config', '--log-level', 'error', ...(setup.args ?? [])],
  })

/** The one line on stderr of what has ended with 1. @throws Error where it ended otherwise. */
function complaint({ code, stdout, stderr }: Ended): string {
  const line = /^qpsmtpd: (.*)\n$/.exec(stderr)?.[1]
  if (code !== 1 || stdout !== '' || line === undefined)
    throw new Error(`it ended with ${code}:\n${stderr}${stdout}`)
  return line
}

describe.concurrent('a configuration that is wrong', testTime, () => {
  test.each([...values, ...plugins, ...places])(
    '$what: neither serve nor check goes on, and one line says what, where, and what to do',
    async (mistake) => {
      const listen = ['--listen', '127.0.0.1:0']
      const [served, checked] = await Promise.all([
        run('serve', { ...mistake, args: listen }),
        run('check', mistake),
      ])
      expect(complaint(served)).toMatch(mistake.says)
      expect(complaint(checked)).toMatch(mistake.says)
    },
  )
})

const forServe: readonly Mistake[] = [
  {
    what: 'no address behind --listen',
    args: ['--listen', 'localhost:25'],
    says: exactly(
      '--listen localhost:25: "localhost:25" is no address to listen on: 0, an IP address, or ADDRESS:PORT',
    ),
  },
  {
    what: 'an address that this machine does not have',
    args: ['--listen', '192.0.2.77:2525'],
    says: exactly(`can't listen on 192.0.2.77:2525: this machine has no such address`),
  },
]

describe.concurrent('serve', testTime, () => {
  test.each(forServe)('with $what ends with one line that names it', async (mistake) => {
    expect(complaint(await run('serve', mistake))).toMatch(mistake.says)
  })

  test('on a port that somebody has ends with what to do, and closes what it had opened', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    try {
      const args = ['--listen', '127.0.0.1:0', '--listen', `127.0.0.1:${port}`]
      expect(complaint(await run('serve', { args }))).toBe(
        `can't listen on 127.0.0.1:${port}: another program listens there; stop it, or name another port: --listen ADDRESS:PORT`,
      )
    } finally {
      holder.close()
    }
  })

  test('that cannot begin ends, even where a plugin has left a timer running', async () => {
    const files = {
      plugins: './mine.js\n',
      'mine.js': `export default { name: 'mine', options() {}, setup() { setInterval(() => 0, 1e6); return {} } }`,
      databytes: '0\n',
      spool_dir: 'config/plugins\n',
    }
    expect(complaint(await run('serve', { files }))).toMatch(
      /^spool_dir CONFIG\/plugins is no directory/,
    )
  })
})

describe.concurrent('the command line', testTime, () => {
  test.each([
    [['--frobnicate'], /unknown option '--frobnicate' /],
    [['check', '--listen', '127.0.0.1:0'], /unknown option '--listen' /],
    [['serve', '--config'], /option '--config <dir>' argument missing /],
  ])('%j is refused with the words that help is asked for with', async (args, says) => {
    const line = complaint(await Program.run({ args }))
    expect(line).toMatch(says)
    expect(line).toMatch(/ \(qpsmtpd --help lists commands and options\)$/)
  })

  test('a command that there is not is refused by its name', async () => {
    expect(complaint(await Program.run({ args: ['frobnicate'] }))).toBe(
      'there is no command frobnicate; see qpsmtpd --help',
    )
  })

  test('options that are for all commands may stand before or behind the command', async () => {
    for (const args of [
      ['--log-level', 'loud', 'check', '--config', 'config'],
      ['check', '--config', 'config', '--log-level', 'loud'],
    ])
      expect(complaint(await Program.run({ args }))).toMatch(/^--log-level must be /)
  })

  test.each([['serve'], ['check']])('%s --log-level loud is refused', async (command) => {
    const args = [command, '--config', 'config', '--log-level', 'loud']
    expect(complaint(await Program.run({ args }))).toBe(
      '--log-level must be 0 to 7 or a name such as info, not "loud"',
    )
  })

  test.each([['serve'], ['check'], ['plugins']])(
    '%s with a directory that is not there is refused',
    async (command) => {
      expect(complaint(await Program.run({ args: [command, '--config', 'gone'] }))).toBe(
        'BOX/gone is no directory; name the one with your control files: --config DIR',
      )
    },
  )

  test('--help tells what there is', async () => {
    const { code, stdout, stderr } = await Program.run({ args: ['--help'] })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const word of ['serve', 'check', 'plugins', '--version']) expect(stdout).toContain(word)
  })

  test('serve --help tells its options', async () => {
    const { code, stdout } = await Program.run({ args: ['serve', '--help'] })
    expect(code).toBe(0)
    for (const word of ['--config', '--listen', '--log-level']) expect(stdout).toContain(word)
  })

  test('--version prints the version of the package, and nothing else', async () => {
    const { code, stdout, stderr } = await Program.run({ args: ['--version'] })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`${manifest.version}\n`)
  })

  test('plugins lists each line with its package and place', async () => {
    const files = { plugins: '# two\nrcpt_ok\nqueue/maildir ./mail\n' }
    const { code, stdout } = await Program.run({ files, args: ['plugins', '--config', 'config'] })
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^rcpt_ok\t@qpsmtpd\/plugin-check-relay \S+\tCONFIG\/plugins:2$/),
      expect.stringMatching(
        /^queue\/maildir \.\/mail\t@qpsmtpd\/plugin-queue-maildir \S+\tCONFIG\/plugins:3$/,
      ),
    ])
  })

  test('check of what is well prints values with their places, plugins, hooks, and where it would listen', async () => {
    const files = { IP: '[::1]:2525\n', plugins: 'check_relay\nqueue/discard\n' }
    const { code, stdout, stderr } = await run('check', { files, env: { QPSMTPD_ME: 'a.test' } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' '))
    for (const line of [
      'configuration CONFIG',
      'me a.test (environment QPSMTPD_ME)',
      'rcpthosts example.com (CONFIG/rcpthosts)',
      'databytes (default)',
      'rcpt: check-relay',
      'queue: queue-discard',
      'listens on ::1, port 2525',
    ])
      expect(lines).toContain(line)
  })
})
