import { deepStrictEqual } from 'node:assert'
import type { LogRecord } from '../log/logger.ts'
import { replay } from '../session/replay.ts'
import { turn } from './fake-clock.ts'
import { type Scene, setStage, type Stage } from './stage.ts'
import { parseTranscript, type Step } from './transcript.ts'

/** How the client's octets are cut. */
export type Play = 'by line' | 'by octet' | 'at once'

const plays: readonly Play[] = ['by line', 'by octet', 'at once']

/** Milliseconds that a server may take, in real time, until it waits for the client again. */
const patience = 10_000

/** What came of one play. */
export interface Played {
  readonly play: Play
  readonly records: readonly LogRecord[]
  readonly stage: Stage
}

/**
 * Plays a transcript against a server in a fake world: line by line, octet by octet, and all at once; each time the
 * server must say just what the transcript says. A scene that is a function is set anew for each play.
 * @throws AssertionError that shows the difference.
 */
export async function dialogue(
  scene: Scene | (() => Scene),
  transcript: string,
  options: { readonly plays?: readonly Play[] } = {},
): Promise<void> {
  await perform(scene, transcript, options)
}

/** The same, for a test that wants to look at what was logged. @throws AssertionError that shows the difference. */
export async function perform(
  scene: Scene | (() => Scene),
  transcript: string,
  options: { readonly plays?: readonly Play[] } = {},
): Promise<readonly Played[]> {
  const here = new Error('called')
  const steps = parseTranscript(transcript)
  const played: Played[] = []
  for (const play of options.plays ?? plays) {
    const stage = await setStage(typeof scene === 'function' ? scene() : scene)
    await new Player(stage, play).perform(steps).catch((error: unknown) => {
      throw explained(error, stage, here)
    })
    played.push({ play, records: stage.records, stage })
  }
  return played
}

/** An error with what the log has to say, and with the place that the dialogue was called from. */
function explained(error: unknown, { records }: Stage, here: Error): unknown {
  if (!(error instanceof Error)) return error
  const complaints = records
    .filter(({ level }) => level === 'error' || level === 'warning')
    .map(({ plugin, text }) => `\nlogged: ${plugin === undefined ? '' : `${plugin}: `}${text}`)
  error.message += complaints.join('')
  const place = here.stack?.split('\n').slice(1).join('\n') ?? ''
  error.stack = `${error.name}: ${error.message}\n${place}`
  return error
}

class Player {
  readonly #stage: Stage
  readonly #play: Play
  readonly #expected: string[] = []
  readonly #said: string[] = []
  #unsent = ''

  constructor(stage: Stage, play: Play) {
    this.#stage = stage
    this.#play = play
  }

  async perform(steps: readonly Step[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      await this.#step(step)
      // Line by line, what is said must have been said before the client goes on.
      if (this.#play === 'by line' && steps[index + 1]?.kind !== 'expect') await this.#compare()
    }
    await this.#send()
    await this.#compare()
    this.#stage.wire.sendEnd()
    await this.#settle()
    // What went into the session must bring out the same once more, without plugins and without a server.
    deepStrictEqual(replay(this.#stage.recording).difference, undefined, 'the replay differs')
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send':
        this.#unsent += `${step.line}\r\n`
        if (this.#play === 'by line') await this.#send()
        return
      case 'expect':
        this.#expected.push(step.line)
        return
      case 'wait':
        await this.#send()
        await this.#stage.clock.advance(step.seconds * 1_000)
        return
      case 'event':
        await this.#send()
        return this.#event(step.event)
    }
  }

  #event(event: 'end' | 'reset' | 'drain'): void {
    const { wire, server } = this.#stage
    if (event === 'end') wire.sendEnd()
    else if (event === 'reset') wire.breakOff()
    else void server.drain()
  }

  async #send(): Promise<void> {
    const octets = Buffer.from(this.#unsent)
    this.#unsent = ''
    if (this.#play === 'by octet') {
      for (let at = 0; at < octets.length; at++) {
        this.#stage.wire.send(octets.subarray(at, at + 1))
        await this.#settle()
      }
    } else if (octets.length > 0) this.#stage.wire.send(octets)
    await this.#settle()
  }

  async #compare(): Promise<void> {
    await this.#settle()
    deepStrictEqual(
      this.#said,
      this.#expected,
      `played ${this.#play}, the server says something else`,
    )
  }

  /** Until the server waits for the client; or has said all that is expected, for it may wait for a time that stands still. */
  async #settle(): Promise<void> {
    const { wire } = this.#stage
    const end = Date.now() + patience
    for (let turns = 0; !wire.isIdle; turns++) {
      this.#listen()
      if (turns >= 3 && this.#said.length >= this.#expected.length) return
      if (Date.now() > end)
        throw new Error(
          `the server is busy for more than ${patience / 1_000} s; a plugin that waits does so with world.after or context.delay, and the transcript says X: wait`,
        )
      await turn()
    }
    this.#listen()
  }

  #listen(): void {
    this.#said.push(...this.#stage.wire.takeOutput().split('\r\n').slice(0, -1))
  }
}
