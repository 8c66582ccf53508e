/** ESMTP parameters by their upper-cased keyword; one without a value has the empty string. RFC 5321 §4.1.2. */
export type Parameters = ReadonlyMap<string, string>

/** What MAIL and RCPT without parameters have. */
export const noParameters: Parameters = new Map()

/**
 * Reads `keyword ["=" value]` separated by blanks. RFC 5321 §4.1.2; values beyond ASCII as in RFC 6531 §3.3.
 * @returns undefined where the text is something else, or a keyword comes twice.
 */
export function parseParameters(text: string): Parameters | undefined {
  if (text === '') return noParameters
  const parameters = new Map<string, string>()
  for (const word of text.split(/[ \t]+/)) {
    const match = parameter.exec(word)
    if (match === null) return undefined
    const keyword = match[1]!.toUpperCase()
    if (parameters.has(keyword)) return undefined
    parameters.set(keyword, match[2] ?? '')
  }
  return parameters
}

const parameter = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~\u{a0}-\u{10ffff}]+))?$/u
