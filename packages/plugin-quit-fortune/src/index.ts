import { execFile } from 'node:child_process'
import { declined, messageOf, okText, type Plugin } from '@qpsmtpd/core'

/** Says goodbye with a fortune to a client that said HELO: whoever speaks EHLO is too sophisticated to enjoy it. */
const quitFortune: Plugin<string> = {
  name: 'quit-fortune',
  options: (words) => words.option('program') ?? '/usr/games/fortune',
  setup(program, { config, log }) {
    const me = config.use('me', ([name = 'localhost']) => name)
    return {
      async quit({ connection, signal }) {
        if (connection.hello?.verb === 'EHLO') return declined
        const lines = await fortune(program, signal).catch((error: unknown) => {
          // No fortune is no misfortune: the usual goodbye is said.
          log.debug(messageOf(error))
          return []
        })
        if (lines.length === 0) return declined
        return okText(
          [`${me.current} closing connection.`, ...lines.map((line) => `  / ${line}`)].join('\n'),
        )
      },
    }
  },
}

/** Milliseconds and octets that a fortune may take. */
const bounds = { timeout: 2_000, maxBuffer: 4_096 }

function fortune(program: string, signal: AbortSignal): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    execFile(program, ['-s'], { ...bounds, signal }, (error, output) => {
      if (error) reject(error)
      else resolve(output.split('\n').filter((line) => line.trim() !== ''))
    })
  })
}

export default quitFortune
