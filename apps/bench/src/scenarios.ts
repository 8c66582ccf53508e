import type { Candidate } from './candidate.ts'
import { crowd, idle, slow, start } from './connection-scenarios.ts'
import { durable } from './durable-scenario.ts'
import { alone, cpuScenarios, large } from './load-scenarios.ts'
import { memory } from './memory-scenario.ts'
import type { Scenario } from './scenario.ts'

/** All scenarios, in the order in which they are run. */
export const scenarios: readonly Scenario[] = [
  ...cpuScenarios,
  large,
  memory,
  idle,
  alone,
  start,
  durable,
  crowd,
  slow,
]

/** True where a scenario makes sense for a candidate. Only one that stores durably can be measured by that. */
export function makesSense({ name }: Scenario, { only, except }: Candidate): boolean {
  if (only !== undefined) return only.includes(name)
  return name !== durable.name && except?.includes(name) !== true
}
