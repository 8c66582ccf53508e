import { describe, expect, test } from 'vitest'
import type { Run } from '../src/comparison.ts'
import { median, quantile } from '../src/figures.ts'
import { tableOf } from '../src/table.ts'

function run(candidate: string, round: number, cpuPer10k: number): Run {
  return {
    candidate,
    mode: 'many',
    round,
    cpuPer10k,
    messagesPerSecond: 1000,
    p50: 1,
    p99: 2,
    residentOctets: 50 * 1024 * 1024,
  }
}

const rows = (text: string): string[] => text.trimEnd().split('\n').slice(2)

describe('tableOf', () => {
  test('has medians, and the median of the ratios of the rounds', () => {
    const runs = [
      run('floor', 0, 0.1),
      run('ours', 0, 0.4),
      run('floor', 1, 0.4),
      run('ours', 1, 0.8),
      run('floor', 2, 0.2),
      run('ours', 2, 0.6),
    ]
    expect(rows(tableOf(runs))).toEqual([
      '| many | floor | 0.200 | 1.00 | 1000 | 1.00 | 2.00 | 50 |',
      '| many | ours | 0.600 | 3.00 | 1000 | 1.00 | 2.00 | 50 |',
    ])
  })

  test('has no ratio without the floor', () => {
    expect(rows(tableOf([run('ours', 0, 0.4)]))).toEqual([
      '| many | ours | 0.400 | – | 1000 | 1.00 | 2.00 | 50 |',
    ])
  })
})

describe('figures', () => {
  test('the median is in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('a quantile is one of the values', () => {
    const values = Array.from({ length: 100 }, (_, at) => at)
    expect(quantile(values, 0.5)).toBe(50)
    expect(quantile(values, 0.99)).toBe(99)
    expect(quantile([7], 0.99)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })
})
