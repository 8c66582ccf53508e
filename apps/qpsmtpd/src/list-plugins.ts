import { ConfigDirectory } from './config-directory.ts'
import type { CommonOptions } from './options.ts'
import { findPlugins } from './plugin-list.ts'

/** Prints every plugin of the list and where it comes from. */
export async function listPlugins({ config }: CommonOptions): Promise<number> {
  const plugins = await findPlugins(new ConfigDirectory(config, process.env))
  for (const { word, words, origin, where } of plugins)
    process.stdout.write(`${[word, ...words].join(' ')}\t${origin}\t${where}\n`)
  return 0
}
