import { DotReader } from '../../../packages/core/src/smtp/dot-reader.ts'
import type { MicroFigure } from './micro-figure.ts'
import { nanosecondsOf, type Patience } from './stopwatch.ts'

const chunkOctets = 65_536
const chunks = 16
/** Octets of a line without its CRLF; undefined for one line that does not end. */
const lines: readonly (number | undefined)[] = [0, 20, 76, 998, undefined]

/** How fast the content of messages is read, by the length of its lines, in chunks as they come from a socket. */
export function measureDotReader(patience: Patience): MicroFigure[] {
  return lines.map((octets) => {
    const chunk = chunkOf(octets)
    const nanoseconds = nanosecondsOf(() => readAll(chunk), patience)
    const name =
      octets === undefined ? 'dot reader, one endless line' : `dot reader, lines of ${octets}`
    return { name, value: (chunk.length * chunks * 1000) / nanoseconds, unit: 'MB/s' }
  })
}

function readAll(chunk: Buffer): void {
  const reader = new DotReader()
  const content: Uint8Array[] = []
  for (let at = 0; at < chunks; at++) reader.read(chunk, content)
  if (reader.ended || content.length === 0) throw new Error('the dot reader read something else')
}

/** Whole lines that come as near to the size of a chunk as they can. */
function chunkOf(octets: number | undefined): Buffer {
  if (octets === undefined) return Buffer.alloc(chunkOctets, 'x')
  const line = `${'x'.repeat(octets)}\r\n`
  return Buffer.from(line.repeat(Math.floor(chunkOctets / line.length)))
}
