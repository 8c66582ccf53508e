import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

// Of util-linux. There may be none.
const taskset = 'taskset'

/** A program and its arguments. */
export interface Command {
  /** The program. */
  readonly command: string
  /** Its arguments. */
  readonly args: readonly string[]
}

/** True where server and load can each have a CPU: two of them, and `taskset` to say so. */
export function canPin(): boolean {
  return availableParallelism() > 1 && spawnSync(taskset, ['--version']).status === 0
}

/** The command that runs a command on one CPU, in the same process; undefined leaves it as it is. */
export function pinned(cpu: number | undefined, { command, args }: Command): Command {
  if (cpu === undefined) return { command, args }
  return { command: taskset, args: ['--cpu-list', String(cpu), command, ...args] }
}

/** Keeps this process, with its threads, on one CPU, as far as that can be had. */
export function pinThisProcess(cpu: number): void {
  spawnSync(taskset, ['--all-tasks', '--cpu-list', '--pid', String(cpu), String(process.pid)])
}
