import { Notes } from '../hooks/note.ts'
import { type Change, changeEnvelope, changeHeaders, isHeaderChange } from '../message/change.ts'
import type { Envelope } from '../message/envelope.ts'
import type { Message } from '../message/message.ts'

/** A transaction as handlers see it: what the engine says of it, and what handlers before them have changed. */
export class Draft {
  readonly id: string
  #notes: Notes | undefined
  #envelope: Envelope
  #message: Message | undefined

  constructor(id: string, envelope: Envelope, message?: Message) {
    this.id = id
    this.#envelope = envelope
    this.#message = message
  }

  get notes(): Notes {
    this.#notes ??= new Notes()
    return this.#notes
  }

  get envelope(): Envelope {
    return this.#envelope
  }

  /** Undefined until it has come whole. */
  get message(): Message | undefined {
    return this.#message
  }

  /** Takes over what the engine says now. */
  update(envelope: Envelope, message: Message | undefined): void {
    this.#envelope = envelope
    this.#message = message
  }

  /** Makes the changes of a handler that has succeeded. @throws RangeError for a header that would not stay one. */
  commit(changes: readonly Change[]): void {
    for (const change of changes) this.#make(change)
  }

  #make(change: Change): void {
    if (isHeaderChange(change)) {
      if (this.#message !== undefined)
        this.#message = { ...this.#message, headers: changeHeaders(this.#message.headers, change) }
    } else if (change.change === 'body') {
      if (this.#message !== undefined) this.#message = { ...this.#message, body: change.body }
    } else if (change.change !== 'authResult')
      this.#envelope = changeEnvelope(this.#envelope, change)
  }
}
