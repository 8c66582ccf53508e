import { parsePath, splitArgument } from '../../../packages/core/src/smtp/path.ts'
import type { MicroFigure } from './micro-figure.ts'
import { nanosecondsOf, type Patience } from './stopwatch.ts'

const argumentsOfRcpt = {
  plain: 'TO:<receiver@bench.example>',
  parameters: 'TO:<some.one+tag@mail.department.bench.example> NOTIFY=SUCCESS,FAILURE',
  quoted: 'TO:<"some one"@bench.example>',
  literal: 'TO:<receiver@[192.0.2.1]>',
} as const

/** How long it takes to cut the argument of RCPT into its parts, and to read the path. */
export function measurePath(patience: Patience): MicroFigure[] {
  return Object.entries(argumentsOfRcpt).flatMap(([name, text]): MicroFigure[] => {
    const path = splitArgument(text, 'TO:')?.path ?? ''
    if (!parsePath(path)) throw new Error(`the path of ${text} was not read`)
    return [
      {
        name: `path splitter, ${name}`,
        value: nanosecondsOf(() => splitArgument(text, 'TO:'), patience),
        unit: 'ns',
      },
      {
        name: `address parser, ${name}`,
        value: nanosecondsOf(() => parsePath(path), patience),
        unit: 'ns',
      },
    ]
  })
}
