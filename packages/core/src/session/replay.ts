import type { Effect } from './effect.ts'
import type { RecordedStep } from './recorded-session.ts'
import { readRecordingLine, RecordedBody, recordingLine } from './recording-line.ts'
import { Session } from './session.ts'
import type { Peer, Settings } from './settings.ts'

/** What came of playing a recording again. */
export interface Replayed {
  /** Lines that were read. */
  readonly steps: number
  /** The first effect that is another one than was recorded; undefined where all are the same. */
  readonly difference: Difference | undefined
}

/** An effect that came out otherwise. */
export interface Difference {
  /** Of the recording, beginning with 1. */
  readonly line: number
  /** As the recording has it. */
  readonly recorded: string
  /** What came out now. */
  readonly now: string
}

/**
 * Plays a recording against the engine as it is now. @throws SyntaxError for what is no recording; the message says which line.
 */
export function replay(lines: readonly string[]): Replayed {
  const [first = '', ...rest] = lines
  const begin = readStep(first, 1)
  if (!('begin' in begin))
    throw new SyntaxError('line 1: a recording begins with settings and peer')
  const player = new Player(begin.begin.settings, begin.begin.peer)
  for (const [index, line] of rest.entries()) {
    const step = readStep(line, index + 2)
    if (!('out' in step)) player.putIn(step)
    else {
      const now = recordingLine({ out: player.next() })
      // Read and written once more: so it does not matter how the recording spells it.
      const recorded = recordingLine(step)
      if (now !== recorded)
        return { steps: index + 2, difference: { line: index + 2, recorded, now } }
    }
  }
  return { steps: lines.length, difference: undefined }
}

/** A session, and the body that grows with what comes out of it. */
class Player {
  readonly #session: Session
  #body = new RecordedBody(0)

  constructor(settings: Settings, peer: Peer) {
    this.#session = new Session(settings, peer)
  }

  next(): Effect | null {
    const effect = this.#session.next() ?? null
    if (effect?.do === 'body') this.#body.size += effect.octets.length
    return effect
  }

  putIn(step: Exclude<RecordedStep, { readonly out: unknown }>): void {
    const session = this.#session
    if ('begin' in step) throw new SyntaxError('a recording holds one session')
    switch (step.in) {
      case 'octets':
        return session.receive(step.octets)
      case 'answer':
        return session.answer(step.answered)
      case 'opened':
        this.#body = new RecordedBody(0)
        return session.opened(
          step.opened === null ? undefined : { body: this.#body, at: step.opened.at },
        )
      case 'bodyRefused':
        return session.bodyRefused(step.verdict)
      case 'eof':
      case 'reset':
      case 'timedOut':
      case 'drain':
      case 'spoolFailed':
        return session[step.in]()
    }
  }
}

function readStep(line: string, number: number): RecordedStep {
  try {
    const step = readRecordingLine(line)
    if (
      typeof step === 'object' &&
      step !== null &&
      ('begin' in step || 'in' in step || 'out' in step)
    )
      // A marked border: what a recording holds was written by this program.
      return step as RecordedStep
  } catch (error) {
    throw new SyntaxError(
      `line ${number}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  throw new SyntaxError(`line ${number}: no step of a recording`)
}
