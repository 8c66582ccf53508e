import { ok, type Plugin } from '@qpsmtpd/core'

/** Says that every message was queued, and drops it. */
const queueDiscard: Plugin = {
  name: 'queue-discard',
  carries: ['8BITMIME', 'SMTPUTF8'],
  options: (words) => words.end(),
  setup(_options, { log }) {
    log.warning('every message is accepted and DROPPED: this is for benchmarks and tests')
    return { queue: () => ok }
  },
}

export default queueDiscard
