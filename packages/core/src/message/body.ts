/**
 * The octets of a message behind its header section, as they arrived, wherever they lie.
 * They stay readable until the last handler of the transaction has settled.
 */
export interface Body {
  /** Octets. */
  readonly size: number
  /** Reads from the beginning, or from an offset; as often as one likes. Rejects where the spool can't be read. */
  read(from?: number): AsyncIterable<Uint8Array>
  /** All octets, where they lie in memory anyway; undefined where they lie in a file. */
  readonly inMemory: readonly Uint8Array[] | undefined
}

/** A body of octets that are at hand. */
export function bodyOf(...octets: readonly Uint8Array[]): Body {
  return {
    size: octets.reduce((sum, chunk) => sum + chunk.length, 0),
    inMemory: octets,
    read: (from = 0) => slices(octets, from),
  }
}

async function* slices(chunks: readonly Uint8Array[], from: number): AsyncGenerator<Uint8Array> {
  let skip = from
  for (const chunk of chunks) {
    if (skip < chunk.length) yield skip === 0 ? chunk : chunk.subarray(skip)
    skip = Math.max(0, skip - chunk.length)
  }
}
