import { describe, expect, test } from 'vitest'
import { readPluginName } from '../src/plugin-name.ts'

describe('the first word of a line in config/plugins', () => {
  test.each([
    ['check_relay', 'check-relay'],
    ['dnsbl', 'dnsbl'],
    ['queue/maildir', 'queue-maildir'],
    ['queue/qmail-queue', 'queue-qmail-queue'],
    ['auth/auth_vpopmail_sql', 'auth-auth-vpopmail-sql'],
  ])('%s is the package plugin-%s, ours before somebody else’s', (word, name) => {
    expect(readPluginName(word)).toEqual({
      kind: 'package',
      candidates: [`@qpsmtpd/plugin-${name}`, `qpsmtpd-plugin-${name}`],
    })
  })

  test.each([
    ['rcpt_ok', 'check-relay'],
    ['badmailfrom', 'check-badmailfrom'],
    ['badrcptto', 'check-badrcptto'],
    ['resolvable_fromhost', 'require-resolvable-fromhost'],
    ['earlytalker', 'check-earlytalker'],
    ['clamav', 'virus-clamdscan'],
    ['virus/clamdscan', 'virus-clamdscan'],
  ])('%s, as other releases of qpsmtpd call it, is plugin-%s', (word, name) => {
    expect(readPluginName(word)).toMatchObject({
      candidates: [`@qpsmtpd/plugin-${name}`, `qpsmtpd-plugin-${name}`],
    })
  })

  test.each(['relay:1', 'relay:22'])('the number of %s is no part of the name', (word) => {
    expect(readPluginName(word)).toEqual(readPluginName('relay'))
  })

  test('a number behind another release’s name is taken off first', () => {
    expect(readPluginName('rcpt_ok:1')).toEqual(readPluginName('check_relay'))
  })

  test('@scope/name is a package as it stands', () => {
    expect(readPluginName('@acme/qpsmtpd_greylist')).toEqual({
      kind: 'package',
      candidates: ['@acme/qpsmtpd_greylist'],
    })
  })

  test.each(['./mine.ts', './plugins/mine_too.js', '../other/one.ts'])(
    '%s is a file beside the configuration',
    (word) => {
      expect(readPluginName(word)).toEqual({ kind: 'file', path: word })
    },
  )
})
