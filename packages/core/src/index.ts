// The words of the protocol.
export {
  type Address,
  isInternational,
  parseDomain,
  parseMailbox,
  type Sender,
} from './smtp/address.ts'
export * as limits from './smtp/limits.ts'
export { noParameters, type Parameters, parseParameters } from './smtp/parameters.ts'
export { parsePath } from './smtp/path.ts'
export { encodeReply, type Reply, reply, replyLines } from './smtp/reply.ts'

// Messages.
export { type Body, bodyOf } from './message/body.ts'
export type { Change } from './message/change.ts'
export type { Envelope, Recipient } from './message/envelope.ts'
export { type HeaderField, Headers } from './message/headers.ts'
export { withLf } from './message/line-ends.ts'
export { type Message, messageOctets } from './message/message.ts'
export type { ReceivedFacts } from './message/received.ts'

// Hooks and what they answer.
export type {
  Authenticated,
  Credentials,
  Secret,
  StoredSecret,
  TlsFacts,
} from './hooks/authentication.ts'
export type { Connection, Endpoint, Hello } from './hooks/connection.ts'
export type { Context, TransactionContext } from './hooks/context.ts'
export type {
  Answer,
  Args,
  Capabilities,
  ConfigAnswer,
  Decision,
  DisconnectReason,
  HookName,
  Hooks,
  Outcome,
  ResetReason,
} from './hooks/hooks.ts'
export { hookNames } from './hooks/rows.ts'
export { type NoteKey, noteKey, Notes } from './hooks/note.ts'
export type { Transaction } from './hooks/transaction.ts'
export {
  type Declined,
  declined,
  deny,
  denySoft,
  type Discard,
  discard,
  type Disconnect,
  disconnect,
  type Done,
  done,
  type Lift,
  lift,
  type Ok,
  ok,
  okText,
  type PerRecipient,
  perRecipient,
  type Refusal,
  type RefusalDetails,
  type Verdict,
} from './hooks/verdict.ts'

// Plugins and the world they live in.
export {
  type Config,
  ConfigError,
  type ConfigSource,
  Configuration,
  type ConfigValues,
  messageOf,
  type Parse,
  type Setting,
} from './plugin/config.ts'
export { PluginHost } from './plugin/host.ts'
export type { LineOptions } from './plugin/line-options.ts'
export { type LoadedPlugin, loadPlugin, type PluginLine } from './plugin/loaded-plugin.ts'
export { MemoryStore } from './plugin/memory-store.ts'
export {
  type AnyPlugin,
  type ContextOf,
  faultOfPlugin,
  type Handler,
  type Handlers,
  isPlugin,
  type Plugin,
} from './plugin/plugin.ts'
export { timeUp, within } from './plugin/within.ts'
export { Words } from './plugin/words.ts'
export type { Clock, MxRecord, Resolver, Store, World } from './plugin/world.ts'

// The server and what it runs on.
export type { ServerEvent } from './log/event.ts'
export {
  createLogger,
  type Logger,
  type LogLevel,
  logLevels,
  type LogRecord,
  type LogScope,
  type LogSink,
  parseLogLevel,
} from './log/logger.ts'
export { type Particulars } from './server/connection-record.ts'
export { Generation, type ServerSettings } from './server/generation.ts'
export { readSettings } from './server/read-settings.ts'
export { type Difference, replay, type Replayed } from './session/replay.ts'
export { Server, type ServerParts } from './server/server.ts'
export type { Spool, SpooledBody } from './server/spool.ts'
export type { Read, Wire } from './server/wire.ts'
export { SpoolDirectory } from './spool/spool-directory.ts'
export { systemClock } from './system/clock.ts'
export { systemResolver } from './system/resolver.ts'
export { listen, type ListenAddress, type Listener } from './transport/listener.ts'
