import { Draft } from '../../../packages/core/src/plugin/draft.ts'
import { PluginHost } from '../../../packages/core/src/plugin/host.ts'
import { declined } from '../../../packages/core/src/hooks/verdict.ts'
import { type LoadedPlugin, loadPlugin } from '../../../packages/core/src/plugin/loaded-plugin.ts'
import type { HookScope } from '../../../packages/core/src/plugin/scope.ts'
import { noParameters } from '../../../packages/core/src/smtp/parameters.ts'
import { fakeWorld, plugin } from '../../../packages/core/src/testing/index.ts'
import type { MicroFigure } from './micro-figure.ts'
import { nanosecondsOf, type Patience } from './stopwatch.ts'

const counts = [0, 1, 40]
const recipient = { local: 'receiver', domain: 'bench.example', text: 'receiver@bench.example' }

/** How long it takes to ask plugins about a recipient that all have no opinion of, and say so at once. */
export async function measureHost(patience: Patience): Promise<MicroFigure[]> {
  const figures: MicroFigure[] = []
  for (const count of counts) {
    const host = await hostOf(count)
    const scope = scopeOfTransaction()
    const ask = (): unknown => host.ask('rcpt', scope, [recipient, noParameters])
    if (ask() instanceof Promise) throw new Error('the plugins did not answer at once')
    const value = nanosecondsOf(ask, patience)
    figures.push({ name: `plugin host, ${count} plugins`, value, unit: 'ns' })
  }
  return figures
}

async function hostOf(count: number): Promise<PluginHost> {
  const world = fakeWorld()
  const plugins: LoadedPlugin[] = []
  for (let at = 0; at < count; at++) {
    const name = `declining-${at}`
    // Each has a function of its own, as plugins have.
    const line = { plugin: plugin(name, { rcpt: () => declined }), name, words: [], where: name }
    plugins.push(await loadPlugin(line, () => world))
  }
  return new PluginHost(plugins, { clock: world.clock, pluginTimeout: 30_000 })
}

/** As much of a session as is looked at when nobody does anything. */
function scopeOfTransaction(): HookScope {
  const draft = new Draft('bench', { sender: null, parameters: noParameters, recipients: [] })
  return { draft, isGone: false } as unknown as HookScope
}
