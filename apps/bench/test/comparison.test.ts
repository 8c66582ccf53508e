import { afterEach, describe, expect, test } from 'vitest'
import { type Amounts, quickAmounts } from '../src/amounts.ts'
import type { Candidate } from '../src/candidate.ts'
import { candidatesIn, floor } from '../src/candidates.ts'
import { compare, type Plan } from '../src/comparison.ts'
import type { Scenario } from '../src/scenario.ts'
import { makesSense, scenarios } from '../src/scenarios.ts'

const tiny: Amounts = {
  ...quickAmounts,
  messages: 40,
  bodyOctets: 100,
  largeOctets: 1_000_000,
  largeMessages: 4,
  hugeOctets: 2_500_001,
  connections: 60,
  alone: 8,
  durable: 60,
  idle: 5,
  dripping: 3,
}
const named = (name: string): Scenario => scenarios.find((one) => one.name === name)!
const candidate = (name: string): Candidate =>
  candidatesIn('nowhere').find((one) => one.name === name)!
const notes: string[] = []

afterEach(() => void notes.splice(0))

function planOf(scenario: Scenario, more: Partial<Plan> = {}): Plan {
  return {
    candidates: [floor],
    scenarios: [scenario],
    rounds: 1,
    amounts: tiny,
    pin: false,
    ...more,
  }
}

const run = (plan: Plan): ReturnType<typeof compare> => compare(plan, (text) => notes.push(text))

describe('each scenario measures the floor', () => {
  test.each([
    ['ahead', 'messagesPerSecond', 1],
    ['large', 'megabytesPerSecond', 1],
    ['memory', 'beforeMegabytes', 10],
    ['idle', 'connections', 60],
    ['alone', 'p50', 0.01],
    ['start', 'milliseconds', 10],
    ['crowd', 'milliseconds', 0.1],
    ['slow', 'milliseconds', 0.01],
  ])('%s', async (name, key, least) => {
    const { runs, failures } = await run(planOf(named(name)))
    expect(failures).toEqual([])
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ scenario: name, candidate: 'floor', round: 0 })
    const { values } = runs[0]!
    expect(Object.keys(values).toSorted()).toEqual(
      named(name)
        .measures.map((measure) => measure.key)
        .toSorted(),
    )
    expect(values[key]).toBeGreaterThanOrEqual(least)
  })
})

describe('compare', () => {
  test('has servers take turns, behind a warm-up that does not count', async () => {
    const candidates = [floor, { ...floor, name: 'other' }]
    const { runs } = await run(planOf(named('many'), { candidates, rounds: 2 }))
    expect(runs.map((one) => `${one.candidate} ${one.round}`)).toEqual([
      'floor 0',
      'other 0',
      'floor 1',
      'other 1',
    ])
    expect(notes.slice(0, 3)).toEqual([
      'many: floor, warm-up',
      'many: other, warm-up',
      'many: floor, round 1 of 2',
    ])
  })

  test('goes on without a server that fails', async () => {
    const missing: Candidate = {
      name: 'missing',
      start: () => ({ command: './missing', args: [], env: {}, cwd: '.', cleanup: () => {} }),
    }
    const plan = planOf(named('start'), { candidates: [missing, floor], rounds: 2 })
    const { runs, failures } = await run(plan)
    expect(runs.map((one) => one.candidate)).toEqual(['floor', 'floor'])
    expect(failures).toEqual([expect.stringMatching(/^start: missing did not start: .*ENOENT/)])
  })

  test('goes on without a server whose run fails', async () => {
    const failing: Scenario = {
      ...named('start'),
      async run(server) {
        if (server.name === 'bad') throw new Error('it broke')
        return { milliseconds: 1 }
      },
    }
    const candidates = [{ ...floor, name: 'bad' }, floor]
    const { runs, failures } = await run(planOf(failing, { candidates, rounds: 2 }))
    expect(runs).toHaveLength(2)
    expect(failures).toEqual(['start: bad, round 1 of 2: it broke'])
  })

  test('measures what is durable beside the bare loop', async () => {
    const plan = planOf(named('durable'), { candidates: [candidate('qpsmtpd-maildir'), floor] })
    const { runs, failures } = await run(plan)
    expect(failures).toEqual([])
    expect(runs).toHaveLength(1)
    const { messagesPerSecond, barePerSecond, percentOfBare } = runs[0]!.values
    expect(percentOfBare).toBeCloseTo((100 * messagesPerSecond!) / barePerSecond!)
  })
})

const senseOf = (name: string): string[] =>
  scenarios.filter((one) => makesSense(one, candidate(name))).map((one) => one.name)

test('only what makes sense is measured', () => {
  expect(senseOf('qpsmtpd-maildir')).toEqual(['many', 'memory', 'durable'])
  expect(senseOf('floor')).not.toContain('durable')
  expect(senseOf('haraka')).not.toContain('ahead')
  expect(senseOf('smtp-server')).toContain('ahead')
})
