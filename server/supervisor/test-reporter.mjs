/** Tells of unit tests for the summary of `npm test`; Vitest loads it beside its own reporter. */
import { writeFileSync } from "node:fs";

/** A suite that is left out whole says why in its name. */
const suiteReason = (name) => /\(left out: ([^)]*)\)/.exec(name)?.[1];
const firstLine = (errors) => (errors?.[0]?.message ?? "no message").split("\n")[0];

/**
 * Writes `{passed, failed, flaky, skipped}` to the file named by `TEST_SUMMARY_FILE`: a count, and lists of
 * `{name, reason}`. Flaky are those that passed at their second try; they are counted as passed.
 */
export default class SummaryReporter {
  onTestRunEnd(modules, errors) {
    const summary = { passed: 0, failed: [], flaky: [], skipped: [] };
    const fail = (name, found) => summary.failed.push({ name, reason: firstLine(found) });
    for (const error of errors) fail("beside the tests", [error]);
    for (const module of modules) {
      if (module.errors().length > 0) fail(module.relativeModuleId, module.errors());
      for (const test of module.children.allTests()) {
        const { state, note, errors: found } = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (state === "failed") fail(name, found);
        else if (state !== "passed")
          summary.skipped.push({ name, reason: note ?? suiteReason(name) ?? "no reason given" });
        else {
          summary.passed += 1;
          if (test.diagnostic()?.flaky) summary.flaky.push({ name, reason: firstLine(found) });
        }
      }
    }
    writeFileSync(process.env.TEST_SUMMARY_FILE, JSON.stringify(summary));
  }
}
