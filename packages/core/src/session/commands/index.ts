import type { Command } from '../command.ts'
import { data } from './data.ts'
import { ehlo, helo } from './hello.ts'
import { expn, help, noop, vrfy } from './inquiry.ts'
import { mail } from './mail.ts'
import { quit } from './quit.ts'
import { rcpt } from './rcpt.ts'
import { rset } from './rset.ts'

/** Every verb there is, by its name. RFC 5321 §4.1.1. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [helo, ehlo, mail, rcpt, data, rset, noop, vrfy, expn, help, quit].map((command) => [
    command.verb,
    command,
  ]),
)
