import type { Body } from '../message/body.ts'
import { Headers } from '../message/headers.ts'

/** A body in a replay: it has its size, but can't be read. */
export class RecordedBody implements Body {
  size: number
  readonly inMemory: undefined

  constructor(size: number) {
    this.size = size
  }

  read(): never {
    throw new Error('the octets of this body are not part of the recording')
  }
}

/** Something as one line of a recording: JSON, with a tag for what JSON has no word for. */
export function recordingLine(value: unknown): string {
  return JSON.stringify(value, tagged)
}

/** What a line of a recording stands for. @throws SyntaxError where it is no JSON. */
export function readRecordingLine(line: string): unknown {
  return JSON.parse(line, untagged)
}

function tagged(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  // What a Buffer is to JSON costs more than the Buffer: it is looked at as it was before.
  const original = this[key]
  if (original instanceof Uint8Array) return { $octets: Buffer.from(original).toString('base64') }
  if (value instanceof Map) return { $map: [...value] }
  if (value instanceof Set) return { $set: [...value] }
  if (value instanceof Headers) return { $headers: value.section }
  if (isBody(value)) return { $body: value.size }
  // JSON would call them null.
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  return value
}

function untagged(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$map' in value) return new Map(value.$map as [unknown, unknown][])
  if ('$set' in value) return new Set(value.$set as unknown[])
  if ('$headers' in value) return new Headers(value.$headers as string)
  if ('$octets' in value) return Buffer.from(value.$octets as string, 'base64')
  if ('$body' in value) return new RecordedBody(value.$body as number)
  if ('$number' in value) return Number(value.$number)
  return value
}

const isBody = (value: unknown): value is Body =>
  typeof value === 'object' &&
  value !== null &&
  'read' in value &&
  'size' in value &&
  'inMemory' in value
