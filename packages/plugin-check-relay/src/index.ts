import { type Address, deny, ok, type Plugin } from '@qpsmtpd/core'
import { HostSet } from './host-set.ts'
import { suffixed } from './suffixed.ts'

/** Takes mail for the hosts in `me` and `rcpthosts`, and for no others. */
const checkRelay: Plugin = {
  name: 'check-relay',
  options: (words) => words.end(),
  setup(_options, { config }) {
    // Parsed and hashed when the configuration changes, never per recipient.
    const hosts = config.use(['me', 'rcpthosts'], (lines, where) => new HostSet(lines, where))
    return {
      rcpt({ connection, transaction }, recipient, parameters) {
        const suffix = connection.environment.get('RELAYCLIENT')
        if (suffix === undefined)
          return connection.mayRelay || isOurs(recipient, hosts.current)
            ? ok
            : deny('relaying denied')
        if (suffix === '') return ok
        const relayed = suffixed(recipient, suffix)
        if (relayed === undefined) return deny('this recipient can not be relayed')
        transaction.replaceRecipient(recipient, relayed, parameters)
        return ok
      },
    }
  },
}

/** RFC 5321 §4.5.1: postmaster is reachable without a domain; abuse is, too, RFC 2142 §4. */
function isOurs({ domain, local }: Address, hosts: HostSet): boolean {
  return domain === undefined ? /^(?:postmaster|abuse)$/i.test(local) : hosts.has(domain)
}

export default checkRelay
