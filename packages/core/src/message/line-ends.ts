const CR = 13
const LF = 10

/** The octets with every CRLF made LF, as a Unix file has them; a CR elsewhere stays. */
export async function* withLf(octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let heldCr = false
  for await (const chunk of octets) {
    if (chunk.length === 0) continue
    const room = Buffer.allocUnsafe(chunk.length + 1)
    let size = 0
    if (heldCr && chunk[0] !== LF) room[size++] = CR
    heldCr = chunk.at(-1) === CR
    const end = heldCr ? chunk.length - 1 : chunk.length
    for (let at = 0; at < end; at++) {
      const octet = chunk[at]!
      if (octet !== CR || chunk[at + 1] !== LF) room[size++] = octet
    }
    yield room.subarray(0, size)
  }
  if (heldCr) yield Buffer.from('\r')
}
