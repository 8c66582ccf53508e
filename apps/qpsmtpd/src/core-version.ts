import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import satisfies from 'semver/functions/satisfies.js'

const manifest = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@qpsmtpd/core/package.json'), 'utf8'),
) as { readonly version: string }

/** The core that runs. */
export const coreVersion: {
  readonly text: string
  /** True where a version range of npm has room for it. */
  readonly fits: (range: string) => boolean
} = {
  text: manifest.version,
  fits: (range) => satisfies(manifest.version, range, { includePrerelease: true }),
}
