import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../src/run.ts'
import { Programs } from './programs.ts'

/** A busy machine may need some time to start and to end a program. */
const patient = { timeout: 4_000 }

const programs = new Programs()
afterAll(() => programs.remove())

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('when the signal fires, the program is ended, even one that ignores SIGTERM', async () => {
  const ready = join(programs.directory, 'ready')
  const hangs = programs.write('hangs', `trap '' TERM; echo $$ > ${ready}; exec sleep 60`)
  const ending = new AbortController()
  const output = run(hangs, ending.signal)
  await expect
    .poll(() => existsSync(ready) && readFileSync(ready, 'utf8'), patient)
    .toMatch(/^\d+\n$/)
  const pid = Number(readFileSync(ready, 'utf8'))
  expect(isAlive(pid)).toBe(true)
  ending.abort()
  await expect(output).rejects.toThrow('aborted')
  await expect.poll(() => isAlive(pid), patient).toBe(false)
})

test('a program that prints too much is ended, even one that ignores SIGTERM', async () => {
  const ready = join(programs.directory, 'babbles.pid')
  const babbles = programs.write(
    'babbles',
    `trap '' TERM; echo $$ > ${ready}; yes | head -c 5000; exec sleep 60`,
  )
  await expect(run(babbles, new AbortController().signal)).rejects.toThrow('maxBuffer')
  await expect.poll(() => isAlive(Number(readFileSync(ready, 'utf8'))), patient).toBe(false)
})

test('nothing is run where the signal has fired already', async () => {
  // Had it been tried, it would be missing.
  await expect(run('/nowhere/fortune', AbortSignal.abort())).rejects.toThrow('aborted')
})

test('-s is all that the program is given', async () => {
  const program = programs.write('echoes', 'echo "$#" "$1"')
  expect(await run(program, new AbortController().signal)).toBe('1 -s\n')
})
