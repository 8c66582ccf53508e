const words =
  'The mail of the day is read by few, and answered by fewer; yet it is sent again. ' +
  'Some of it is long, some is short, and most of it asks for nothing at all. '
const lineOctets = 74

/**
 * A message as it is sent behind DATA: header fields, a body of so many octets, and the dot.
 * @param bodyOctets octets of the body with its CRLFs: 0, or at least 2.
 */
export function testMessage(bodyOctets: number): Buffer {
  const header = [
    'Date: Mon, 06 Jul 2026 10:11:12 +0200',
    'From: Sender of the Bench <sender@bench.example>',
    'To: Receiver of the Bench <receiver@bench.example>',
    'Subject: a message of some octets',
    'Message-ID: <20260706.101112.bench@bench.example>',
  ]
  return Buffer.from(`${header.join('\r\n')}\r\n\r\n${body(bodyOctets)}.\r\n`, 'latin1')
}

/** Lines of 74 octets with their CRLF; the last one is what is left, so that the sum is exact. */
function body(octets: number): string {
  if (!Number.isSafeInteger(octets) || octets < 0 || octets === 1) {
    throw new RangeError(`a body has 0 or at least 2 octets, not ${octets}`)
  }
  let text = ''
  while (text.length < octets) {
    const left = octets - text.length
    // An octet alone cannot be a line: it goes to the line before.
    const size = left === lineOctets + 1 || left < lineOctets ? left : lineOctets
    text += `${lineOfWords(size - 2, text.length)}\r\n`
  }
  return text
}

function lineOfWords(octets: number, from: number): string {
  let line = ''
  const start = from % words.length
  while (line.length < octets) line += line === '' ? words.slice(start) : words
  // No line may begin with a dot: the message is sent as it is.
  return line.slice(0, octets).replace(/^\./, '-')
}
