import { resolve } from 'node:path'
import { messageOf, type Words } from '@qpsmtpd/core'
import { Template } from './template.ts'

/** What stands on the line: `queue/maildir PATH [TEMPLATE [MODE]]`. */
export interface Options {
  /** Absolute. */
  readonly path: string
  readonly template: Template | undefined
  /** Of directories. */
  readonly mode: number
}

/** Reads the line. @throws ConfigError for what could never be delivered to. */
export function readOptions(words: Words): Options {
  const path = words.next()
  if (path === undefined)
    throw words.error('the path of the Maildir is missing: queue/maildir PATH [TEMPLATE [MODE]]')
  if (path.startsWith('~')) throw words.error('~ stands for nothing here; write the whole path')
  const template = words.next()
  const mode = words.next() ?? '700'
  // Without all rights for ourselves nothing could be delivered.
  if (!/^7[0-7]{2}$/.test(mode))
    throw words.error(`the mode must be three octal digits, the first a 7, not "${mode}"`)
  try {
    return {
      path: resolve(path),
      template: template === undefined ? undefined : new Template(template),
      mode: Number.parseInt(mode, 8),
    }
  } catch (error) {
    throw words.error(messageOf(error))
  }
}
