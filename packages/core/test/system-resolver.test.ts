import { expect, test } from 'vitest'
import { reverseName, systemResolver } from '../src/system/resolver.ts'

test.each([
  ['192.0.2.7', '7.2.0.192.in-addr.arpa'],
  ['2001:db8::7', '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ['::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ['::', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ['1:2:3:4:5:6:7:8', '8.0.0.0.7.0.0.0.6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.ip6.arpa'],
])('RFC 1035 §3.5, RFC 3596 §2.5: %s is looked up as %s', (address, name) => {
  expect(reverseName(address)).toBe(name)
})

test('what is no address has no such name', () => {
  expect(() => reverseName('mx.example.com')).toThrow(TypeError)
})

test('a name server that is no address is refused at once', () => {
  expect(() => systemResolver(['ns.example.com'])).toThrow(TypeError)
})
