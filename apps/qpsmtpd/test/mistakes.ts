import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Setup } from './program.ts'

/** What is wrong, and what the one line on stderr says to it; BOX and CONFIG stand for directories. */
export interface Mistake extends Setup {
  readonly what: string
  readonly says: RegExp
}

/** A text and nothing else. */
export const exactly = (text: string): RegExp => new RegExp(`^${RegExp.escape(text)}$`)

const plugin = (setup: string): string =>
  `export default { name: 'mine', options: (words) => words.end(), setup() { ${setup} } }\n`

/** A package that is installed beside the configuration. */
const packaged = (name: string, manifest: object, entry: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    version: '1.2.3',
    type: 'module',
    exports: './index.js',
    ...manifest,
  }),
  [`node_modules/${name}/index.js`]: entry,
})

const numbers = [
  ['databytes', 0],
  ['max_errors', 0],
  ['max_recipients', 1],
  ['max_connections', 1],
  ['max_connections_per_address', 1],
  ['plugin_timeout', 1],
  ['size_threshold', 0],
] as const

/** Values of the configuration. */
export const values: readonly Mistake[] = [
  ...numbers.map(([name, least]) => ({
    what: `no number in ${name}`,
    files: { [name]: '# comment\n10 MB\n' },
    says: exactly(
      `CONFIG/${name}:2: ${name} must be a whole number of at least ${least}, not "10 MB"`,
    ),
  })),
  {
    what: 'a number that is too small',
    files: { max_recipients: '0\n' },
    says: exactly(
      'CONFIG/max_recipients:1: max_recipients must be a whole number of at least 1, not "0"',
    ),
  },
  {
    what: 'a bad value in the environment',
    env: { QPSMTPD_DATABYTES: '-1' },
    says: exactly('QPSMTPD_DATABYTES:1: databytes must be a whole number of at least 0, not "-1"'),
  },
  ...['timeout', 'timeoutsmtpd'].map((name) => ({
    what: `no number in ${name}`,
    files: { [name]: '20m\n' },
    says: exactly(`CONFIG/${name}:1: the time-out must be a number of seconds, not "20m"`),
  })),
  {
    what: 'no host name in me',
    files: { me: 'mail host\n' },
    says: exactly('CONFIG/me:1: "mail host" is no host name to greet with'),
  },
  {
    what: 'nothing in me',
    files: { me: '# me\n' },
    says: exactly('me: no host name; write one into the file "me"'),
  },
  {
    what: 'a bad loglevel',
    files: { loglevel: 'loud\n' },
    says: exactly('CONFIG/loglevel:1: loglevel must be 0 to 7 or a name such as info, not "loud"'),
  },
  {
    what: 'a bad bare_newline',
    files: { bare_newline: 'fix\n' },
    says: exactly('CONFIG/bare_newline:1: bare_newline must be reject or normalize, not "fix"'),
  },
  {
    what: 'a name server that is no address',
    files: { resolvers: '127.0.0.1:53\nns.example.com\n' },
    says: exactly(
      'CONFIG/resolvers:2: "ns.example.com" is no name server: ADDRESS or ADDRESS:PORT',
    ),
  },
  {
    what: 'a bad line in rcpthosts',
    files: { rcpthosts: 'example.com\nbob@example.com\n' },
    says: /^CONFIG\/plugins:1: check-relay: .*CONFIG\/rcpthosts:2: "bob@example.com" is no host name$/,
  },
  {
    what: 'a directory in place of rcpthosts',
    files: { rcpthosts: undefined, 'rcpthosts/a': '' },
    says: /CONFIG\/rcpthosts can't be read: EISDIR/,
  },
  {
    what: 'a link to nowhere in place of rcpthosts',
    files: { rcpthosts: undefined },
    prepare: ({ config }) => symlinkSync('gone', join(config, 'rcpthosts')),
    says: /CONFIG\/rcpthosts can't be read: ENOENT/,
  },
]

/** Lines of `plugins`, and what they name. */
export const plugins: readonly Mistake[] = [
  ...[undefined, '', '# check_relay\n'].map((list) => ({
    what: `a list of plugins that is ${list === undefined ? 'missing' : list === '' ? 'empty' : 'all comment'}`,
    files: { plugins: list },
    says: /^CONFIG\/plugins: no plugin is named, so no mail could be taken; one plugin a line/,
  })),
  {
    what: 'a plugin that is not installed',
    files: { plugins: 'check_relay\n\nnonesuch/one\n' },
    says: exactly(
      'CONFIG/plugins:3: plugin nonesuch/one is not installed (neither @qpsmtpd/plugin-nonesuch-one ' +
        'nor qpsmtpd-plugin-nonesuch-one was found), and is not among the plugins of this version. ' +
        'Where somebody you trust publishes it, install it with: ' +
        'npm install --prefix CONFIG qpsmtpd-plugin-nonesuch-one   or put a # before the line',
    ),
  },
  ...['dnsbl:foo', 'node:fs', 'http://example.com/x', '/tmp/x.ts', '@acme'].map((word) => ({
    what: `what is no name of a plugin: ${word}`,
    files: { plugins: `${word}\n` },
    says: exactly(
      `CONFIG/plugins:1: "${word}" is no name of a plugin: NAME, @SCOPE/NAME, or ./FILE.ts beside the configuration`,
    ),
  })),
  {
    what: 'a package that is not installed',
    files: { plugins: '@acme/nonesuch\n' },
    says: exactly(
      'CONFIG/plugins:1: plugin @acme/nonesuch is not installed. Install it with: ' +
        'npm install --prefix CONFIG @acme/nonesuch   or put a # before the line',
    ),
  },
  {
    what: 'a file that is missing',
    files: { plugins: './mine.ts\n' },
    says: exactly('CONFIG/plugins:1: there is no file CONFIG/mine.ts'),
  },
  {
    what: 'an option that the plugin does not know',
    files: { plugins: 'check_relay strict\n' },
    says: exactly('CONFIG/plugins:1: check-relay: "strict" is not an option'),
  },
  {
    what: 'an option without its value',
    files: { plugins: 'check_relay timeout\n' },
    says: exactly('CONFIG/plugins:1: check-relay: timeout needs a value behind it'),
  },
  {
    what: 'a plugin whose setup throws, in several lines',
    files: { plugins: './mine.js\n', 'mine.js': plugin(`throw new TypeError('no\\nroom')`) },
    says: exactly('CONFIG/plugins:1: mine: its setup failed: no\\x0aroom'),
  },
  {
    what: 'a plugin whose setup returns nothing',
    files: { plugins: './mine.js\n', 'mine.js': plugin('') },
    says: exactly('CONFIG/plugins:1: mine: its setup returned no handlers'),
  },
  {
    what: 'a plugin with a hook that does not exist',
    files: { plugins: './mine.js\n', 'mine.js': plugin('return { recipient() {} }') },
    says: exactly('CONFIG/plugins:1: mine: there is no hook "recipient"'),
  },
  {
    what: 'a plugin without a default export',
    files: { plugins: './mine.js\n', 'mine.js': 'export const plugin = 1\n' },
    says: exactly(
      'CONFIG/plugins:1: CONFIG/mine.js has no plugin as its default export { name, options, setup }: it is no object { name, setup }',
    ),
  },
  {
    what: 'a syntax error in a .ts file',
    files: { plugins: './mine.ts\n', 'mine.ts': 'const a = 1\nthis is none\n' },
    says: /^CONFIG\/plugins:1: CONFIG\/mine\.ts:2 can't be loaded: /,
  },
  {
    // Node does not tell the line.
    what: 'a syntax error in a .js file',
    files: { plugins: './mine.js\n', 'mine.js': 'const a = 1\nthis is none\n' },
    says: /^CONFIG\/plugins:1: CONFIG\/mine\.js can't be loaded: Unexpected identifier/,
  },
  {
    what: 'an error while a file is loaded',
    files: { plugins: './mine.ts\n', 'mine.ts': '\n\nnowhere.to.be.found()\n' },
    says: exactly(`CONFIG/plugins:1: CONFIG/mine.ts:3 can't be loaded: nowhere is not defined`),
  },
  {
    what: 'a file that imports what is missing',
    files: { plugins: './mine.ts\n', 'mine.ts': `import './gone.ts'\n` },
    says: /^CONFIG\/plugins:1: CONFIG\/mine\.ts can't be loaded: Cannot find module 'CONFIG\/gone\.ts'/,
  },
  {
    what: 'a .ts file under node_modules',
    files: { plugins: './node_modules/mine.ts\n', 'node_modules/mine.ts': plugin('return {}') },
    says: exactly(
      'CONFIG/plugins:1: CONFIG/node_modules/mine.ts: Node reads no TypeScript under node_modules; ' +
        'use .js',
    ),
  },
  {
    what: 'a package for another core',
    files: {
      plugins: 'mine\n',
      ...packaged(
        'qpsmtpd-plugin-mine',
        { peerDependencies: { '@qpsmtpd/core': '^99.0.0' } },
        plugin('return {}'),
      ),
    },
    says: /^CONFIG\/plugins:1: qpsmtpd-plugin-mine 1\.2\.3 is for @qpsmtpd\/core \^99\.0\.0, but \S+ runs; install a version of the plugin that goes with it$/,
  },
]

/** Directories and the environment. */
export const places: readonly Mistake[] = [
  {
    what: 'a spool_dir that others may read',
    files: { spool_dir: 'spool\n' },
    prepare: ({ path }) => {
      mkdirSync(join(path, 'spool'))
      chmodSync(join(path, 'spool'), 0o755)
    },
    says: exactly(
      'Permissions on the spool_dir are not 0700: BOX/spool has 0755; mend it with: chmod 0700 BOX/spool',
    ),
  },
  {
    what: 'a file in place of spool_dir',
    files: { spool_dir: 'spool\n' },
    prepare: ({ path }) => writeFileSync(join(path, 'spool'), ''),
    says: exactly('spool_dir BOX/spool is no directory'),
  },
  {
    what: 'a spool_dir where nothing can be made',
    files: { spool_dir: '/proc/nonesuch\n' },
    says: /^spool_dir \/proc\/nonesuch: ENOENT/,
  },
  {
    what: 'a Maildir where nothing can be made',
    files: { plugins: 'queue/maildir /proc/nonesuch/mail\n' },
    says: /^CONFIG\/plugins:1: queue-maildir: its setup failed: ENOENT/,
  },
  {
    what: 'a spool_dir that only a shell would understand',
    files: { spool_dir: '~/tmp\n' },
    says: exactly('CONFIG/spool_dir:1: ~ stands for nothing here; write the whole path'),
  },
  ...['', '@example.net'].map((value) => ({
    what: `RELAYCLIENT=${value} in the environment`,
    env: { RELAYCLIENT: value },
    says: /^RELAYCLIENT is set in the environment: .* Unset it\.$/,
  })),
]
