import type { Run } from './comparison.ts'
import { median } from './figures.ts'

const columns = [
  'mode',
  'server',
  'CPU s / 10,000',
  '× floor',
  'messages/s',
  'p50 ms',
  'p99 ms',
  'RSS MiB',
] as const
const floorName = 'floor'
const octetsPerMebibyte = 1024 * 1024

/** A Markdown table of the medians, a line for each server in each mode, in the order of the runs. */
export function tableOf(runs: readonly Run[]): string {
  const groups = Map.groupBy(runs, (run) => `${run.mode} ${run.candidate}`)
  const lines = [...groups.values()].map((group) => lineOf(group, runs))
  const rule = columns.map((_, at) => (at < 2 ? '---' : '---:'))
  return [columns, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/**
 * How many times the CPU of the floor a server used: the median of the ratios of the rounds, as what
 * disturbs a machine for a while disturbs both runs of a round. Undefined without the floor.
 */
function ratioToFloor(group: readonly Run[], runs: readonly Run[]): number | undefined {
  const ratios: number[] = []
  for (const run of group) {
    const base = runs.find(
      (one) => one.candidate === floorName && one.mode === run.mode && one.round === run.round,
    )
    if (base !== undefined) ratios.push(run.cpuPer10k / base.cpuPer10k)
  }
  return ratios.length === 0 ? undefined : median(ratios)
}

function lineOf(group: readonly Run[], runs: readonly Run[]): string[] {
  const of = (value: (run: Run) => number): number => median(group.map(value))
  return [
    group[0]!.mode,
    group[0]!.candidate,
    of((run) => run.cpuPer10k).toFixed(3),
    ratioToFloor(group, runs)?.toFixed(2) ?? '–',
    of((run) => run.messagesPerSecond).toFixed(0),
    of((run) => run.p50).toFixed(2),
    of((run) => run.p99).toFixed(2),
    (of((run) => run.residentOctets) / octetsPerMebibyte).toFixed(0),
  ]
}
