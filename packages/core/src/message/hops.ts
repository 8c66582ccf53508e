import type { Headers } from './headers.ts'

/** How many hosts a message has been through, as its Received and Delivered-To fields say. RFC 5321 §6.3. */
export function countHops({ section }: Headers): number {
  let hops = 0
  for (let at = 0; at !== -1 && at < section.length; at = nextLine(section, at)) {
    const letter = section[at]
    if (letter === 'R' || letter === 'r') hops += startsWith(section, at, 'received:') ? 1 : 0
    else if (letter === 'D' || letter === 'd')
      hops += startsWith(section, at, 'delivered-to:') ? 1 : 0
  }
  return hops
}

function nextLine(section: string, at: number): number {
  const lf = section.indexOf('\n', at)
  return lf === -1 ? -1 : lf + 1
}

const startsWith = (section: string, at: number, name: string): boolean =>
  section.slice(at, at + name.length).toLowerCase() === name
