/** Counts unit tests for the summary of `npm test`; Vitest loads it beside its own reporter. */
import { writeFileSync } from "node:fs";

/** Writes `{passed, failed, skipped: [{name, reason}]}` to the file named by `TEST_SUMMARY_FILE`. */
export default class SummaryReporter {
  onTestRunEnd(modules, errors) {
    const summary = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      summary.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === "passed") summary.passed += 1;
        else if (state === "failed") summary.failed += 1;
        else
          summary.skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: note ?? "no reason given",
          });
      }
    }
    writeFileSync(process.env.TEST_SUMMARY_FILE, JSON.stringify(summary));
  }
}
