import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Candidate } from '../src/candidate.ts'
import { floor } from '../src/candidates.ts'
import { runLoadProcess } from '../src/load-process.ts'
import { ServerProcess } from '../src/server-process.ts'

/** A candidate that runs a text of JavaScript and keeps its log in a directory. */
function scripted(source: string): { candidate: Candidate; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'bench-test-'))
  const candidate: Candidate = {
    name: 'scripted',
    start: (port) => ({
      command: process.execPath,
      args: ['--eval', source, String(port)],
      env: {},
      cwd: directory,
      log: join(directory, 'log'),
      cleanup: () => rmSync(directory, { recursive: true, force: true }),
    }),
  }
  return { candidate, directory }
}

describe('ServerProcess', () => {
  test('starts a server, sees what it uses, and stops it', async () => {
    const server = await ServerProcess.start(floor)
    const load = { mode: 'many', messages: 500, bodyOctets: 500, sessions: 2 } as const
    try {
      const before = server.cpuSeconds
      const report = await runLoadProcess({ ...load, port: server.port, timeoutSeconds: 20 })
      expect(report.messages).toBe(500)
      expect(server.cpuSeconds).toBeGreaterThan(before)
      expect(server.residentOctets).toBeGreaterThan(10_000_000)
    } finally {
      await server.stop()
    }
    await expect(
      runLoadProcess({ ...load, port: server.port, timeoutSeconds: 20 }),
    ).rejects.toThrow('ECONNREFUSED')
  })

  test('says why a server did not start, and removes what was made for it', async () => {
    const { candidate, directory } = scripted('console.error("no such thing"); process.exit(3)')
    await expect(ServerProcess.start(candidate)).rejects.toThrow(
      /scripted did not start: it ended with 3\n(.|\n)*no such thing/,
    )
    expect(existsSync(directory)).toBe(false)
  })

  test('says that a program does not exist', async () => {
    const candidate: Candidate = {
      name: 'missing',
      start: () => ({ command: './missing', args: [], env: {}, cwd: '.', cleanup: () => {} }),
    }
    await expect(ServerProcess.start(candidate)).rejects.toThrow(/missing did not start: .*ENOENT/)
  })
})
