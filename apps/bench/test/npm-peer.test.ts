import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultPeers, NpmPeer } from '../src/npm-peer.ts'
import { makeScratch, type Scratch, writeIn } from '../src/scratch.ts'

let scratch: Scratch

beforeEach(() => {
  scratch = makeScratch()
})

afterEach(() => {
  vi.unstubAllEnvs()
  scratch.remove()
})

/** Puts a shell script in the place of npm. */
function fakeNpm(script: string): void {
  writeIn(scratch.path, 'bin/npm', `#!/bin/sh\n${script}\n`)
  chmodSync(join(scratch.path, 'bin/npm'), 0o755)
  vi.stubEnv('PATH', `${join(scratch.path, 'bin')}${delimiter}${process.env['PATH']}`)
}

const peerOf = (): NpmPeer => new NpmPeer(join(scratch.path, 'peers'), 'thing', '^1.0.0')

describe('NpmPeer', () => {
  test('installs into a folder of its own, once', async () => {
    fakeNpm('echo "$@" >> log; mkdir -p node_modules; touch node_modules/.package-lock.json')
    await peerOf().install()
    await peerOf().install()
    const { folder, directory } = peerOf()
    const log = readFileSync(join(folder, 'log'), 'utf8')
    expect(log).toMatch(/^install .*--ignore-scripts.* thing@\^1\.0\.0\n$/)
    expect(directory).toBe(join(folder, 'node_modules/thing'))
  })

  test('says why it could not, and leaves nothing that looks installed', async () => {
    fakeNpm('mkdir node_modules; echo "npm error 404 no such thing" >&2; echo more >&2; exit 1')
    await expect(peerOf().install()).rejects.toThrow(
      /^npm could not install it: npm error 404 no such thing$/,
    )
    expect(existsSync(join(peerOf().folder, 'node_modules'))).toBe(false)
  })

  test('says so where there is no npm', async () => {
    vi.stubEnv('PATH', join(scratch.path, 'bin'))
    await expect(peerOf().install()).rejects.toThrow(/^npm could not install it: .*ENOENT/)
  })

  test('keeps packages in the cache directory of the user', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/cache')
    expect(defaultPeers()).toBe('/cache/qpsmtpd-bench')
    vi.stubEnv('XDG_CACHE_HOME', '')
    vi.stubEnv('HOME', '/home/somebody')
    expect(defaultPeers()).toBe('/home/somebody/.cache/qpsmtpd-bench')
  })
})
