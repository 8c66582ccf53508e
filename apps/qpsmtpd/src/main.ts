#!/usr/bin/env node
import { run } from './cli.ts'

// Whatever a plugin has left open must not keep alive what is over.
process.exit(await run(process.argv))
