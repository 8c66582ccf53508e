import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { findPeer } from './peers.ts'
import { Program, source, testTime } from './program.ts'

const strace = findPeer('strace', 'strace')

/** Calls that a message's way to the disk is made of, and those that speak to the client. */
const traced = 'trace=openat,fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg'

/** What a line of strace's output says: the call as it began, or its end, as far as it is needed here. */
function stepOf(line: string): string | undefined {
  if (/O_CREAT.*/.test(line) && line.includes('/mail/tmp/')) return 'create in tmp'
  if (/\bf(?:data)?sync\(.*\/mail\/tmp\//.test(line)) return 'sync the file'
  if (/\brename.*\/mail\/tmp\/.*\/mail\/new\//.test(line)) return 'rename into new'
  if (/\bf(?:data)?sync\(.*\/mail\/new>/.test(line)) return 'sync new'
  return line.includes('"250 2.0.0 Queued') ? 'say 250' : undefined
}

test.skipIf(strace.path === undefined)(
  `250 is said only when the file, and its name in new/, will outlast a loss of power${strace.notice}`,
  testTime,
  async () => {
    await using program = await Program.listening({
      // With -D the program itself is the child; -y shows the path of a descriptor, -z only what succeeded.
      command: [
        strace.path ?? '',
        '-D',
        '-f',
        '-y',
        '-z',
        '-s',
        '256',
        '-o',
        'calls',
        '-e',
        traced,
        ...source,
      ],
    })
    using client = await LineClient.greeted(program.port)
    expect(await client.mail()).toMatch(/^250 /)
    program.kill('SIGTERM')
    await program.end()
    const lines = readFileSync(join(program.box.path, 'calls'), 'utf8').split('\n')
    expect(lines.map(stepOf).filter((step) => step !== undefined)).toEqual([
      'create in tmp',
      'sync the file',
      'rename into new',
      'sync new',
      'say 250',
    ])
  },
)
