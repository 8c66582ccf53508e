import type { Answer, Args, HookName, Hooks } from '../hooks/hooks.ts'
import type { Context, TransactionContext } from '../hooks/context.ts'
import type { Words } from './words.ts'
import type { World } from './world.ts'

/** What a handler gets before its arguments. */
export type ContextOf<H extends HookName> = {
  world: World
  connection: Context
  transaction: TransactionContext
}[Hooks[H]['on']]

/**
 * Answers one hook. Answer without a promise where you can: it is not waited for. What you throw, and taking longer
 * than the plugin's time, is a temporary failure for the client. (`event` has no promise: a return type that is void
 * and nothing else would let one pass.)
 */
export type Handler<H extends HookName> = (
  context: ContextOf<H>,
  ...args: Args<H>
) => Answer<H> | (H extends 'event' ? undefined : Promise<Answer<H>>)

/** The hooks that a plugin answers; several handlers of one hook run in the order given. */
export type Handlers = { readonly [H in HookName]?: Handler<H> | readonly Handler<H>[] }

/** What every plugin has, whatever its options are. */
interface PluginBase {
  /** As in its package's name, without the prefix. */
  readonly name: string
  /** ESMTP extensions that a queue plugin passes on: `8BITMIME`, `SMTPUTF8`, `DSN` … */
  readonly carries?: readonly string[]
  /** True where `reject` on its line is an option of its own, not the host's. */
  readonly ownsReject?: boolean
}

/** Reads the words behind the plugin's name in `config/plugins`. @throws ConfigError (`words.error`) for what it does not know. */
type ReadOptions<Options> = (words: Words) => Options

/** A plugin: an object, exported as its package's default. `options` may only be missing where there are none. */
export type Plugin<Options = void> = PluginBase & {
  /** Runs once for each process and configuration. What it throws, and not ending in time, stops the start. */
  readonly setup: (options: Options, world: World) => Handlers | Promise<Handlers>
} & ([Options] extends [void]
    ? { readonly options?: ReadOptions<Options> }
    : { readonly options: ReadOptions<Options> })

/** A plugin whatever its options are; only with its own words may it be set up. */
export type AnyPlugin = PluginBase & {
  readonly options?: ReadOptions<unknown>
  readonly setup: (options: never, world: World) => Handlers | Promise<Handlers>
}

/** What keeps a value from being a plugin; undefined for one that can be used: a module's default export, for instance. */
export function faultOfPlugin(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object { name, setup }'
  const { name, options, setup } = value as Partial<Record<'name' | 'options' | 'setup', unknown>>
  if (typeof name !== 'string') return 'its name is missing'
  if (typeof setup !== 'function') return 'its setup is missing'
  if (options !== undefined && typeof options !== 'function') return 'its options are no function'
  return undefined
}

/** True for what can be used as a plugin. */
export function isPlugin(value: unknown): value is AnyPlugin {
  return faultOfPlugin(value) === undefined
}
