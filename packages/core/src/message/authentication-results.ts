import { type Headers, valueOf } from './headers.ts'

/** Without the Authentication-Results that somebody put in under our name: only we may speak for us. RFC 8601 §5. */
export function withoutForgedResults(headers: Headers, me: string): Headers {
  if (!/authentication-results/i.test(headers.section)) return headers
  return headers.without(
    (field) =>
      field.name.toLowerCase() === 'authentication-results' &&
      serverOf(valueOf(field)) === me.toLowerCase(),
  )
}

/** The authserv-id: what stands first, comments and quotes taken off. RFC 8601 §2.2. */
function serverOf(value: string): string {
  const text = withoutComments(value).trim()
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text)
  if (quoted !== null) return quoted[1]!.replace(/\\(.)/g, '$1').toLowerCase()
  return (/^[^\s;]*/.exec(text)?.[0] ?? '').toLowerCase()
}

/** Comments may be nested: RFC 5322 §3.2.2. */
function withoutComments(value: string): string {
  let depth = 0
  let text = ''
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!
    if (character === '\\' && depth > 0) at += 1
    else if (character === '(') depth += 1
    else if (character === ')' && depth > 0) depth -= 1
    else if (depth === 0) text += character
  }
  return text
}

/** Our field about this message, folded. RFC 8601 §2.2. */
export function authenticationResults(me: string, results: readonly string[]): string {
  return `${me};\r\n    ${results.map((result) => result.replace(/[\r\n]+\s*/g, ' ')).join(';\r\n    ')}`
}
