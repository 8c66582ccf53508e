import type { Answered } from '../hooks/answered.ts'
import type { Args, DisconnectReason, HookName } from '../hooks/hooks.ts'
import type { LogLevel } from '../log/logger.ts'
import { messageOf } from '../plugin/config.ts'
import type { HostSettings } from '../plugin/host.ts'
import type { Question } from '../session/effect.ts'
import type { TransactionState } from '../session/phase.ts'
import type { Reply } from '../smtp/reply.ts'
import type { SessionScope } from './session-scope.ts'

/** Writes down what happens in one session. */
export class Journal {
  readonly #scope: SessionScope
  readonly #clock: HostSettings['clock']
  readonly #began: number
  readonly #wantsReplies: boolean
  #messages = 0
  /** What stands before the next refusal. */
  #blamed: string | undefined

  constructor(scope: SessionScope, clock: HostSettings['clock'], level: LogLevel) {
    this.#scope = scope
    this.#clock = clock
    this.#began = clock.now()
    this.#wantsReplies = level === 'debug'
    const { remote } = scope.connection
    this.#log.info(`connect from ${remote.host ?? ''}[${remote.address}]:${remote.port}`)
    scope.emit({ event: 'connected', session: scope.connection.id, address: remote.address })
  }

  get #log() {
    return this.#scope.logFor(undefined, undefined)
  }

  /** A command line. */
  heard(line: string): void {
    this.#log.debug(`dispatching ${line}`)
  }

  /** Who refused what: the reply that follows says how. */
  decided({ hook, args, transaction }: Question, { result, plugin }: Answered): void {
    if (typeof result !== 'object' || !('verdict' in result) || result.verdict !== 'deny') return
    const sender =
      transaction === undefined ? '' : ` from <${transaction.envelope.sender?.text ?? ''}>`
    this.#blamed = `${hook}${subjectOf(args[0])}${sender} refused by ${plugin ?? 'nobody'}: `
  }

  /** A reply. Refusals are told to everybody, the rest only to whoever looks for a fault. */
  said({ code, status, lines }: Reply): void {
    const blamed = this.#blamed ?? 'said '
    this.#blamed = undefined
    if (code < 400 && !this.#wantsReplies) return
    const text = `${code} ${status === undefined ? '' : `${status} `}${lines.join(' / ')}`
    if (code < 400) this.#log.debug(`said ${text}`)
    else this.#log.info(`${blamed}${text}`)
  }

  /** A hook that was asked: of those, the end of a message is worth a line. */
  asked(hook: HookName, args: readonly unknown[], transaction: TransactionState | undefined): void {
    if (hook !== 'queuePost' || transaction === undefined) return
    const [message, outcome] = args as Args<'queuePost'>
    const { sender, recipients } = transaction.envelope
    const about = `from <${sender?.text ?? ''}> to ${shownRecipients(recipients)}, ${message.size} octets`
    if (outcome.outcome === 'queued') {
      this.#messages += 1
      this.#log.info(`queued by ${outcome.plugin ?? 'nobody'}: ${about}`)
      this.#scope.emit({
        event: 'queued',
        session: this.#scope.connection.id,
        message: message.id,
        size: message.size,
        recipients: recipients.length,
        plugin: outcome.plugin,
      })
    } else if (outcome.outcome === 'discarded')
      this.#log.notice(`discarded (${outcome.reason}): ${about}`)
    else this.#log.info(`refused: ${about}`)
  }

  /** The spool did not do what it is there for. */
  spoolFailed(error: unknown): void {
    this.#log.error(`spool: ${messageOf(error)}`)
  }

  /** The end. */
  closed(reason: DisconnectReason): void {
    const duration = this.#clock.now() - this.#began
    this.#log.info(
      `disconnect (${reason}) after ${(duration / 1_000).toFixed(1)} s, ${this.#messages} queued`,
    )
    this.#scope.emit({
      event: 'disconnected',
      session: this.#scope.connection.id,
      reason,
      duration,
    })
  }
}

/** What a refusal is about, as far as a word can say it. */
function subjectOf(argument: unknown): string {
  if (typeof argument === 'string') return ` ${argument}`
  const isAddress = typeof argument === 'object' && argument !== null && 'text' in argument
  return isAddress ? ` <${String(argument.text)}>` : ''
}

/** The first few: a line of the log is no mailing list. */
function shownRecipients(recipients: TransactionState['envelope']['recipients']): string {
  const shown = recipients.slice(0, 3).map(({ address }) => `<${address.text}>`)
  const more = recipients.length - shown.length
  return more > 0 ? `${shown.join(' ')} and ${more} more` : shown.join(' ')
}
