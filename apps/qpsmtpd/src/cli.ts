import { Command, CommanderError } from 'commander'
import { ConfigError, messageOf } from '@qpsmtpd/core'
import { oneLine } from './log-lines.ts'
import type { CommonOptions, ServeOptions } from './options.ts'
import { version } from './version.ts'

/** Runs the program. Resolves with its exit code: 0, or 1 where something was wrong, which then stands on stderr. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0
  const program = makeProgram((result) => {
    code = result
  })
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    // A mistake in the configuration needs its message, a fault of ours its stack.
    const text =
      error instanceof ConfigError
        ? oneLine(error.message)
        : error instanceof Error
          ? error.stack
          : messageOf(error)
    process.stderr.write(`qpsmtpd: ${text}\n`)
    return 1
  }
}

function makeProgram(exit: (code: number) => void): Command {
  const program = new Command('qpsmtpd')
    .description(
      'The easily extensible SMTP daemon: the core speaks SMTP, plugins decide everything.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${text.trim().replace(/^error:/, 'qpsmtpd:')} (qpsmtpd --help lists commands and options)\n`,
        ),
    })
  withCommon(program.command('serve', { isDefault: true }))
    .description('serve until TERM or INT comes (the default)')
    .option(
      '--listen <address:port>',
      'listen here instead of where IP says; may be repeated',
      collect,
    )
    .option('--record <dir>', 'record every session into a file there; mail is in it as it came')
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve.ts')
      exit(await serve(options))
    })
  withCommon(program.command('check'))
    .description('read the whole configuration, set up every plugin, and say what was found')
    .action(async (options: CommonOptions) => {
      const { check } = await import('./check.ts')
      exit(await check(options))
    })
  withConfig(program.command('plugins'))
    .description('list the plugins that config/plugins names, and where each comes from')
    .action(async (options: CommonOptions) => {
      const { listPlugins } = await import('./list-plugins.ts')
      exit(await listPlugins(options))
    })
  program
    .command('replay')
    .argument('<file>', 'a recording of serve --record')
    .description('play a recorded session again, and say whether all comes out the same')
    .exitOverride()
    .action(async (file: string) => {
      const { replayFile } = await import('./replay-file.ts')
      exit(await replayFile(file))
    })
  return program
}

const withConfig = (command: Command): Command =>
  command
    .option('--config <dir>', 'the configuration directory (default: $QPSMTPD_CONFIG, or config)')
    .exitOverride()

const withCommon = (command: Command): Command =>
  withConfig(command).option(
    '--log-level <level>',
    '0 to 7, or a name such as info; wins over loglevel',
  )

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
]
