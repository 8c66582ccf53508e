/** Every way to cut octets in two, in one piece, and octet by octet with nothing between; one character an octet. */
export function* cuts(input: string): Generator<readonly Buffer[]> {
  const octets = Buffer.from(input, 'latin1')
  yield [octets]
  for (let at = 0; at <= octets.length; at++) yield [octets.subarray(0, at), octets.subarray(at)]
  yield [...octets].flatMap((octet) => [Buffer.of(octet), Buffer.alloc(0)])
}
