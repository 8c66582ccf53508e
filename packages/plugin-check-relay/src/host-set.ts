import { parseDomain } from '@qpsmtpd/core'

/** Host names, and `.example.com` for every host under example.com but not example.com itself. Looked up by hash. */
export class HostSet {
  readonly #hosts = new Set<string>()
  readonly #suffixes = new Set<string>()

  /** @throws Error for a line that is neither; `where` says which. */
  constructor(lines: readonly string[], where: (index: number) => string) {
    for (const [index, line] of lines.entries()) {
      const isSuffix = line.startsWith('.')
      const host = parseDomain(isSuffix ? line.slice(1) : line)
      if (host === undefined || (isSuffix && host.startsWith('[')))
        throw new Error(`${where(index)}: "${line}" is no host name`)
      if (isSuffix) this.#suffixes.add(`.${host}`)
      else this.#hosts.add(host)
    }
  }

  /** @param domain lower-case, as `Address.domain` is. */
  has(domain: string): boolean {
    if (this.#hosts.has(domain)) return true
    if (this.#suffixes.size === 0) return false
    for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1))
      if (this.#suffixes.has(domain.slice(dot))) return true
    return false
  }
}
