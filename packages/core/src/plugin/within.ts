import type { Clock } from './world.ts'

/** Stands for a time that was up before something came to its end. */
export const timeUp: unique symbol = Symbol('time is up')

/** What a promise comes to, unless its time is up before. No timer is left behind. @param limit milliseconds. */
export function within<T>(
  promise: Promise<T>,
  limit: number,
  clock: Pick<Clock, 'after'>,
): Promise<T | typeof timeUp> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(limit, () => resolve(timeUp))
    promise.finally(stop).then(resolve, reject)
  })
}
