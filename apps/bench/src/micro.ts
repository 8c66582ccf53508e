import type { MicroFigure } from './micro-figure.ts'
import { measureDotReader } from './micro-dot-reader.ts'
import { measureHost } from './micro-host.ts'
import { measurePath } from './micro-path.ts'
import { patient, type Patience } from './stopwatch.ts'

/** Runs all micro-benchmarks, one behind the other. */
export async function measureMicro(patience: Patience): Promise<MicroFigure[]> {
  return [...measureDotReader(patience), ...measurePath(patience), ...(await measureHost(patience))]
}

/** A Markdown table, a line for each figure. */
export function microTable(figures: readonly MicroFigure[]): string {
  const lines = figures.map(
    ({ name, value, unit }) => `| ${name} | ${value.toFixed(0)} ${unit} |\n`,
  )
  return `| what | median |\n| --- | ---: |\n${lines.join('')}`
}

if (import.meta.main) process.stdout.write(microTable(await measureMicro(patient)))
