import { median } from './figures.ts'
import { ratioOf } from './ratio.ts'
import type { Run, Scenario } from './scenario.ts'

const base = 'floor'

/** Markdown: a heading and a table for each group of scenarios, with a line for each server in each of them. */
export function tablesOf(scenarios: readonly Scenario[], runs: readonly Run[]): string {
  const groups = Map.groupBy(scenarios, ({ table }) => table)
  const texts = [...groups].map(([title, group]) => {
    const measured = group.filter(({ name }) => runs.some((run) => run.scenario === name))
    return measured.length === 0 ? '' : `## ${title}\n\n${tableOf(measured, runs)}`
  })
  return texts.filter((text) => text !== '').join('\n')
}

/** A Markdown table of the medians, in the order of the runs. The scenarios have the same measures. */
function tableOf(scenarios: readonly Scenario[], runs: readonly Run[]): string {
  const [first, ...more] = scenarios[0]!.measures
  const titles = [first!.title, `× ${base}`, ...more.map(({ title }) => title)]
  const columns = ['scenario', 'server', ...titles]
  const rule = columns.map((_, at) => (at < 2 ? '---' : '---:'))
  const lines = scenarios.flatMap((scenario) => {
    const own = Map.groupBy(
      runs.filter((run) => run.scenario === scenario.name),
      ({ candidate }) => candidate,
    )
    return [...own.values()].map((group) => lineOf(scenario, group, runs))
  })
  return [columns, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function lineOf(scenario: Scenario, group: readonly Run[], runs: readonly Run[]): string[] {
  const { name, measures } = scenario
  const { candidate } = group[0]!
  const figures = measures.map(({ key, digits }) =>
    median(group.map(({ values }) => values[key] ?? Number.NaN)).toFixed(digits),
  )
  const ratio = ratioOf(runs, { scenario: name, key: measures[0]!.key, candidate, base })
  return [name, candidate, figures[0]!, ratio?.toFixed(2) ?? '–', ...figures.slice(1)]
}
