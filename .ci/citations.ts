import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

/** The page of core that lists which section of which RFC stands behind which file. */
export const page: string = resolve(import.meta.dirname, '../packages/core/RFC.md')

const root = resolve(import.meta.dirname, '../packages/core')

interface Citation {
  readonly rfc: number
  /** `4.5.3.1.4`, or `appendix C`. */
  readonly section: string
  readonly file: string
}

/** Every citation of the one form, `RFC 5321 §4.5.2`, in the sources of core; `RFC 5321 §4.1.2, §4.1.3` names two sections. */
function citations(): readonly Citation[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(root, 'src', name), 'utf8').replace(/\n\s*(?:\*|\/\/) ?/g, ' ')
      const cited = text.matchAll(/RFC (\d+) ((?:§[\d.]*\d|appendix [A-Z])(?:, §[\d.]*\d)*)/g)
      return [...cited].flatMap(([, rfc, sections = '']) =>
        sections.split(', ').map((section) => ({
          rfc: Number(rfc),
          section: section.replace('§', ''),
          file: relative(root, join(root, 'src', name)),
        })),
      )
    })
}

/** What the page says, made from the sources as they are. */
export function pageText(): string {
  const rows = new Map<string, Citation & { files: Set<string> }>()
  for (const citation of citations()) {
    const key = `${citation.rfc} ${citation.section}`
    const row = rows.get(key) ?? { ...citation, files: new Set() }
    row.files.add(citation.file)
    rows.set(key, row)
  }
  const sorted = [...rows.values()].toSorted(
    (a, b) => a.rfc - b.rfc || a.section.localeCompare(b.section, 'en', { numeric: true }),
  )
  const lines = sorted.map(({ rfc, section, files }) => {
    const links = [...files].toSorted().map((file) => `[${file.replace('src/', '')}](${file})`)
    const url = `https://www.rfc-editor.org/rfc/rfc${rfc}`
    const anchor = section.startsWith('appendix')
      ? `#appendix-${section.slice(-1)}`
      : `#section-${section}`
    return `| [RFC ${rfc}](${url}) | [${section}](${url}${anchor}) | ${links.join(', ')} |`
  })
  return `# Which RFC stands behind which file

Made from the citations in the sources by \`pnpm rfc\`; a test holds it to them. What is not listed is
not implemented, or goes without saying.

| RFC | section | where |
| --- | --- | --- |
${lines.join('\n')}
`
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, pageText())
