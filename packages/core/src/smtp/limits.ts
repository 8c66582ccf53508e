/** Longest command line, octets with its CRLF. At least 512 (RFC 5321 §4.5.3.1.4), with room for ESMTP parameters. */
export const commandLine = 4_096

/** A command line that has no end after so many octets closes the session. */
export const endlessLine = 65_536

/** Longest reply line, octets with its CRLF. RFC 5321 §4.5.3.1.5. */
export const replyLine = 512

/** Longest path, octets without its angle brackets. qmail's number; at least 256 (RFC 5321 §4.5.3.1.3). */
export const path = 900

/** Longest domain, octets. RFC 5321 §4.5.3.1.2. */
export const domain = 255

/** Longest header section, octets: more is refused with 552 at the dot. */
export const headerSection = 1_048_576

/** Most Received and Delivered-To fields a message may come with. RFC 5321 §6.3. */
export const hops = 100

/** Default of `max_recipients`. At least 100: RFC 5321 §4.5.3.1.8. */
export const recipients = 1_000

/** Default of `max_errors`: bad commands that are answered before the session is closed. */
export const errors = 20

/** Most octets that a client may send ahead while a plugin thinks, before they are left in the network. */
export const inputAhead = 65_536

/** Octets of replies that are joined before they must be sent. */
export const outputAhead = 16_384

/** Default of `size_threshold`: octets of a body kept in memory before it goes to a file. */
export const bodyInMemory = 262_144

/** Default of `timeout`: milliseconds to wait for the client. At least 5 minutes: RFC 5321 §4.5.3.2.7. */
export const idleTime = 1_200_000

/** Milliseconds a client may take to read what we have written. */
export const flushTime = 300_000

/** Milliseconds a client that was refused at the greeting may stay before it has said QUIT. RFC 5321 §3.1. */
export const refusedTime = 60_000

/** Milliseconds to go on reading, and dropping, after our last reply, so that the client can still fetch it. */
export const lingerTime = 2_000

/** Milliseconds for a plugin to be set up. */
export const setupTime = 60_000

/** Default of `plugin_timeout`: milliseconds for a handler. */
export const hookTime = 30_000

/** Milliseconds for a handler of a hook that has the whole message: dataPost, queuePre, queue. */
export const messageHookTime = 300_000

/** Milliseconds for all handlers together between the dot and its reply: clients wait 10 minutes. RFC 5321 §4.5.3.2.6. */
export const afterDotTime = 240_000

/** Milliseconds that `queue` may still take to settle once its time was up, before the client is told. */
export const queueGraceTime = 60_000

/** Default of `max_connections`: sessions at once. */
export const connections = 10_000

/** Default of `max_connections_per_address`: sessions of one client address at once, loopback exempt. */
export const connectionsPerAddress = 100

/** Milliseconds that sessions have to end by themselves once the server drains. */
export const drainTime = 8_000

/** Milliseconds that handlers have to settle once the time of a drain is up. */
export const abortTime = 2_000

/** Pieces of work that one session may have begun and not ended: see `Context.begin`. */
export const begunWork = 32

/** Changes of envelope and message that one transaction may collect. */
export const changes = 10_000
