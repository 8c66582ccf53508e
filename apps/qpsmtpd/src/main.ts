#!/usr/bin/env node
/** The oldest Node with all that is used here. */
const oldest = 24

const [major] = process.versions.node.split('.')
if (Number(major) < oldest) {
  process.stderr.write(`qpsmtpd needs Node ${oldest} or later; this is ${process.versions.node}\n`)
  process.exit(1)
}

// Imported only now: an older Node could not even read it.
const { run } = await import('./cli.ts')

// Whatever a plugin has left open must not keep alive what is over.
process.exit(await run(process.argv))
