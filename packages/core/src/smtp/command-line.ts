/** A command line, cut behind its verb. RFC 5321 §2.4. */
export interface CommandLine {
  /** Upper case. */
  readonly verb: string
  /** What follows, without blanks around it. */
  readonly rest: string
}

/** Cuts a command line behind its verb; blanks and tabs are what stands between words, and nothing else does. */
export function parseCommandLine(text: string): CommandLine {
  let border = 0
  while (border < text.length && text[border] !== ' ' && text[border] !== '\t') border += 1
  const verb = text.slice(0, border).toUpperCase()
  const rest = border === text.length ? '' : text.slice(border).replace(/^[ \t]+|[ \t]+$/g, '')
  return { verb, rest }
}
