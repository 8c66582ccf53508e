import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ownPlugins } from '../src/plugin-name.ts'

test('the plugins that the program knows to be there are those of this repository', () => {
  const packages = readdirSync(resolve(import.meta.dirname, '../../../packages'))
  const plugins = packages.filter((name) => name.startsWith('plugin-'))
  expect(plugins.map((name) => name.slice('plugin-'.length)).toSorted()).toEqual(ownPlugins)
})
