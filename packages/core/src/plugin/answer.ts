import type { Capabilities, HookName } from '../hooks/hooks.ts'
import type { HookRow } from '../hooks/rows.ts'
import type { Done, PerRecipient, Refusal, Verdict } from '../hooks/verdict.ts'
import { Headers } from '../message/headers.ts'
import { replyLine } from '../smtp/limits.ts'
import { reply as checkedReply } from '../smtp/reply.ts'
import { messageOf } from './config.ts'

/** What is wrong with a handler's answer, which from JavaScript may be anything; undefined where it is right. */
export function checkAnswer(
  hook: HookName,
  { kind, answers }: HookRow,
  answer: unknown,
): string | undefined {
  if (kind === 'every') return undefined
  if (kind === 'pass')
    return typeof answer === 'string' ? undefined : `answered ${shown(answer)}, not a string`
  try {
    const verdict =
      typeof answer === 'object' && answer !== null && 'verdict' in answer
        ? answer.verdict
        : undefined
    if (typeof verdict !== 'string') return `answered ${shown(answer)}, not a verdict`
    if (!answers.includes(verdict)) return `answered ${verdict}, which ${hook} does not know`
    return checkVerdict(hook, answer as Verdict)
  } catch (error) {
    return `answered something that is broken: ${messageOf(error)}`
  }
}

function checkVerdict(hook: HookName, answer: Verdict): string | undefined {
  switch (answer.verdict) {
    case 'ok':
      if (hook === 'capabilities') return checkCapabilities(answer)
      return checkText(hook, answer.text)
    case 'deny':
      return checkRefusal(answer)
    case 'done':
      return checkDone(hook, answer)
    case 'discard':
      return isText(answer.reason) ? undefined : `answered discard with ${shown(answer.reason)}`
    case 'perRecipient':
      return checkPerRecipient(hook, answer)
    case 'declined':
    case 'lift':
      return undefined
  }
}

function checkText(hook: HookName, text: unknown): string | undefined {
  if (!isText(text)) return `answered ok with ${shown(text)} for a text`
  // Throws for what would not stay one field.
  if (hook === 'receivedLine' && text !== undefined) noHeaders.prepend('Received', text)
  return undefined
}

const noHeaders = new Headers('')

function checkRefusal({ temporary, text, code, status }: Refusal): string | undefined {
  if (!isText(text)) return `answered deny with ${shown(text)} for a text`
  const digit = temporary ? 4 : 5
  if (code !== undefined && !(Number.isInteger(code) && Math.floor(code / 100) === digit))
    return `answered deny with ${shown(code)}, which is no ${digit}xx`
  if (status !== undefined) checkedReply(digit * 100, status, '')
  return undefined
}

function checkDone(hook: HookName, { reply }: Done): string | undefined {
  if (reply === undefined) return hook === 'connect' ? undefined : 'answered done without a reply'
  const { code, lines } = checkedReply(reply.code, reply.status, ...reply.lines)
  // 1xx and 3xx would leave the session where the engine does not know it to be.
  if (Math.floor(code / 100) === 3) return `answered done with a ${code}`
  if (lines.some((line) => Buffer.byteLength(line) > replyLine - 18))
    return 'answered done with a line that is too long'
  const isWhole = lines.length > 0 && lines.every(isText)
  return isWhole ? undefined : `answered done with a ${code} and no text`
}

function checkPerRecipient(hook: HookName, { answers }: PerRecipient): string | undefined {
  if (!Array.isArray(answers)) return `answered perRecipient with ${shown(answers)}, not a list`
  for (const [, answer] of answers) {
    const { verdict } = answer
    if (verdict !== 'ok' && verdict !== 'deny') return `answered ${shown(verdict)} for a recipient`
    const wrong = checkVerdict(hook, answer)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function checkCapabilities(answer: Partial<Capabilities>): string | undefined {
  const { add = [], remove = [], allow: { mail = [], rcpt = [] } = {} } = answer
  for (const list of [add, remove, mail, rcpt])
    if (!Array.isArray(list) || !list.every((word) => typeof word === 'string'))
      return 'answered capabilities that are no lists of words'
  // RFC 5321 §4.1.1.1: ehlo-keyword and its parameters.
  const wrong = add.find((line) => !/^[A-Za-z0-9][A-Za-z0-9-]*(?: [!-~]+)*$/.test(line))
  return wrong === undefined ? undefined : `added ${JSON.stringify(wrong)}, which is no EHLO line`
}

const isText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'

function shown(value: unknown): string {
  if (value === undefined) return 'nothing (is a return missing?)'
  return typeof value === 'object' ? 'an object' : (JSON.stringify(value) ?? typeof value)
}
