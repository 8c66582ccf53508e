import { cpuScenarios } from './load-scenarios.ts'
import { ratioOf } from './ratio.ts'
import type { Run } from './scenario.ts'

/** The most of the CPU of the quickest known server on Node that something may use that calls itself a floor. */
const mostShare = 0.45
const base = 'smtp-server'

/** Says, in a line for each scenario that has both, how much of the CPU of smtp-server the floor used, and where it is no floor. */
export function floorCheck(runs: readonly Run[]): string {
  return cpuScenarios
    .map(({ name: scenario, measures }) => {
      const key = measures[0]!.key
      const share = ratioOf(runs, { scenario, key, candidate: 'floor', base })
      if (share === undefined) return ''
      const text = `- ${scenario}: the floor used ${share.toFixed(2)} of the CPU of ${base}`
      return share <= mostShare
        ? `${text}\n`
        : `${text}: **this is no floor**, it would have to be at most ${mostShare}\n`
    })
    .join('')
}
