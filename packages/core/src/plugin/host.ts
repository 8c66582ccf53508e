import { type Answered, nobodyAnswers } from '../hooks/answered.ts'
import type { Args, HookName } from '../hooks/hooks.ts'
import { hookNames } from '../hooks/rows.ts'
import { Asking } from './asking.ts'
import type { HostedHandler } from './hosted-handler.ts'
import type { Handler } from './plugin.ts'
import type { LoadedPlugin } from './loaded-plugin.ts'
import type { HookScope } from './scope.ts'
import type { Clock } from './world.ts'

/** What the host has to know besides its plugins. */
export interface HostSettings {
  readonly clock: Clock
  /** Milliseconds for a handler. */
  readonly pluginTimeout: number
}

/** What a queue plugin is taken to carry that says nothing: octets are octets. RFC 6152 §3. */
const carriedByAll: readonly string[] = ['8BITMIME']

/** The plugins of one configuration, asked in the order of the list. */
export class PluginHost {
  readonly plugins: readonly LoadedPlugin[]
  readonly settings: HostSettings
  readonly #handlers: ReadonlyMap<HookName, readonly HostedHandler[]>

  constructor(plugins: readonly LoadedPlugin[], settings: HostSettings) {
    this.plugins = plugins
    this.settings = settings
    this.#handlers = new Map(hookNames.map((hook) => [hook, handlersOf(plugins, hook)]))
  }

  /** The ESMTP extensions that every queue plugin passes on; undefined where there is none to pass on anything. */
  get carries(): ReadonlySet<string> | undefined {
    const sets = this.handlersOf('queue').map(
      ({ plugin }) => new Set(plugin.carries ?? carriedByAll),
    )
    return sets.length === 0 ? undefined : sets.reduce((all, one) => all.intersection(one))
  }

  /** The hooks that a plugin answers. */
  get heard(): ReadonlySet<HookName> {
    return new Set(hookNames.filter((hook) => this.has(hook)))
  }

  /** True where a plugin answers that hook. */
  has(hook: HookName): boolean {
    return this.handlersOf(hook).length > 0
  }

  /** Who answers that hook, in order. */
  handlersOf(hook: HookName): readonly HostedHandler[] {
    return this.#handlers.get(hook) ?? []
  }

  /**
   * Asks all plugins about a hook. The answer comes without a promise where every handler answers without one. It never
   * throws and never rejects: a handler that fails is a temporary failure, and stands in the log.
   */
  ask<H extends HookName>(
    hook: H,
    scope: HookScope | undefined,
    args: Args<H>,
  ): Answered<H> | Promise<Answered<H>> {
    const handlers = this.handlersOf(hook)
    const asked =
      handlers.length > 0
        ? new Asking(this, hook, handlers, scope, args).run()
        : nobodyAnswers(hook, args)
    // Closed over its types: the answers to a hook are those of that hook.
    return asked as Answered<H> | Promise<Answered<H>>
  }
}

function handlersOf(plugins: readonly LoadedPlugin[], hook: HookName): readonly HostedHandler[] {
  return plugins.flatMap((plugin) => {
    const own = plugin.handlers[hook]
    if (own === undefined) return []
    return [own].flat().map((handler) => ({ plugin, handler: handler as Handler<HookName> }))
  })
}
