/** Reads the value of an option that is a whole number, at least `least`. Throws an Error else. */
export function wholeNumber(name: string, text: string, least: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least))
    throw new Error(`--${name} ${text}: not a whole number of ${least} or more`)
  return value
}
