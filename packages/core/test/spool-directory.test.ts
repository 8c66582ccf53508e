import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, SpoolDirectory } from '@qpsmtpd/core'
import { describe, expect, onTestFinished, test } from 'vitest'

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'spool-directory-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe('D2: the spool directory', () => {
  test('is made with mode 0700 where it is missing', async () => {
    const path = join(temporary(), 'spool')
    await SpoolDirectory.use(path, 0)
    expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  test.each([0o755, 0o750, 0o701, 0o777])(
    'of mode %o is refused, with how to mend it',
    async (mode) => {
      const path = temporary()
      chmodSync(path, mode)
      const using = SpoolDirectory.use(path, 0)
      await expect(using).rejects.toThrow(ConfigError)
      await expect(using).rejects.toThrow(
        `Permissions on the spool_dir are not 0700: ${path} has 0${mode.toString(8)}; mend it with: chmod 0700 ${path}`,
      )
    },
  )

  test('that is a file, or a link to a directory, is refused', async () => {
    const path = temporary()
    writeFileSync(join(path, 'file'), '')
    mkdirSync(join(path, 'real'), { mode: 0o700 })
    symlinkSync(join(path, 'real'), join(path, 'link'))
    await expect(SpoolDirectory.use(join(path, 'file'), 0)).rejects.toThrow(ConfigError)
    await expect(SpoolDirectory.use(join(path, 'link'), 0)).rejects.toThrow('is no directory')
  })
})

describe('D1, D3: a body', () => {
  test('is in memory up to the threshold, and in a file without a name from there on', async () => {
    const path = temporary()
    const spool = await SpoolDirectory.use(path, 10)
    const body = await spool.open(0)
    await body.write(Buffer.from('0123456789'))
    expect(body.inMemory).toBeDefined()
    await body.write(Buffer.from('x'))
    expect(body.inMemory).toBeUndefined()
    expect(readdirSync(path)).toEqual([])
    await body.release()
  })

  test('that is announced to be larger goes to a file before it comes', async () => {
    const spool = await SpoolDirectory.use(temporary(), 10)
    const body = await spool.open(11)
    expect(body.inMemory).toBeUndefined()
    await body.release()
    const small = await spool.open(10)
    expect(small.inMemory).toBeDefined()
    await small.release()
  })

  test('Q5: for which there is no room is refused when it is announced', async () => {
    const path = temporary()
    const spool = await SpoolDirectory.use(path, 10)
    rmSync(path, { recursive: true })
    await expect(async () => spool.open(11)).rejects.toThrow('ENOENT')
  })
})
