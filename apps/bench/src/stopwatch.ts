import { median } from './figures.ts'

/** How long something is run to see how long it takes. */
export interface Patience {
  /** Milliseconds that it is run before, so that it is compiled. */
  readonly warmUp: number
  /** Milliseconds of each run that counts, at least. */
  readonly run: number
  /** How many runs count. */
  readonly runs: number
}

/** What gives figures that come out the same the next time. */
export const patient: Patience = { warmUp: 200, run: 100, runs: 7 }

const nanosecondsPerMillisecond = 1e6

/** Nanoseconds that something takes each time: the median of several runs. What it returns is used, so that it can't be left out. */
export function nanosecondsOf(work: () => unknown, { warmUp, run, runs }: Patience): number {
  const { times } = repeated(work, 1, warmUp)
  // So many that asking for the time costs nothing beside them.
  const batch = Math.max(1, Math.ceil(times / 100))
  const results: number[] = []
  for (let at = 0; at < runs; at++) {
    const measured = repeated(work, batch, run)
    results.push(measured.nanoseconds / measured.times)
  }
  if (kept === results) throw new Error('that is no result')
  return median(results)
}

let kept: unknown

/** Repeats something in batches for so many milliseconds. */
function repeated(
  work: () => unknown,
  batch: number,
  milliseconds: number,
): { nanoseconds: number; times: number } {
  const limit = milliseconds * nanosecondsPerMillisecond
  const start = process.hrtime.bigint()
  let times = 0
  let nanoseconds = 0
  do {
    for (let at = 0; at < batch; at++) kept = work()
    times += batch
    nanoseconds = Number(process.hrtime.bigint() - start)
  } while (nanoseconds < limit)
  return { nanoseconds, times }
}
