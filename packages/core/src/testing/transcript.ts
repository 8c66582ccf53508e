/** One step of a transcript. */
export type Step =
  /** The client sends a line. */
  | { readonly kind: 'send'; readonly line: string }
  /** The server says a line. */
  | { readonly kind: 'expect'; readonly line: string }
  /** Something else happens. */
  | { readonly kind: 'event'; readonly event: 'end' | 'reset' | 'drain' }
  | { readonly kind: 'wait'; readonly seconds: number }

/**
 * Reads a transcript in the notation of the RFCs: `C: ` before what the client sends, `S: ` before what the server
 * says, `X: ` before what else happens: `end` (the client sends nothing more), `reset`, `drain`, `wait SECONDS`. Blank
 * lines and lines that begin with `#` are for the reader. @throws SyntaxError for any other line.
 */
export function parseTranscript(text: string): readonly Step[] {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseStep)
}

function parseStep(line: string): Step {
  const rest = line.slice(3)
  if (line.startsWith('C: ') || line === 'C:') return { kind: 'send', line: rest }
  if (line.startsWith('S: ')) return { kind: 'expect', line: rest }
  if (!line.startsWith('X: ')) throw new SyntaxError(`no line of a transcript: ${line}`)
  if (rest === 'end' || rest === 'reset' || rest === 'drain') return { kind: 'event', event: rest }
  const seconds = /^wait (\d+(?:\.\d+)?)$/.exec(rest)?.[1]
  if (seconds === undefined) throw new SyntaxError(`unknown event in a transcript: ${rest}`)
  return { kind: 'wait', seconds: Number(seconds) }
}

/** The transcripts in a Markdown text: its code blocks marked `smtp`. */
export function transcripts(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```smtp\n(.*?)^```$/gms)].map(([, block]) => block!)
}
