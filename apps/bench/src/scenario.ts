import type { Amounts } from './amounts.ts'
import type { ServerProcess } from './server-process.ts'

/** What a scenario came to: its figures by the keys of its measures. */
export type Values = Readonly<Record<string, number>>

/** One figure of a scenario, a column of its table. */
export interface Measure {
  /** What it is called in the JSON. */
  readonly key: string
  /** What it is called in the table, with its unit. */
  readonly title: string
  /** Digits behind the point. */
  readonly digits: number
}

/** What a scenario is told besides the server. */
export interface Circumstances {
  /** How much to do. */
  readonly amounts: Amounts
  /** True where the server is on CPU 0 and the load has to stay on CPU 1. */
  readonly pin: boolean
}

/** Something that servers are made to do while it is measured what they need for it. */
export interface Scenario {
  /** Its name in options and tables. */
  readonly name: string
  /** The heading of its table; scenarios with the same one share it. */
  readonly table: string
  /** Its figures; the first one is the one to compare by, and the less the better. */
  readonly measures: readonly Measure[]
  /** True where every round needs a server that has done nothing else yet. */
  readonly fresh: boolean
  /** Makes a server do it, once. */
  readonly run: (server: ServerProcess, circumstances: Circumstances) => Promise<Values>
}

/** What one run of one server came to. */
export interface Run {
  /** Name of the scenario. */
  readonly scenario: string
  /** Name of the candidate. */
  readonly candidate: string
  /** Which round, from 0. */
  readonly round: number
  /** The figures. */
  readonly values: Values
}
