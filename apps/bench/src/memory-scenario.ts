import { sendHugeMessage } from './huge-message.ts'
import type { Circumstances, Scenario, Values } from './scenario.ts'
import type { ServerProcess } from './server-process.ts'

const octetsPerMegabyte = 1e6
const sampleMilliseconds = 50
const timeoutSeconds = 120

/** How much the memory of a server grows with one huge message, at most. */
export const memory: Scenario = {
  name: 'memory',
  table: 'Memory for one huge message',
  measures: [
    { key: 'growthMegabytes', title: 'growth MB', digits: 0 },
    { key: 'beforeMegabytes', title: 'before MB', digits: 0 },
    { key: 'seconds', title: 's', digits: 1 },
  ],
  fresh: true,
  run,
}

async function run(server: ServerProcess, { amounts }: Circumstances): Promise<Values> {
  server.forgetPeak()
  const before = server.residentOctets
  let most = before
  // The peak that the kernel keeps has none of what children use.
  const sample = (): void => void (most = Math.max(most, server.residentOctets))
  const timer = setInterval(sample, sampleMilliseconds)
  const start = performance.now()
  try {
    await sendHugeMessage({ port: server.port, octets: amounts.hugeOctets, timeoutSeconds })
  } finally {
    clearInterval(timer)
  }
  return {
    growthMegabytes: (Math.max(most, server.peakOctets) - before) / octetsPerMegabyte,
    beforeMegabytes: before / octetsPerMegabyte,
    seconds: (performance.now() - start) / 1000,
  }
}
