/** A named check of a script: passes if it returns, fails if it throws. */
export type Check = { readonly title: string; readonly run: () => void | Promise<void> };

/** Runs checks in order, prints a line for each and a closing count, and sets the exit code. */
export async function runChecks(checks: readonly Check[]): Promise<void> {
  let failed = 0;
  for (const { title, run } of checks) {
    try {
      await run();
      console.log(`ok    ${title}`);
    } catch (cause) {
      failed++;
      console.log(`FAIL  ${title}\n      ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  console.log(`Checks: ${checks.length - failed} passed, ${failed} failed, ${checks.length} total`);
  process.exitCode = failed === 0 ? 0 : 1;
}
