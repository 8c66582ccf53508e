import { deny, declined, type Plugin } from '@qpsmtpd/core'

/** Refuses mail from one address. */
const noSpam: Plugin<string> = {
  name: 'no-spam',
  options: (words) => words.next() ?? 'spammer@example.net',
  setup: (unwanted) => ({
    mail: (_context, sender) => (sender?.text === unwanted ? deny('not you') : declined),
  }),
}

export default noSpam
