import { appendFileSync, cpSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { Program, testTime } from './program.ts'

const recipient = 'RCPT TO:<bob@example.net>'

/** A client that has begun a transaction. */
async function inMail(program: Program): Promise<LineClient> {
  const client = await LineClient.greeted(program.port)
  await client.say('EHLO client.example.org')
  await client.say('MAIL FROM:<ann@example.org>')
  return client
}

/** A plugin that refuses every sender. */
const refusing = (text: string): string =>
  `import { deny } from '@qpsmtpd/core'
   export default { name: 'mine', options() {}, setup: () => ({ mail: () => deny('${text}') }) }`

describe.concurrent('a change of the configuration', testTime, () => {
  test('is seen by new sessions; one that has begun keeps what it began with', async () => {
    await using program = await Program.listening()
    using old = await inMail(program)
    appendFileSync(join(program.box.config, 'rcpthosts'), 'example.net\n')
    await program.line(/the configuration was read again/)
    expect(await old.say(recipient)).toMatch(/^550 /)
    using fresh = await inMail(program)
    expect(await fresh.say(recipient)).toMatch(/^250 /)
    expect(await old.say(recipient)).toMatch(/^550 /)
  })

  test('that a running server can not follow is said to wait, and refused where it is wrong', async () => {
    await using program = await Program.listening({ files: { IP: '127.0.0.1\n' } })
    program.box.write('IP', '127.0.0.2\n')
    await program.line(/IP has changed: that takes effect at the next start/)
    program.box.write('size_threshold', '1\n')
    await program.line(/size_threshold has changed/)
    program.box.write('spool_dir', '~/tmp\n')
    expect(await program.line(/the new configuration is refused/)).toContain('spool_dir:1: ~')
  })

  test('names what has changed; a file that nobody reads is no change', async () => {
    await using program = await Program.listening()
    program.box.write('rcpthosts~', 'example.org\n')
    program.box.write('databytes', '1000\n')
    const line = await program.line(/the configuration was read again/)
    expect(line).toMatch(/; changed: databytes$/)
  })

  test('is seen, too, where another directory has taken the place of the one that was read', async () => {
    await using program = await Program.listening()
    const { config } = program.box
    renameSync(config, `${config}.old`)
    cpSync(`${config}.old`, config, { recursive: true })
    appendFileSync(join(config, 'rcpthosts'), 'example.net\n')
    await program.line(/changed: rcpthosts/)
    appendFileSync(join(config, 'rcpthosts'), 'example.org\n')
    expect(await program.line(/changed: rcpthosts/)).toMatch(/was read again; changed: rcpthosts$/)
  })

  test('is read at HUP, though no file has changed', async () => {
    await using program = await Program.listening()
    program.kill('SIGHUP')
    await program.line(/the configuration was read again/)
    using client = await LineClient.greeted(program.port)
    expect(await client.mail()).toMatch(/^250 /)
  })

  test.each([
    ['a value', 'databytes', 'lots', '5000', /databytes:1: databytes must be a whole number/],
    ['a host', 'rcpthosts', '@', 'example.com', /rcpthosts:1: "@" is no host name/],
    ['a plugin', 'plugins', 'nonesuch', 'check_relay', /plugins:1: plugin nonesuch is not/],
  ])(
    'that is wrong (%s) is refused with its reason, and the old one stays until it is mended',
    async (_what, name, wrong, right, reason) => {
      await using program = await Program.listening()
      program.box.write(name, wrong)
      const line = await program.line(
        /the new configuration is refused, the old one stays in force/,
      )
      expect(line).toMatch(reason)
      using client = await LineClient.greeted(program.port)
      expect(await client.mail()).toMatch(/^250 /)
      program.box.write(name, right)
      await program.line(/the configuration was read again/)
      using other = await LineClient.greeted(program.port)
      expect(await other.say('NOOP')).toMatch(/^250 /)
    },
  )

  test('changes plugins too, and a local file that was edited is loaded anew', async () => {
    await using program = await Program.listening({
      files: { plugins: './mine.ts\n', 'mine.ts': refusing('one') },
    })
    using old = await LineClient.greeted(program.port)
    await old.say('HELO client.example.org')
    expect(await old.say('MAIL FROM:<>')).toBe('550 5.7.1 one')
    program.box.write('mine.ts', refusing('two'))
    await program.line(/the configuration was read again/)
    using fresh = await LineClient.greeted(program.port)
    await fresh.say('HELO client.example.org')
    expect(await fresh.say('MAIL FROM:<>')).toBe('550 5.7.1 two')
    expect(await old.say('MAIL FROM:<>')).toBe('550 5.7.1 one')
  })

  test('lets the plugins of the old one stop once its last session has ended', async () => {
    await using program = await Program.listening({
      files: {
        plugins: './mine.js\n',
        'mine.js': `export default { name: 'mine', options() {}, setup: (_, { log }) =>
          ({ start: () => log.notice('starts'), stop: () => log.notice('stops') }) }`,
      },
    })
    using client = await LineClient.greeted(program.port)
    program.kill('SIGHUP')
    await program.line(/mine: starts/)
    await program.line(/the configuration was read again/)
    expect(program.log).not.toContain('stops')
    await client.say('QUIT')
    await program.line(/mine: stops/)
  })
})

describe.concurrent('a plugin beside the configuration', testTime, () => {
  test.each(['ts', 'js'])('may be a .%s file, and has the very core that runs', async (kind) => {
    const type = kind === 'ts' ? ': Plugin' : ''
    await using program = await Program.listening({
      files: {
        plugins: `./mine.${kind}\nqueue/maildir ./mail\n`,
        [`mine.${kind}`]: `import { Notes, ok${kind === 'ts' ? ', type Plugin' : ''} } from '@qpsmtpd/core'
          import { FakeClock } from '@qpsmtpd/core/testing'
          const mine${type} = {
            name: 'mine',
            options: (words) => words.end(),
            setup: () => ({
              rcpt({ connection, log }) {
                log.notice(\`one core: \${connection.notes instanceof Notes} \${typeof FakeClock}\`)
                return ok
              },
            }),
          }
          export default mine`,
      },
    })
    using client = await LineClient.greeted(program.port)
    expect(await client.mail({ to: ['anybody@example.net'] })).toMatch(/^250 /)
    expect(await program.line(/one core/)).toMatch(/ \S+-1(\.1)? mine: one core: true function$/)
  })

  test('may be a package, which is found before one of ours', async () => {
    const name = '@qpsmtpd/plugin-check-relay'
    await using program = await Program.listening({
      files: {
        plugins: 'check_relay\n',
        [`node_modules/${name}/package.json`]: JSON.stringify({
          name,
          version: '9.9.9',
          type: 'module',
          exports: './index.js',
          peerDependencies: { '@qpsmtpd/core': '*' },
        }),
        [`node_modules/${name}/index.js`]: `import { deny, Notes } from '@qpsmtpd/core'
          export default { name: 'theirs', options() {}, setup: () =>
            ({ mail: ({ connection }) => deny(\`\${connection.notes instanceof Notes}\`) }) }`,
      },
    })
    using client = await LineClient.greeted(program.port)
    await client.say('HELO client.example.org')
    expect(await client.say('MAIL FROM:<>')).toBe('550 5.7.1 true')
  })
})
