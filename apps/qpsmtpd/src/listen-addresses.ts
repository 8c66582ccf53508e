import { isIP } from 'node:net'
import { ConfigError, type Config, type ListenAddress } from '@qpsmtpd/core'

/** Where to listen, and what to say about it. */
export interface Addresses {
  readonly addresses: readonly ListenAddress[]
  readonly warning: string | undefined
}

/** The addresses of `--listen`, else those in `IP`, else loopback alone. @throws ConfigError for what is no address. */
export function listenAddresses(
  given: readonly string[] | undefined,
  config: Config,
  port: number,
): Addresses {
  if (given !== undefined)
    return {
      addresses: given.map((text) => parseAddress(text, `--listen ${text}`, port)),
      warning: undefined,
    }
  const fromFile = config.use('IP', (lines, where) =>
    lines.map((line, index) => {
      const [address = '', ...words] = line.split(/\s+/)
      if (words.length > 0)
        throw new ConfigError(`${where(index)}: "${words[0]}" is not known behind an address`)
      return parseAddress(address, where(index), port)
    }),
  ).current
  if (fromFile.length > 0) return { addresses: fromFile, warning: undefined }
  return {
    addresses: [{ host: '127.0.0.1', port }],
    warning:
      'no file IP says where to listen: only this machine can connect (0 is for all addresses)',
  }
}

/** `0` for all, an address, `address:port`, `[IPv6]:port`. */
function parseAddress(text: string, where: string, otherwise: number): ListenAddress {
  const bad = new ConfigError(
    `${where}: "${text}" is no address to listen on: 0, an IP address, or ADDRESS:PORT`,
  )
  const match =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?::(\d{1,5}))?$/.exec(
      text,
    )
  const host = match?.[1] ?? match?.[2]
  if (match === null || host === undefined) throw bad
  const port = match[3] === undefined ? otherwise : Number(match[3])
  if (port > 65_535) throw bad
  if (host === '0') return { host: undefined, port }
  if (isIP(host) === 0) throw bad
  return { host, port }
}

/** Root may have the port of mail; anybody else has one that is free to have. */
export function usualPort(): number {
  return process.getuid?.() === 0 ? 25 : 2525
}
