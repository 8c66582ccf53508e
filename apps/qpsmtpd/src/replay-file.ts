import { readFileSync } from 'node:fs'
import { ConfigError, messageOf, replay } from '@qpsmtpd/core'

/** Plays a recording of `serve --record` again. Resolves with 0 where all comes out as it was recorded, else with 1. @throws ConfigError for what is no recording. */
export async function replayFile(path: string): Promise<number> {
  const { steps, difference } = read(path)
  if (difference === undefined) {
    process.stdout.write(`${path}: ${steps} steps, and all came out as recorded\n`)
    return 0
  }
  const { line, recorded, now } = difference
  process.stdout.write(
    `${path}:${line}: came out otherwise\n  recorded ${recorded}\n  now      ${now}\n`,
  )
  return 1
}

function read(path: string): ReturnType<typeof replay> {
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    return replay(lines.at(-1) === '' ? lines.slice(0, -1) : lines)
  } catch (error) {
    throw new ConfigError(`${path} can't be played: ${messageOf(error)}`, { cause: error })
  }
}
