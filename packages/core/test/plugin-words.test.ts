import type { Plugin } from '@qpsmtpd/core'
import { setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

describe('a line that is wrong stops the start', () => {
  const reads: Plugin = {
    name: 'reads',
    options: (words) => {
      words.number('size', 0, { least: 1, most: 10 })
      words.number('from', 0, { least: 1 })
      words.number('to', 0, { most: 10 })
      words.choice('way', ['in', 'out'], undefined)
      words.next()
    },
    setup: () => ({}),
  }

  test.each([
    ['size', 'size needs a value behind it'],
    ['size 1 size 2', 'size is given twice'],
    ['size 0', 'size must be a number from 1 to 10, not "0"'],
    ['size 11', 'size must be a number from 1 to 10, not "11"'],
    ['size 1e1', 'size must be a number from 1 to 10, not "1e1"'],
    ['from 0.9', 'from must be a number of at least 1, not "0.9"'],
    ['to 10.1', 'to must be a number of at most 10, not "10.1"'],
    ['way up', 'way must be one of in, out, not "up"'],
    ['first second', '"second" is not an option'],
    ['first rejct 0', '"rejct" is not an option'],
    ['reject 2', 'reject must be one of 0, 1, naughty, not "2"'],
    [
      'reject_type hard',
      'reject_type must be one of perm, temp, disconnect, temp_disconnect, not "hard"',
    ],
    ['timeout 0', 'timeout must be a number from 0.001 to 86400, not "0"'],
    ['loglevel 9', 'loglevel must be 0 to 7 or a name such as info, not "9"'],
    ['constructor __proto__', '"__proto__" is not an option'],
  ])('%s', async (words, complaint) => {
    await expect(setStage({ plugins: [[reads, words]] })).rejects.toThrow(
      `plugins:1: reads: ${complaint}`,
    )
  })

  test.each([
    'size 1',
    'size 10',
    'from 1',
    'to 10',
    'to -3.5',
    'way out',
    'first',
    'first size 2',
    'size 2 first timeout 3 reject 0',
  ])('%s is right', async (words) => {
    const { wire, over } = await setStage({ plugins: [[reads, words]] })
    wire.sendEnd()
    await over
    expect(wire.isClosed).toBe(true)
  })
})
