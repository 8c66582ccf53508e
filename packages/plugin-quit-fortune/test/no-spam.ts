import { declined, deny, type Plugin } from '@qpsmtpd/core'

const noSpam: Plugin<string> = {
  name: 'no-spam',
  options: (words) => words.next() ?? 'spammer.example',
  setup: (host) => ({
    mail: (_context, sender) => (sender?.domain === host ? deny('not you') : declined),
  }),
}

export default noSpam
