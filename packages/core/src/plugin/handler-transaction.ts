import type { Notes } from '../hooks/note.ts'
import type { Transaction } from '../hooks/transaction.ts'
import { authenticationResults } from '../message/authentication-results.ts'
import {
  type Change,
  changeEnvelope,
  changeHeaders,
  type EnvelopeChange,
  type HeaderChange,
} from '../message/change.ts'
import type { Envelope, Recipient } from '../message/envelope.ts'
import { Headers } from '../message/headers.ts'
import { changes as mostChanges } from '../smtp/limits.ts'
import type { Address, Sender } from '../smtp/address.ts'
import { noParameters, type Parameters } from '../smtp/parameters.ts'
import type { Draft } from './draft.ts'
import type { HookScope } from './scope.ts'

const noHeaders = new Headers('')

/** The transaction as one handler sees and changes it; its changes count once the handler has succeeded. */
export class HandlerTransaction implements Transaction {
  readonly #draft: Draft
  readonly #store: HookScope['storeBody']
  /** Why no change can be made, or undefined. */
  #closed: string | undefined
  #envelope: Envelope
  readonly #changes: Change[] = []

  constructor(draft: Draft, store: HookScope['storeBody'], mayChange: boolean) {
    this.#draft = draft
    this.#store = store
    this.#envelope = draft.envelope
    this.#closed = mayChange ? undefined : 'changes are made from mail to queuePre'
  }

  /** What the handler asked for; nothing can be added after this. */
  close(): readonly Change[] {
    this.#closed = 'the handler has answered already'
    return this.#changes
  }

  get id(): string {
    return this.#draft.id
  }

  get notes(): Notes {
    return this.#draft.notes
  }

  get sender(): Sender {
    return this.#envelope.sender
  }

  get parameters(): Parameters {
    return this.#envelope.parameters
  }

  get recipients(): readonly Recipient[] {
    return this.#envelope.recipients
  }

  changeSender(sender: Sender, parameters: Parameters = this.#envelope.parameters): void {
    this.#changeEnvelope({ change: 'sender', sender, parameters })
  }

  addRecipient(address: Address, parameters: Parameters = noParameters): void {
    this.#changeEnvelope({ change: 'addRecipient', recipient: { address, parameters } })
  }

  removeRecipient(address: Address): void {
    this.#changeEnvelope({ change: 'removeRecipient', address })
  }

  replaceRecipient(address: Address, by: Address, parameters: Parameters = noParameters): void {
    this.#changeEnvelope({ change: 'replaceRecipient', address, by: { address: by, parameters } })
  }

  prependHeader(name: string, value: string): void {
    this.#changeHeaders({ change: 'prependHeader', name, value })
  }

  replaceHeader(name: string, value: string): void {
    this.#changeHeaders({ change: 'replaceHeader', name, value })
  }

  removeHeader(name: string): void {
    this.#changeHeaders({ change: 'removeHeader', name })
  }

  addAuthResult(result: string): void {
    // Made once, as headers are.
    noHeaders.prepend('Authentication-Results', authenticationResults('me', [result]))
    this.#record({ change: 'authResult', result })
  }

  replaceBody(octets: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const replaced = this.#replaceBody(octets)
    // Whoever waits gets the rejection too; nobody's it is must not end the process.
    replaced.catch(() => undefined)
    return replaced
  }

  async #replaceBody(octets: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    this.#check()
    const body = await this.#store(octets)
    this.#record({ change: 'body', body })
  }

  #changeEnvelope(change: EnvelopeChange): void {
    this.#record(change)
    this.#envelope = changeEnvelope(this.#envelope, change)
  }

  #changeHeaders(change: HeaderChange): void {
    // Made once on nothing, so that a name or value that can't be fails here, in the plugin that brought it.
    changeHeaders(noHeaders, change)
    this.#record(change)
  }

  #record(change: Change): void {
    this.#check()
    if (this.#changes.length >= mostChanges)
      throw new RangeError(`more than ${mostChanges} changes by one handler`)
    this.#changes.push(change)
  }

  #check(): void {
    if (this.#closed !== undefined) throw new Error(`transaction can't be changed: ${this.#closed}`)
  }
}
