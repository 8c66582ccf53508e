import { describe, expect, test } from 'vitest'
import { testMessage } from '../src/test-message.ts'

describe('testMessage', () => {
  test.each([0, 2, 3, 73, 74, 75, 76, 77, 147, 148, 149, 150, 4096, 100_001])(
    'has a body of exactly %i octets in short lines',
    (octets) => {
      const text = testMessage(octets).toString('latin1')
      const body = text.slice(text.indexOf('\r\n\r\n') + 4)
      expect(body).toHaveLength(octets + 3)
      expect(body.endsWith('.\r\n')).toBe(true)
      const lines = text.split('\r\n').slice(0, -2)
      expect(lines.filter((line) => line.length > 74 || line.startsWith('.'))).toEqual([])
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    },
  )

  test('refuses a body that cannot be', () => {
    expect(() => testMessage(1)).toThrow('a body has 0 or at least 2 octets, not 1')
    expect(() => testMessage(-2)).toThrow(RangeError)
  })
})
