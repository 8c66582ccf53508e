/** What a word of `config/plugins` stands for. */
export type PluginReference =
  /** A file beside the configuration. */
  | { readonly kind: 'file'; readonly path: string }
  /** Packages to try, one after the other. */
  | { readonly kind: 'package'; readonly candidates: readonly [string, ...string[]] }

/** Names that qpsmtpd 1.0 gave to plugins of 0.26, and 0.26's own for what 1.0 has split. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['rcpt_ok', 'check_relay'],
  ['badmailfrom', 'check_badmailfrom'],
  ['badrcptto', 'check_badrcptto'],
  ['resolvable_fromhost', 'require_resolvable_fromhost'],
  ['earlytalker', 'check_earlytalker'],
  ['clamav', 'virus/clamdscan'],
])

/** The plugins that this version brings, by the last part of their package's name. */
export const ownPlugins: readonly string[] = [
  'check-relay',
  'queue-discard',
  'queue-maildir',
  'quit-fortune',
]

/**
 * Reads the first word of a line: `@scope/name` is a package as it stands, `./file.ts` or `./file.js` a file beside the
 * configuration, and any other name, `_` and `/` made `-`, a package of ours or of somebody else's. A number behind a
 * colon (`relay:1`) tells several lines of one plugin apart and is no part of the name. Undefined for what is none of these.
 */
export function readPluginName(word: string): PluginReference | undefined {
  if (/^\.\.?\//.test(word)) return { kind: 'file', path: word }
  if (/^@[\w.-]+\/[\w.-]+$/.test(word)) return { kind: 'package', candidates: [word] }
  if (!/^\w[\w/.-]*(?::\d+)?$/.test(word)) return undefined
  const name = word.replace(/:\d+$/, '')
  const own = (otherNames.get(name) ?? name).replace(/[_/]/g, '-')
  return { kind: 'package', candidates: [`@qpsmtpd/plugin-${own}`, `qpsmtpd-plugin-${own}`] }
}
