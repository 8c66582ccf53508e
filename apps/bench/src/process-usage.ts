import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// What /proc counts in: USER_HZ, 100 on every Linux that Node runs on.
const ticksPerSecond = 100
const nanosecondsPerSecond = 1e9
const octetsPerKibibyte = 1024

/** CPU seconds a process has used so far, user and system, all its threads and all processes it has begun. Linux only. */
export function cpuSeconds(pid: number): number {
  let seconds = 0
  for (const one of familyOf(pid)) {
    const ticks = ticksOf(one)
    // schedstat is exact to the ns but forgets the threads that ended; stat keeps them, to 10 ms.
    seconds += Math.max(threadSeconds(one), ticks.own) + ticks.ended
  }
  return seconds
}

/**
 * Resident memory in octets: of a process alone what it has, of one with children what they all have, with what they
 * share counted once. Linux only.
 */
export function residentOctets(pid: number): number {
  const family = familyOf(pid)
  if (family.length > 1) return family.reduce((sum, one) => sum + shareOctets(one), 0)
  const octets = statusOctets(pid, 'VmRSS')
  if (octets === undefined) throw new Error(`process ${pid} has no memory: it has ended`)
  return octets
}

/** The most resident memory that the process itself has had since it began, or since `forgetPeak`, in octets. Linux only. */
export function peakOctets(pid: number): number {
  return statusOctets(pid, 'VmHWM') ?? 0
}

/** Has the peak counted anew. A kernel may refuse that: then it is counted from the start. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // The peak of the start is the less exact figure, but no wrong one.
  }
}

/** How many files and sockets a process has open; 0 once it has ended. Linux only. */
export function openFiles(pid: number): number {
  return listOf(`/proc/${pid}/fd`).length
}

/** A process and all it has begun that have not been waited for. Linux only. */
export function familyOf(pid: number): number[] {
  const family = [pid]
  // The list grows while it is gone through.
  for (const one of family) {
    for (const task of listOf(`/proc/${one}/task`)) {
      const children = textOf(`/proc/${one}/task/${task}/children`).trim()
      if (children !== '') family.push(...children.split(' ').map(Number))
    }
  }
  return family
}

function statusOctets(pid: number, name: 'VmRSS' | 'VmHWM'): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(
    textOf(`/proc/${pid}/status`),
  )?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * octetsPerKibibyte
}

/** What is its own, and its share of what others have too. */
function shareOctets(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0
  return Number(kibibytes) * octetsPerKibibyte
}

function threadSeconds(pid: number): number {
  let nanoseconds = 0
  for (const task of listOf(`/proc/${pid}/task`)) {
    nanoseconds += Number(textOf(`/proc/${pid}/task/${task}/schedstat`).split(' ', 1)[0])
  }
  return nanoseconds / nanosecondsPerSecond
}

/** Seconds, to 10 ms: its own ones, and those of its children that have ended and been waited for. */
function ticksOf(pid: number): { own: number; ended: number } {
  const stat = textOf(`/proc/${pid}/stat`)
  if (stat === '') return { own: 0, ended: 0 }
  // The name in parentheses may hold blanks: fields are counted behind it, from the third on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const sum = (at: number): number => (Number(fields[at]) + Number(fields[at + 1])) / ticksPerSecond
  return { own: sum(11), ended: sum(13) }
}

/** A process or thread may end between listing and reading, and a kernel may keep no such figures. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function listOf(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
