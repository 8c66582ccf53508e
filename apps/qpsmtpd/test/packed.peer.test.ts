import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { findPeer, runPeer } from './peers.ts'
import { Program, type Setup, testTime } from './program.ts'

const npm = findPeer('npm', 'npm')
const npx = findPeer('npx', 'npm')

/** Milliseconds for building, packing and installing. */
const installTime = 120_000

const root = fileURLToPath(new URL('../../../', import.meta.url))
const env = {
  // The packages run on the Node that runs the tests.
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
}

/** Where the packages are installed. */
let home = ''

/** Packs every package as it would be published, and installs all of them in a directory outside of the workspace. */
async function install(): Promise<void> {
  home = mkdtempSync(join(tmpdir(), 'qpsmtpd-packed-'))
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly packageManager: string
  }
  const manifests = globSync('packages/*/package.json', { cwd: root })
  const directories = ['apps/qpsmtpd', ...manifests.map((path) => dirname(path))]
  const options = { cwd: root, env, time: installTime }
  await runPeer(join(root, 'node_modules/.bin/tsc'), ['-b', ...directories], options)
  await Promise.all(
    directories.map((directory) =>
      runPeer(npx.path, ['-y', packageManager, 'pack', '--pack-destination', home], {
        ...options,
        cwd: join(root, directory),
      }),
    ),
  )
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const tarballs = globSync('*.tgz', { cwd: home }).map((name) => `./${name}`)
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']
  await runPeer(npm.path, ['install', ...flags, ...tarballs], { ...options, cwd: home })
}

/** The program as it was installed. */
const packed = (setup: Setup): Setup => ({
  ...setup,
  env,
  command: [join(home, 'node_modules/.bin/qpsmtpd')],
})

/** Handlers that log whether they have the same core as the server. */
const says = (who: string): string => `({
  rcpt({ connection, log }) {
    log.notice('${who} has the core that runs: ' + (connection.notes instanceof Notes))
    return declined
  },
})`

describe.skipIf(npm.path === undefined || npx.path === undefined)(
  `installed from its packages${npm.notice}`,
  testTime,
  () => {
    beforeAll(install, installTime)
    afterAll(() => rmSync(home, { recursive: true, force: true }))

    test('it takes mail, and every plugin has the one core that runs, whatever lies beside it', async () => {
      const theirs = 'node_modules/qpsmtpd-plugin-theirs'
      const manifest = { version: '1.0.0', type: 'module', exports: './index.js' }
      await using program = await Program.listening(
        packed({
          files: {
            plugins: './mine.ts\ntheirs\ncheck_relay\nquit_fortune\nqueue/maildir ./mail\n',
            'mine.ts': `import { declined, Notes, type Plugin } from '@qpsmtpd/core'
              const plugin: Plugin = { name: 'mine', options: (words) => words.end(), setup: () => ${says('mine')} }
              export default plugin`,
            [`${theirs}/package.json`]: JSON.stringify({
              name: 'qpsmtpd-plugin-theirs',
              ...manifest,
            }),
            [`${theirs}/index.js`]: `import { declined, Notes } from '@qpsmtpd/core'
              export default { name: 'theirs', options: (words) => words.end(), setup: () => ${says('theirs')} }`,
            [`${theirs}/node_modules/@qpsmtpd/core/package.json`]: JSON.stringify({
              name: '@qpsmtpd/core',
              ...manifest,
            }),
            [`${theirs}/node_modules/@qpsmtpd/core/index.js`]: `export const declined = 'declined'
              export class Notes {}`,
          },
        }),
      )
      using client = await LineClient.greeted(program.port)
      expect(await client.mail()).toMatch(/^250 /)
      expect(program.box.mails).toEqual([expect.stringMatching(/Subject: hello\n\nIt works\.\n$/)])
      await program.line(/mine: mine has the core that runs: true$/)
      await program.line(/theirs: theirs has the core that runs: true$/)
      program.kill('SIGTERM')
      expect(await program.end()).toMatchObject({ code: 0 })
    })

    test('it runs what was built, not sources', async () => {
      const { code, stdout } = await Program.run(
        packed({ args: ['plugins', '--config', 'config'] }),
      )
      expect(code).toBe(0)
      expect(stdout).toMatch(/^check_relay\t@qpsmtpd\/plugin-check-relay \S+\t/)
      const manifest = readFileSync(join(home, 'node_modules/qpsmtpd/package.json'), 'utf8')
      expect(JSON.parse(manifest)).toMatchObject({
        bin: { qpsmtpd: expect.stringMatching(/^(\.\/)?dist\/main\.js$/) as string },
        dependencies: { '@qpsmtpd/core': expect.not.stringContaining('workspace') as string },
      })
    })

    test('a plugin that is not installed stops the start with the command that installs it', async () => {
      const { code, stderr } = await Program.run(
        packed({ files: { plugins: 'nonesuch\n' }, args: ['--config', 'config'] }),
      )
      expect(code).toBe(1)
      expect(stderr).toContain('npm install --prefix CONFIG qpsmtpd-plugin-nonesuch')
    })
  },
)
