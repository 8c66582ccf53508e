import { median } from './figures.ts'
import type { Run } from './scenario.ts'

/** What two candidates of one scenario are compared by. */
export interface Comparand {
  /** Name of the scenario. */
  readonly scenario: string
  /** Key of the figure. */
  readonly key: string
  /** Names of the candidates: the one, in units of the other. */
  readonly candidate: string
  /** Name of the other. */
  readonly base: string
}

/**
 * How many times the figure of the other a candidate's is: the median of the ratios of the rounds, as what disturbs a
 * machine for a while disturbs both runs of a round. Undefined where one of the two was not measured.
 */
export function ratioOf(
  runs: readonly Run[],
  { scenario, key, candidate, base }: Comparand,
): number | undefined {
  const own = runs.filter((run) => run.scenario === scenario)
  const bases = new Map(
    own.filter((run) => run.candidate === base).map((run) => [run.round, run.values[key]]),
  )
  const ratios: number[] = []
  for (const { candidate: name, round, values } of own) {
    const other = bases.get(round)
    if (name === candidate && other !== undefined) ratios.push(values[key]! / other)
  }
  return ratios.length === 0 ? undefined : median(ratios)
}
