import type { LineBuffer } from '../smtp/line-buffer.ts'
import { afterDot } from './after-dot.ts'
import type { Turn } from './command.ts'
import * as replies from './replies.ts'
import { ask, say, type Step, store } from './step.ts'
import { changeTransaction } from './transaction.ts'

/** Reads octets of a message, up to the end of its data; undefined where more are needed. RFC 5321 §4.5.2. */
export function readData(turn: Turn<'data'>, input: LineBuffer): Step | undefined {
  const { reception } = turn.phase
  if (reception.ended) return dataEnded(turn)
  if (input.length === 0) return undefined
  const chunk = input.take()
  const slices: Uint8Array[] = []
  const hadHeaders = reception.hasHeaders
  const consumed = reception.read(chunk, slices)
  // Dots and repaired lines cut a chunk into many slices: one copy costs less than what each of them would.
  const body = slices.length > 1 ? Buffer.concat(slices) : slices[0]
  if (consumed < chunk.length) input.push(chunk.subarray(consumed))
  if (hadHeaders || !reception.hasHeaders || reception.fault === 'headersTooBig') return store(body)
  return headersEnd(turn, body)
}

function dataEnded(turn: Turn<'data'>): Step {
  const { reception } = turn.phase
  // A message of fields alone: its header section ends with the data.
  if (!reception.headersTold && reception.fault === undefined) return headersEnd(turn, undefined)
  return afterDot(turn, reception.headers())
}

/** Plugins look at the header section before anything of the body is stored. */
function headersEnd({ phase }: Turn<'data'>, body: Uint8Array | undefined): Step {
  const { transaction, reception } = phase
  const headers = reception.headers()
  reception.headersTold = true
  return ask('dataHeadersEnd', [headers], { transaction }, ({ result, changes }) => {
    if (result.verdict === 'deny') {
      const reply = replies.refusal(result, replies.refusals.data)
      if (result.disconnect) return say(reply)
      reception.refuse(reply)
      return say(undefined)
    }
    return say(undefined, { ...phase, transaction: changeTransaction(transaction, changes) }, () =>
      store(body),
    )
  })
}
