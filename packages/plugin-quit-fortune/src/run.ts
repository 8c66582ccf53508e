import { execFile } from 'node:child_process'

/** Octets that a fortune may have. */
const longestText = 4_096

/** What `program -s` prints. Rejects where it fails or prints too much; when the signal fires, it is ended. */
export function run(program: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const child = execFile(
      program,
      ['-s'],
      { maxBuffer: longestText, killSignal: 'SIGKILL', signal },
      (error, output) => (error ? reject(error) : resolve(output)),
    )
    // Of itself the signal sends no more than a SIGTERM, which a program can ignore.
    signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
  })
}
