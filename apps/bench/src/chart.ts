import { median } from './figures.ts'
import type { Run, Scenario } from './scenario.ts'

const width = 760
const labelWidth = 150
const barWidth = 500
const barHeight = 16
const barStep = 20
const titleHeight = 34
const ours = 'qpsmtpd'

/** One bar. */
interface Bar {
  readonly label: string
  readonly value: number
  readonly text: string
}

/** A bar chart as SVG: for each scenario its first figure, shorter is better, each scenario with a scale of its own. */
export function chartOf(scenarios: readonly Scenario[], runs: readonly Run[]): string {
  const parts: string[] = []
  let top = 0
  for (const scenario of scenarios) {
    const bars = barsOf(scenario, runs)
    if (bars.length === 0) continue
    const { title } = scenario.measures[0]!
    parts.push(text(8, top + titleHeight - 12, `${scenario.name}: ${title}`, 'bold'))
    top += titleHeight
    const most = Math.max(...bars.map(({ value }) => value))
    for (const bar of bars) {
      parts.push(drawn(bar, top, most))
      top += barStep
    }
  }
  const size = `width="${width}" height="${top + barStep}"`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n` +
    `<rect ${size} fill="white"/>\n${parts.join('')}</svg>\n`
  )
}

function barsOf({ name, measures }: Scenario, runs: readonly Run[]): Bar[] {
  const { key, digits } = measures[0]!
  const own = runs.filter((run) => run.scenario === name)
  const groups = Map.groupBy(own, ({ candidate }) => candidate)
  return [...groups].map(([label, group]) => {
    const value = median(group.map(({ values }) => values[key] ?? Number.NaN))
    return { label, value, text: value.toFixed(digits) }
  })
}

function drawn({ label, value, text: figure }: Bar, top: number, most: number): string {
  // Noise can make a growth negative: that has no bar.
  const length = most > 0 ? Math.max(0, (value / most) * barWidth) : 0
  const fill = label.startsWith(ours) && !label.endsWith('perl') ? '#c2410c' : '#64748b'
  const place = `x="${labelWidth}" y="${top}" width="${length.toFixed(1)}" height="${barHeight}"`
  const baseline = top + barHeight - 4
  return (
    text(8, baseline, label) +
    `<rect ${place} fill="${fill}"/>\n` +
    text(labelWidth + length + 6, baseline, figure)
  )
}

function text(x: number, y: number, content: string, weight = 'normal'): string {
  const escaped = content.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}">${escaped}</text>\n`
}
