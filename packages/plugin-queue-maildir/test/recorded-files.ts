import { type Files, type NewFile, systemFiles } from '../src/files.ts'

/** One thing that is done to a file system. */
export type Step =
  | 'makeDirectory'
  | 'create'
  | 'write'
  | 'sync'
  | 'close'
  | 'rename'
  | 'syncDirectory'
  | 'remove'

/** The machine's file system, with every step written down, and faults where a test wants them. */
export class RecordedFiles implements Files {
  /** Each step when it begins, and again with `done` behind it. */
  readonly steps: string[] = []
  /** The code of the error that a step is to fail with, or undefined. */
  fault: (step: Step, path: string) => string | undefined = () => undefined

  makeDirectory(path: string, mode: number): Promise<readonly string[]> {
    return this.#do('makeDirectory', path, () => systemFiles.makeDirectory(path, mode))
  }

  async create(path: string, mode: number): Promise<NewFile> {
    const file = await this.#do('create', path, () => systemFiles.create(path, mode))
    return {
      write: (octets) => this.#do('write', path, () => file.write(octets)),
      sync: () => this.#do('sync', path, () => file.sync()),
      close: () => this.#do('close', path, () => file.close()),
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do('rename', to, () => systemFiles.rename(from, to))
  }

  syncDirectory(path: string): Promise<void> {
    return this.#do('syncDirectory', path, () => systemFiles.syncDirectory(path))
  }

  remove(path: string): Promise<void> {
    return this.#do('remove', path, () => systemFiles.remove(path))
  }

  async #do<T>(step: Step, path: string, run: () => Promise<T>): Promise<T> {
    this.steps.push(`${step} ${path}`)
    const code = this.fault(step, path)
    // A close that fails has closed the file all the same.
    if (code !== undefined && step === 'close') await run()
    if (code !== undefined)
      throw Object.assign(new Error(`${code}: made to fail, ${step} '${path}'`), { code })
    const result = await run()
    this.steps.push(`${step} ${path} done`)
    return result
  }
}
