import { readdirSync, readFileSync } from 'node:fs'

// What /proc counts in: USER_HZ, 100 on every Linux that Node runs on.
const ticksPerSecond = 100
const nanosecondsPerSecond = 1e9

/** CPU seconds a process has used so far, user and system, all its threads. Linux only. */
export function cpuSeconds(pid: number): number {
  // schedstat is exact to the ns but forgets the threads that ended; stat keeps them, to 10 ms.
  return Math.max(threadSeconds(pid), tickSeconds(pid))
}

/** Resident memory of a process in octets. Linux only. */
export function residentOctets(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kibibytes === undefined) throw new Error(`process ${pid} has no memory: it has ended`)
  return Number(kibibytes) * 1024
}

function threadSeconds(pid: number): number {
  let nanoseconds = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(schedstat(pid, task).split(' ', 1)[0])
  }
  return nanoseconds / nanosecondsPerSecond
}

/** A thread may end between listing and reading, and a kernel may keep no such figures. */
function schedstat(pid: number, task: string): string {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1')
  } catch {
    return '0'
  }
}

function tickSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name in parentheses may hold blanks: fields are counted behind it, from the third on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
