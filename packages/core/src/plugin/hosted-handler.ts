import type { HookName } from '../hooks/hooks.ts'
import type { LoadedPlugin } from './loaded-plugin.ts'
import type { Handler } from './plugin.ts'

/** A handler and whose it is. */
export interface HostedHandler {
  readonly plugin: LoadedPlugin
  readonly handler: Handler<HookName>
}
