/** How much of everything the scenarios do. */
export interface Amounts {
  /** Messages of a run that counts CPU seconds. */
  readonly messages: number
  /** Octets of the body of each of them. */
  readonly bodyOctets: number
  /** Octets of the body of a large message. */
  readonly largeOctets: number
  /** How many large messages a run sends. */
  readonly largeMessages: number
  /** Octets of the one message that shows how memory grows. */
  readonly hugeOctets: number
  /** Connections of the scenarios that hold many of them. */
  readonly connections: number
  /** Transactions that each have the server for themselves. */
  readonly alone: number
  /** Messages that are stored durably. */
  readonly durable: number
  /** Connections that say nothing while a new one comes. */
  readonly idle: number
  /** Connections that send an octet a second while a new one comes. */
  readonly dripping: number
}

/** What is measured unless the options say something else. */
export const fullAmounts: Amounts = {
  messages: 10_000,
  bodyOctets: 4096,
  largeOctets: 50_000_000,
  largeMessages: 20,
  hugeOctets: 1_000_000_000,
  connections: 2000,
  alone: 200,
  durable: 5000,
  idle: 300,
  dripping: 60,
}

/** What --quick measures: enough to see that all works, too little to compare. */
export const quickAmounts: Amounts = {
  ...fullAmounts,
  messages: 1000,
  largeMessages: 4,
  hugeOctets: 100_000_000,
  connections: 300,
  alone: 50,
  durable: 500,
}

/** The share of an amount that a candidate is to do, at least 1. */
export function shareOf(amount: number, share: number | undefined): number {
  return Math.max(1, Math.round(amount * (share ?? 1)))
}
