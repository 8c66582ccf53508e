/** What happens in the server, for sinks and metrics that listen to the `event` hook. Durations are milliseconds. */
export type ServerEvent =
  | { readonly event: 'connected'; readonly session: string; readonly address: string }
  | {
      readonly event: 'answered'
      readonly session: string
      readonly hook: string
      readonly plugin: string
      readonly verdict: string
      readonly duration: number
    }
  | {
      readonly event: 'failed'
      readonly session: string | undefined
      readonly hook: string
      readonly plugin: string
      readonly cause: string
    }
  | {
      readonly event: 'queued'
      readonly session: string
      readonly message: string
      readonly size: number
      readonly recipients: number
      readonly plugin: string | undefined
    }
  | {
      readonly event: 'disconnected'
      readonly session: string
      readonly reason: string
      readonly duration: number
    }
