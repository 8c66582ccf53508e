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
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    for (const one of errors) process.stderr.write(`qpsmtpd: ${textOf(one)}\n`)
    return 1
  }
}

/** A mistake in the configuration needs its message, a fault of ours its stack. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError) return oneLine(error.message)
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}

function makeProgram(exit: (code: number) => void): Command {
  const program = new Command('qpsmtpd')
    .description(
      'The easily extensible SMTP daemon: the core speaks SMTP, plugins decide everything.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--config <dir>', 'the configuration directory (default: $QPSMTPD_CONFIG, or config)')
    .option('--log-level <level>', '0 to 7, or a name such as info; wins over loglevel')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${text.trim().replace(/^error:/, 'qpsmtpd:')} (qpsmtpd --help lists commands and options)\n`,
        ),
    })
  const common = (): CommonOptions => program.opts<CommonOptions>()
  addServe(program, common, exit)
  program
    .command('check')
    .description('read the whole configuration, set up every plugin, and say what was found')
    .action(async () => {
      const { check } = await import('./check.ts')
      exit(await check(common()))
    })
  program
    .command('plugins')
    .description('list the plugins that config/plugins names, and where each comes from')
    .action(async () => {
      const { listPlugins } = await import('./list-plugins.ts')
      exit(await listPlugins(common()))
    })
  program
    .command('replay')
    .argument('<file>', 'a recording of serve --record')
    .description('play a recorded session again, and say whether all comes out the same')
    .action(async (file: string) => {
      const { replayFile } = await import('./replay-file.ts')
      exit(await replayFile(file))
    })
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program)
  return program
}

function addServe(
  program: Command,
  common: () => CommonOptions,
  exit: (code: number) => void,
): void {
  program
    .command('serve', { isDefault: true })
    .description('serve until TERM or INT comes (the default)')
    .argument('[command]')
    .option(
      '--listen <address:port>',
      'listen here instead of where IP says; may be repeated',
      collect,
    )
    .option('--record <dir>', 'record every session into a file there; mail is in it as it came')
    .action(async (word: string | undefined, options: ServeOptions) => {
      // Whatever is no command comes to the default one.
      if (word !== undefined)
        throw new ConfigError(`there is no command ${word}; see qpsmtpd --help`)
      const { serve } = await import('./serve.ts')
      exit(await serve({ ...common(), ...options }))
    })
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
]
