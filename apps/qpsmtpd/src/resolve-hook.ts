import { registerHooks, type ResolveFnOutput } from 'node:module'
import { pathToFileURL } from 'node:url'

/** What stands before a package's name where it is to be looked for from the configuration directory. */
const fromConfig = 'qpsmtpd-config:'

let configUrl: string | undefined

/** A specifier that is resolved as an import in the configuration directory would be. */
export const inConfigDirectory = (specifier: string): string => `${fromConfig}${specifier}`

/**
 * From here on every import of `@qpsmtpd/core` finds the core that runs, whoever imports it and whatever lies in its
 * node_modules; and a `.ts` file beside the configuration is read as an ES module.
 * @param directory the configuration directory, absolute.
 */
export function hookResolution(directory: string): void {
  const isHooked = configUrl !== undefined
  configUrl = `${pathToFileURL(directory).href}/`
  if (isHooked) return
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@qpsmtpd/core' || specifier.startsWith('@qpsmtpd/core/'))
        return next(specifier, { ...context, parentURL: import.meta.url })
      if (specifier.startsWith(fromConfig))
        return next(specifier.slice(fromConfig.length), {
          ...context,
          parentURL: `${configUrl}plugins`,
        })
      return asModule(next(specifier, context))
    },
  })
}

/** A local file has no package.json beside it to say what it is. */
function asModule(resolved: ResolveFnOutput): ResolveFnOutput {
  const { url } = resolved
  const isLocal =
    configUrl !== undefined && url.startsWith(configUrl) && !url.includes('/node_modules/')
  if (!isLocal) return resolved
  const path = url.replace(/[?#].*$/, '')
  if (path.endsWith('.ts')) return { ...resolved, format: 'module-typescript' }
  return path.endsWith('.js') ? { ...resolved, format: 'module' } : resolved
}
