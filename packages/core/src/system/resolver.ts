import { Resolver as NodeResolver } from 'node:dns/promises'
import type { Resolver } from '../plugin/world.ts'

/** Milliseconds to wait for a name server, and how often to ask. */
const patience = { timeout: 2_000, tries: 2 }

/**
 * Asks name servers: those given as `address` or `address:port`, else the system's.
 * @throws TypeError for a server that is no address.
 */
export function systemResolver(servers: readonly string[] = []): Resolver {
  const resolver = new NodeResolver(patience)
  if (servers.length > 0) resolver.setServers(servers)
  return {
    a: (name) => orNone(resolver.resolve4(name)),
    aaaa: (name) => orNone(resolver.resolve6(name)),
    mx: (name) => orNone(resolver.resolveMx(name)),
    txt: async (name) =>
      (await orNone(resolver.resolveTxt(name))).map((strings) => strings.join('')),
    // Not `reverse`: that would answer from the hosts file.
    ptr: (address) => orNone(resolver.resolvePtr(reverseName(address))),
  }
}

async function orNone<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer
  } catch (error) {
    const { code } = error as { readonly code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw error
  }
}

/** The name under which an address is looked up. RFC 1035 §3.5, RFC 3596 §2.5. @throws TypeError for what is no address. */
export function reverseName(address: string): string {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address))
    return `${address.split('.').toReversed().join('.')}.in-addr.arpa`
  const groups = expandIpv6(address).map((group) => group.toString(16).padStart(4, '0'))
  return `${groups.join('').split('').toReversed().join('.')}.ip6.arpa`
}

function expandIpv6(address: string): readonly number[] {
  // URL writes every form of an address in one: hexadecimal groups and at most one "::".
  const { hostname } = new URL(`http://[${address}]/`)
  const [head = '', tail] = hostname.slice(1, -1).split('::')
  const left = groupsOf(head)
  if (tail === undefined) return left
  const right = groupsOf(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

const groupsOf = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
