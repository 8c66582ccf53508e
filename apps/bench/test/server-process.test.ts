import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Candidate } from '../src/candidate.ts'
import { floor } from '../src/candidates.ts'
import { Crowd } from '../src/crowd.ts'
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

async function textOf(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  return chunk.toString('latin1')
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

  test('counts what the processes use that a server has begun, also once they have ended', async () => {
    const spin = 'const end = performance.now() + 150; while (performance.now() < end);'
    const { candidate } = scripted(`
      const { spawn } = require('node:child_process')
      const server = require('node:net').createServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => {
          const child = spawn(process.execPath, ['--eval', ${JSON.stringify(`${spin} setInterval(() => {}, 1000); console.log('done')`)}])
          child.stdout.once('data', () => socket.write('done'))
          socket.once('data', () => child.kill('SIGKILL'))
          child.once('exit', () => socket.end('ended'))
        })
        socket.write('220 scripted\\r\\n')
      })
      server.listen(Number(process.argv[1]), '127.0.0.1')`)
    await using server = await ServerProcess.start(candidate)
    expect(server.startMilliseconds).toBeGreaterThan(1)
    const before = server.cpuSeconds
    const alone = server.residentOctets
    const socket = connect(server.port, '127.0.0.1')
    try {
      expect(await textOf(socket)).toBe('220 scripted\r\n')
      socket.write('go')
      expect(await textOf(socket)).toBe('done')
      expect(server.cpuSeconds - before).toBeGreaterThan(0.1)
      expect(server.residentOctets).toBeGreaterThan(alone)
      socket.write('end')
      expect(await textOf(socket)).toBe('ended')
      expect(server.cpuSeconds - before).toBeGreaterThan(0.1)
    } finally {
      socket.destroy()
    }
  })

  test('knows its peak and its open files', async () => {
    await using server = await ServerProcess.start(floor)
    server.forgetPeak()
    expect(server.peakOctets).toBeGreaterThan(10_000_000)
    const files = server.openFiles
    await using crowd = new Crowd(server.port)
    await crowd.grow(3, 10)
    expect(server.openFiles).toBe(files + 3)
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
