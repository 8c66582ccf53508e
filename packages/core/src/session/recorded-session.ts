import type { Answered } from '../hooks/answered.ts'
import type { Refusal } from '../hooks/verdict.ts'
import type { Effect, Opened } from './effect.ts'
import { recordingLine } from './recording-line.ts'
import { Session } from './session.ts'
import type { Peer, Settings } from './settings.ts'

/** What went into a session, what was asked of it, or what came out, in the order in which it did. */
export type RecordedStep =
  | { readonly begin: { readonly settings: Settings; readonly peer: Peer } }
  | { readonly in: 'octets'; readonly octets: Uint8Array }
  | { readonly in: 'eof' | 'reset' | 'timedOut' | 'drain' | 'spoolFailed' }
  | { readonly in: 'bodyRefused'; readonly verdict: Refusal }
  | { readonly in: 'answer'; readonly answered: Answered }
  | { readonly in: 'opened'; readonly opened: NonNullable<Opened> | null }
  | { readonly out: Effect | null }

/** A session that writes down all that goes into it and comes out of it, one line a step. */
export class RecordedSession extends Session {
  readonly #write: (line: string) => void

  /** @param write takes a line, without its line break. */
  constructor(settings: Settings, peer: Peer, write: (line: string) => void) {
    super(settings, peer)
    this.#write = write
    this.#record({ begin: { settings, peer } })
  }

  override receive(octets: Uint8Array): void {
    this.#record({ in: 'octets', octets: plain(octets) })
    super.receive(octets)
  }

  override eof(): void {
    this.#record({ in: 'eof' })
    super.eof()
  }

  override reset(): void {
    this.#record({ in: 'reset' })
    super.reset()
  }

  override timedOut(): void {
    this.#record({ in: 'timedOut' })
    super.timedOut()
  }

  override drain(): void {
    this.#record({ in: 'drain' })
    super.drain()
  }

  override spoolFailed(): void {
    this.#record({ in: 'spoolFailed' })
    super.spoolFailed()
  }

  override bodyRefused(verdict: Refusal): void {
    this.#record({ in: 'bodyRefused', verdict })
    super.bodyRefused(verdict)
  }

  override answer(answered: Answered): void {
    this.#record({ in: 'answer', answered })
    super.answer(answered)
  }

  override opened(opened: Opened): void {
    this.#record({ in: 'opened', opened: opened ?? null })
    super.opened(opened)
  }

  override next(): Effect | undefined {
    const effect = super.next()
    const out = effect?.do === 'body' ? { ...effect, octets: plain(effect.octets) } : effect
    this.#record({ out: out ?? null })
    return effect
  }

  #record(step: RecordedStep): void {
    this.#write(recordingLine(step))
  }
}

/** The same octets, but no Buffer: that would be turned into a list of numbers on its way into JSON. */
const plain = (octets: Uint8Array): Uint8Array =>
  new Uint8Array(octets.buffer, octets.byteOffset, octets.length)
