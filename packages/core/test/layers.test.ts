import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** Which folders of src/ each folder may import, besides itself. What is not listed is forbidden. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  smtp: [],
  log: [],
  message: ['smtp'],
  hooks: ['message', 'smtp', 'log'],
  session: ['hooks', 'message', 'smtp'],
  plugin: ['hooks', 'message', 'smtp', 'log'],
  server: ['session', 'plugin', 'hooks', 'message', 'smtp', 'log'],
  transport: ['server', 'hooks', 'smtp'],
  spool: ['server', 'plugin', 'message'],
  system: ['plugin'],
  testing: ['transport', 'spool', 'server', 'session', 'plugin', 'hooks', 'message', 'smtp', 'log'],
}

/** Only what stands at the border touches Node's modules. */
const mayTouchNode: ReadonlySet<string> = new Set(['transport', 'spool', 'system', 'testing'])

const src = resolve(import.meta.dirname, '../src')

interface Import {
  readonly file: string
  readonly specifier: string
}

function importsOf(folder: string): readonly Import[] {
  const files = readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(src, folder, file), 'utf8')
      return [...text.matchAll(/\bfrom\s+'([^']+)'|\bimport\s*\(?\s*'([^']+)'/g)].map(
        ([, from, plain = '']) => ({
          file: join(folder, file),
          specifier: from ?? plain,
        }),
      )
    })
}

const folderOf = ({ file, specifier }: Import): string =>
  relative(src, resolve(src, dirname(file), specifier)).split('/')[0] ?? ''

test('every folder is a layer that is named here', () => {
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).toSorted()).toEqual(Object.keys(mayImport).toSorted())
})

for (const [folder, allowed] of Object.entries(mayImport)) {
  test(`src/${folder} imports only ${allowed.join(', ') || 'itself'}`, () => {
    const inside = importsOf(folder).filter(({ specifier }) => specifier.startsWith('.'))
    expect(inside.filter((one) => ![folder, ...allowed].includes(folderOf(one)))).toEqual([])
  })

  test(`src/${folder} imports ${mayTouchNode.has(folder) ? 'no package but Node' : 'neither packages nor Node'}`, () => {
    const outside = importsOf(folder).filter(({ specifier }) => !specifier.startsWith('.'))
    const allowedNode = mayTouchNode.has(folder)
    expect(
      outside.filter(({ specifier }) => !(allowedNode && specifier.startsWith('node:'))),
    ).toEqual([])
  })
}

test('no file imports itself in a circle, whatever is imported for its types alone', () => {
  const files = new Map<string, readonly string[]>()
  for (const folder of Object.keys(mayImport))
    for (const { file, specifier } of importsOf(folder)) {
      const target = specifier.startsWith('.')
        ? [relative(src, resolve(src, dirname(file), specifier))]
        : []
      files.set(file, [...(files.get(file) ?? []), ...target])
    }
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file) || path.includes(file)) return
    for (const next of files.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files.keys()) visit(file, [])
  expect(circles).toEqual([])
})
