/** What one micro-benchmark came to. */
export interface MicroFigure {
  /** What was measured. */
  readonly name: string
  /** How much it came to. */
  readonly value: number
  /** What it is counted in. */
  readonly unit: 'MB/s' | 'ns'
}
