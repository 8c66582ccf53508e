import type { HookName, Hooks } from './hooks.ts'

/** What the program has to know of a hook while it runs; the types stand in `Hooks`. */
export interface HookRow {
  readonly kind: Hooks[HookName]['kind']
  /** The verdicts that a handler may answer; anything else is the plugin's fault. */
  readonly answers: readonly string[]
  /** True where handlers may change envelope and message. */
  readonly mayChange: boolean
  /** True where the first argument is the message as it stands. */
  readonly takesMessage: boolean
  /** True where a handler has the time of a hook that works on a whole message. */
  readonly takesTime: boolean
}

const changes = { mayChange: true }
const wholeMessage = { takesMessage: true, takesTime: true }

type Row<K extends HookRow['kind']> = HookRow & { readonly kind: K }

/** Every hook, once more for the running program. */
export const hookRows: { readonly [H in HookName]: Row<Hooks[H]['kind']> } = {
  start: every(),
  stop: every(),
  startOnce: every(),
  stopOnce: every(),
  config: first(['ok']),
  event: every(),
  connect: first(['ok', 'deny', 'done']),
  tls: first(['ok', 'deny']),
  helo: first(['ok', 'deny', 'done']),
  ehlo: first(['ok', 'deny', 'done']),
  capabilities: row('collect', ['declined', 'ok']),
  authLookup: first(['ok']),
  auth: first(['ok', 'deny']),
  authenticated: every(),
  mailPre: row('pass', []),
  mail: first(['ok', 'deny', 'done'], changes),
  rcptPre: row('pass', []),
  rcpt: first(['ok', 'deny', 'done'], changes),
  data: first(['ok', 'deny'], changes),
  dataHeadersEnd: first(['deny'], changes),
  body: every(),
  dataPostHeaders: every({ ...changes, takesMessage: true }),
  receivedLine: first(['ok'], changes),
  dataPost: first(['ok', 'deny', 'discard', 'perRecipient'], { ...changes, ...wholeMessage }),
  queuePre: every({ ...changes, ...wholeMessage }),
  queue: first(['ok', 'deny', 'perRecipient'], wholeMessage),
  queuePost: every({ takesMessage: true }),
  resetTransaction: every(),
  vrfy: first(['ok', 'deny', 'done']),
  expn: first(['ok', 'deny', 'done']),
  noop: first(['ok', 'deny', 'done']),
  help: first(['ok', 'deny', 'done']),
  quit: first(['ok']),
  rset: every(),
  unrecognizedCommand: first(['deny', 'done']),
  deny: first(['lift']),
  ok: every(),
  disconnect: every(),
}

/** The names of all hooks. */
export const hookNames: readonly HookName[] = Object.keys(hookRows) as HookName[]

function row<K extends HookRow['kind']>(
  kind: K,
  answers: readonly string[],
  more: Partial<Omit<HookRow, 'kind' | 'answers'>> = {},
): Row<K> {
  return { kind, answers, mayChange: false, takesMessage: false, takesTime: false, ...more }
}

function first(
  answers: readonly string[],
  more?: Partial<Omit<HookRow, 'kind' | 'answers'>>,
): Row<'first'> {
  return row('first', ['declined', ...answers], more)
}

function every(more?: Partial<Omit<HookRow, 'kind' | 'answers'>>): Row<'every'> {
  return row('every', [], more)
}
