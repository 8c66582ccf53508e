import {
  type Address,
  deny,
  ok,
  type Plugin,
  parseMailbox,
  type TransactionContext,
} from '@qpsmtpd/core'
import { HostSet } from './host-set.ts'

/** Takes mail for the hosts in `me` and `rcpthosts`, and for no others. */
const checkRelay: Plugin = {
  name: 'check-relay',
  options: (words) => words.end(),
  setup(_options, { config }) {
    // Parsed and hashed when the configuration changes, never per recipient.
    const hosts = config.use(['me', 'rcpthosts'], (lines, where) => new HostSet(lines, where))
    return {
      rcpt(context, recipient) {
        const { connection } = context
        const suffix = connection.environment.get('RELAYCLIENT')
        if (suffix !== undefined) return relay(context, recipient, suffix)
        if (connection.mayRelay || isOurs(recipient, hosts.current)) return ok
        return deny('relaying denied')
      },
    }
  },
}

/** RFC 5321 §4.5.1: postmaster is reachable without a domain; abuse is, too, RFC 2142 §4. */
function isOurs({ domain, local }: Address, hosts: HostSet): boolean {
  return domain === undefined ? /^(?:postmaster|abuse)$/i.test(local) : hosts.has(domain)
}

/** RELAYCLIENT's value is put behind the recipient, as qmail-smtpd does. */
function relay(
  { transaction }: TransactionContext,
  recipient: Address,
  suffix: string,
): ReturnType<typeof deny> | typeof ok {
  if (suffix === '') return ok
  const suffixed = parseMailbox(recipient.text + suffix)
  if (suffixed === undefined) return deny('this recipient can not be relayed')
  transaction.replaceRecipient(recipient, suffixed)
  return ok
}

export default checkRelay
