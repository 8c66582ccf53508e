import type { Body } from '../message/body.ts'

/** A body that is still being written. */
export interface SpooledBody extends Body {
  /** Adds octets. A promise where the caller has to wait; it rejects, or this throws, where they can't be stored. */
  write(octets: Uint8Array): void | Promise<void>
  /** Nobody reads it any more. */
  release(): void | Promise<void>
}

/** Makes room for bodies. */
export interface Spool {
  /** @param expected octets, as far as the client has said; 0 otherwise. Throws or rejects where there is no room. */
  open(expected: number): SpooledBody | Promise<SpooledBody>
}
