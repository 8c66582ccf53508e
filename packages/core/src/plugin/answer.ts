import type { HookName } from '../hooks/hooks.ts'
import type { HookRow } from '../hooks/rows.ts'
import type { Done, Verdict } from '../hooks/verdict.ts'

/** What is wrong with a handler's answer, which from JavaScript may be anything; undefined where it is right. */
export function checkAnswer(
  hook: HookName,
  { kind, answers }: HookRow,
  answer: unknown,
): string | undefined {
  if (kind === 'every') return undefined
  if (kind === 'pass')
    return typeof answer === 'string' ? undefined : `answered ${shown(answer)}, not a string`
  const verdict =
    typeof answer === 'object' && answer !== null && 'verdict' in answer
      ? answer.verdict
      : undefined
  if (typeof verdict !== 'string') return `answered ${shown(answer)}, not a verdict`
  if (!answers.includes(verdict)) return `answered ${verdict}, which ${hook} does not know`
  return verdict === 'done'
    ? checkDone(hook, answer as Done)
    : checkCapabilities(hook, answer as Verdict)
}

function checkDone(hook: HookName, { reply }: Done): string | undefined {
  if (reply === undefined) return hook === 'connect' ? undefined : 'answered done without a reply'
  const digit = Math.floor(reply.code / 100)
  // 1xx and 3xx would leave the session where the engine does not know it to be.
  return digit === 2 || digit === 4 || digit === 5
    ? undefined
    : `answered done with a ${reply.code}`
}

function checkCapabilities(hook: HookName, answer: object): string | undefined {
  if (hook !== 'capabilities' || !('add' in answer)) return undefined
  const lines = answer.add as readonly string[]
  // RFC 5321 §4.1.1.1: ehlo-keyword and its parameters.
  const wrong = lines.find((line) => !/^[A-Za-z0-9][A-Za-z0-9-]*(?: [!-~]+)*$/.test(line))
  return wrong === undefined ? undefined : `added ${JSON.stringify(wrong)}, which is no EHLO line`
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing (is a return missing?)'
  return typeof value === 'object' ? 'an object' : (JSON.stringify(value) ?? typeof value)
}
