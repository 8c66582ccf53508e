import { describe, expect, test } from 'vitest'
import { measureMicro, microTable } from '../src/micro.ts'
import { nanosecondsOf } from '../src/stopwatch.ts'

const hasty = { warmUp: 1, run: 1, runs: 1 }

describe('micro-benchmarks', () => {
  test('each has a figure', async () => {
    const figures = await measureMicro(hasty)
    expect(figures.map(({ name }) => name)).toEqual([
      'dot reader, lines of 0',
      'dot reader, lines of 20',
      'dot reader, lines of 76',
      'dot reader, lines of 998',
      'dot reader, one endless line',
      'path splitter, plain',
      'address parser, plain',
      'path splitter, parameters',
      'address parser, parameters',
      'path splitter, quoted',
      'address parser, quoted',
      'path splitter, literal',
      'address parser, literal',
      'plugin host, 0 plugins',
      'plugin host, 1 plugins',
      'plugin host, 40 plugins',
    ])
    expect(figures.filter(({ value }) => !(value > 0))).toEqual([])
  })

  test('the table has a line for each', () => {
    const text = microTable([{ name: 'x', value: 12.4, unit: 'ns' }])
    expect(text).toBe('| what | median |\n| --- | ---: |\n| x | 12 ns |\n')
  })

  test('the stopwatch runs at least as long as it is told', () => {
    let times = 0
    const start = performance.now()
    const nanoseconds = nanosecondsOf(() => (times += 1), { warmUp: 2, run: 2, runs: 3 })
    expect(performance.now() - start).toBeGreaterThanOrEqual(8)
    expect(times).toBeGreaterThan(100)
    expect(nanoseconds).toBeGreaterThan(0)
    expect(nanoseconds).toBeLessThan(1e6)
  })
})
