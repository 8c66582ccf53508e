import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeBare } from '../src/bare-maildir.ts'
import { makeScratch } from '../src/scratch.ts'
import { testMessage } from '../src/test-message.ts'

test('the bare loop leaves every message in new, whole', async () => {
  const scratch = makeScratch()
  try {
    const work = { directory: scratch.path, messages: 23, bodyOctets: 300, inFlight: 5 }
    expect(await writeBare(work)).toBeGreaterThan(0)
    const directory = join(scratch.path, 'new')
    const names = readdirSync(directory)
    expect(names).toHaveLength(23)
    expect(readdirSync(join(scratch.path, 'tmp'))).toEqual([])
    const texts = new Set(names.map((name) => readFileSync(join(directory, name), 'latin1')))
    expect([...texts]).toEqual([testMessage(300).toString('latin1')])
  } finally {
    scratch.remove()
  }
})
