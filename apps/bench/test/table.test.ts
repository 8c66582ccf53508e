import { describe, expect, test } from 'vitest'
import { chartOf } from '../src/chart.ts'
import { median, quantile } from '../src/figures.ts'
import { floorCheck } from '../src/floor-check.ts'
import type { Run, Scenario } from '../src/scenario.ts'
import { tablesOf } from '../src/table.ts'

function scenario(name: string, table: string): Scenario {
  return {
    name,
    table,
    measures: [
      { key: 'cpu', title: 'CPU s', digits: 3 },
      { key: 'rate', title: 'messages/s', digits: 0 },
    ],
    fresh: false,
    run: async () => ({}),
  }
}

const many = scenario('many', 'CPU')
const one = scenario('one', 'CPU')
const large = scenario('large', 'Large')

function run(candidate: string, round: number, cpu: number, name = 'many'): Run {
  return { scenario: name, candidate, round, values: { cpu, rate: 1000 } }
}

const rounds = [
  run('floor', 0, 0.1),
  run('ours', 0, 0.4),
  run('floor', 1, 0.4),
  run('ours', 1, 0.8),
  run('floor', 2, 0.2),
  run('ours', 2, 0.6),
]

describe('tablesOf', () => {
  test('has medians, and the median of the ratios of the rounds', () => {
    expect(tablesOf([many], rounds).split('\n')).toEqual([
      '## CPU',
      '',
      '| scenario | server | CPU s | × floor | messages/s |',
      '| --- | --- | ---: | ---: | ---: |',
      '| many | floor | 0.200 | 1.00 | 1000 |',
      '| many | ours | 0.600 | 3.00 | 1000 |',
      '',
    ])
  })

  test('has no ratio without the floor', () => {
    expect(tablesOf([many], [run('ours', 0, 0.4)])).toContain(
      '| many | ours | 0.400 | – | 1000 |\n',
    )
  })

  test('has one table for the scenarios that share it, and none for what was not run', () => {
    const runs = [run('ours', 0, 1, 'many'), run('ours', 0, 2, 'one')]
    const text = tablesOf([one, many, large], runs)
    expect(text.match(/^## .*$/gm)).toEqual(['## CPU'])
    expect(text.match(/^\| (one|many) .*$/gm)).toHaveLength(2)
  })
})

const cpuRun = (candidate: string, cpuPer10k: number): Run => {
  return { scenario: 'many', candidate, round: 0, values: { cpuPer10k } }
}

describe('floorCheck', () => {
  test('says what the floor uses of smtp-server', () => {
    expect(floorCheck([cpuRun('floor', 0.4), cpuRun('smtp-server', 1)])).toBe(
      '- many: the floor used 0.40 of the CPU of smtp-server\n',
    )
  })

  test('says where the floor is none', () => {
    expect(floorCheck([cpuRun('floor', 0.5), cpuRun('smtp-server', 1)])).toBe(
      '- many: the floor used 0.50 of the CPU of smtp-server: **this is no floor**, it would have ' +
        'to be at most 0.45\n',
    )
  })

  test('says nothing where one of them is missing', () => {
    expect(floorCheck([cpuRun('floor', 0.5)])).toBe('')
  })
})

describe('chartOf', () => {
  test('has a bar for each server, the longest for the largest figure', () => {
    const svg = chartOf([many, large], rounds)
    expect(svg).toMatch(/^<svg [^>]*>\n/)
    expect(svg).toMatch(/<\/svg>\n$/)
    const lengths = [...svg.matchAll(/<rect x="150" [^>]*width="([\d.]+)"/g)].map(([, at]) => at)
    expect(lengths).toEqual(['166.7', '500.0'])
    expect(svg).toContain('>many: CPU s<')
    expect(svg).not.toContain('large')
  })

  test('has neither bars to the left nor markup in its texts', () => {
    const svg = chartOf([many], [run('a<b', 0, -2), run('c', 0, 1)])
    expect(svg).toContain('a&#60;b')
    expect(svg).toContain('width="0.0"')
    expect(svg).toContain('>-2.000<')
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
