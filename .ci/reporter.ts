import type { Reporter, TestModule } from 'vitest/node'

/** Closes the run with what was skipped, by name, and one plain line that any CI can read: `N passed, N failed, N skipped`. */
export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0
    let failed = 0
    const skipped: string[] = []
    for (const module of modules) {
      // A file that could not be read at all has failed, too.
      if (module.state() === 'failed' && module.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped.push(`skipped: ${test.fullName}\n`)
      }
    }
    process.stdout.write(skipped.join(''))
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`)
  }
}
