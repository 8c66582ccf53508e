import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { testMessage } from './test-message.ts'

const blockOctets = 1_000_000
const end = Buffer.from('.\r\n')

/** Where a huge message goes, and how huge it is. */
export interface HugeMessage {
  /** Port on 127.0.0.1. */
  readonly port: number
  /** Octets of its body. */
  readonly octets: number
  /** After so many seconds it is given up. */
  readonly timeoutSeconds: number
}

/** Sends one message without ever having it in memory. Fails unless it is taken. */
export async function sendHugeMessage(message: HugeMessage): Promise<void> {
  const socket = connect({ port: message.port, host: '127.0.0.1', noDelay: true })
  const signal = AbortSignal.timeout(message.timeoutSeconds * 1000)
  const replies = socket.iterator({ destroyOnReturn: false })
  const expect = async (code: string): Promise<void> => {
    // A reply comes alone, and whole with its code: nothing is sent before the one before has come.
    const text = await replyOf(replies)
    if (!text.startsWith(code)) throw new Error(`expected ${code}, got "${text.trim()}"`)
  }
  const abort = (): void => void socket.destroy(new Error('the huge message was not taken in time'))
  signal.addEventListener('abort', abort)
  try {
    await expect('220')
    for (const [command, code] of dialogue) {
      socket.write(`${command}\r\n`)
      await expect(code)
    }
    await pipeline(Readable.from(blocksOf(message.octets)), socket, { end: false })
    await expect('250')
    socket.write('QUIT\r\n')
    await expect('221')
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
    if (!socket.closed) await once(socket, 'close')
  }
}

const dialogue = [
  ['EHLO load.example', '250'],
  ['MAIL FROM:<sender@bench.example>', '250'],
  ['RCPT TO:<receiver@bench.example>', '250'],
  ['DATA', '354'],
] as const

/** The lines of one reply. RFC 5321 §4.2.1. */
async function replyOf(chunks: AsyncIterator<Buffer>): Promise<string> {
  let text = ''
  while (!/^\d{3} [^\n]*\n/m.test(text)) {
    const { done, value } = await chunks.next()
    if (done === true) throw new Error('the server closed the connection too early')
    text += value.toString('latin1')
  }
  return text
}

/** A message whose body has so many octets, in blocks that share their memory. */
function* blocksOf(octets: number): Generator<Buffer> {
  const first = testMessage(0)
  yield first.subarray(0, first.length - end.length)
  const block = testMessage(blockOctets).subarray(first.length - end.length, -end.length)
  for (let left = octets; left > 0; left -= blockOctets) {
    // A block that is cut ends its line.
    yield left >= blockOctets ? block : Buffer.from(`${'x'.repeat(Math.max(0, left - 2))}\r\n`)
  }
  yield end
}
