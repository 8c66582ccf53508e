import { ConfigError } from '@qpsmtpd/core'
import type { Environment } from './config-directory.ts'

/** What belongs to one connection can't be said for all: this would be an open relay. @throws ConfigError where somebody tries. */
export function refuseRelayClient(environment: Environment): void {
  if (environment['RELAYCLIENT'] !== undefined)
    throw new ConfigError(
      'RELAYCLIENT is set in the environment: a daemon that heeded it would relay for the whole world. Unset it.',
    )
}
