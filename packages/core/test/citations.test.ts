import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { page, pageText } from '../../../.ci/citations.ts'

test('RFC.md lists the citations that stand in the sources; pnpm rfc writes it anew', () => {
  expect(readFileSync(page, 'utf8')).toBe(pageText())
})

test('every RFC is cited in the one form that the list is made from', () => {
  const rows = pageText().match(/^\| \[RFC \d+\]/gm) ?? []
  expect(rows.length).toBeGreaterThan(50)
})
