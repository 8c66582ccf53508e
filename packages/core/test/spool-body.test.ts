import { type FileHandle, mkdtemp, open, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SpoolBody } from '../src/spool/spool-body.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spool-body-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Files without a name, and how often they were written to. */
function filesIn() {
  const counts = { writes: 0, opened: 0, closed: 0 }
  const openFile = async (): Promise<FileHandle> => {
    const path = join(directory, String(Math.random()))
    const file = await open(path, 'wx+')
    await unlink(path)
    counts.opened += 1
    return new Proxy(file, {
      get(target, name) {
        if (name === 'write') counts.writes += 1
        if (name === 'close') counts.closed += 1
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return { counts, openFile }
}

async function contentOf(body: SpoolBody, from?: number): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body.read(from)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

const octets = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => 97 + (index % 26)))

describe.each([
  ['in memory', Infinity, false],
  ['in a file', 0, false],
  ['in a file from the beginning', Infinity, true],
  ['in memory first, then in a file', 100_000, false],
])('a body %s', (_where, threshold, atOnce) => {
  test.each([1, 13, 1_023, 1_024, 16_384, 65_536, 70_001])(
    'that comes in pieces of %i octets is read as it came, from any place, as often as one likes',
    async (size) => {
      const { openFile, counts } = filesIn()
      const body = new SpoolBody(threshold, openFile)
      if (atOnce) await body.useFile()
      const whole = octets(Math.min(size * 1_000, 300_000))
      for (let at = 0; at < whole.length; at += size)
        await body.write(whole.subarray(at, at + size))
      expect(body.size).toBe(whole.length)
      const text = whole.toString('latin1')
      expect(await contentOf(body)).toBe(text)
      for (const from of [1, 50_000, whole.length]) {
        const rest = await contentOf(body, from)
        expect(rest === text.slice(from)).toBe(true)
      }
      await body.release()
      expect(counts.closed).toBe(counts.opened)
    },
  )
})

test('many small pieces are few writes', async () => {
  const { counts, openFile } = filesIn()
  const body = new SpoolBody(0, openFile)
  for (let piece = 0; piece < 100_000; piece++) await body.write(Buffer.from('..'))
  expect(await contentOf(body)).toBe('..'.repeat(100_000))
  expect(counts.writes).toBeLessThan(10)
  await body.release()
})

test('two who read at once both read all, though the last piece was not written yet', async () => {
  const { openFile } = filesIn()
  // A disk so slow that whoever does not wait for it reads too early.
  const slowly = async (): Promise<FileHandle> => {
    const file = await openFile()
    return new Proxy(file, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name !== 'write' || typeof value !== 'function') return value
        return async (...args: readonly unknown[]) => {
          for (let trip = 0; trip < 20; trip++) await target.stat()
          return value(...args) as unknown
        }
      },
    })
  }
  const body = new SpoolBody(0, slowly)
  const whole = octets(70_000)
  await body.write(whole.subarray(0, 66_000))
  await body.write(whole.subarray(66_000))
  const text = whole.toString('latin1')
  const [one, other] = await Promise.all([contentOf(body), contentOf(body)])
  expect([one === text, other === text]).toEqual([true, true])
  await body.release()
})

test('pieces of one octet cost little more than their octets', () => {
  const body = new SpoolBody(Infinity, () => Promise.reject(new Error('no file')))
  for (let piece = 0; piece < 100_000; piece++) void body.write(new Uint8Array([97]))
  expect(body.inMemory!.length).toBeLessThan(10)
})

test('a chunk in one piece is not copied', () => {
  const body = new SpoolBody(Infinity, () => Promise.reject(new Error('no file')))
  const chunk = new Uint8Array(4_096)
  void body.write(chunk)
  expect(body.inMemory).toEqual([chunk])
  expect(body.inMemory![0]).toBe(chunk)
})

test.each([
  ['in memory', Infinity],
  ['in a file', 0],
])('a body %s that was released is an error, not empty', async (_where, threshold) => {
  const body = new SpoolBody(threshold, filesIn().openFile)
  await body.write(Buffer.from('text'))
  await body.release()
  await expect(contentOf(body)).rejects.toThrow('released')
})

test('a body that is released while its file is opened leaves no descriptor', async () => {
  const { counts, openFile } = filesIn()
  const body = new SpoolBody(0, openFile)
  const writing = body.write(Buffer.from('text'))
  await body.release()
  await expect(writing).rejects.toThrow('released')
  expect([counts.opened, counts.closed]).toEqual([1, 1])
})
