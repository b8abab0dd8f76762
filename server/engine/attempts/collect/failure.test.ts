/** Why a step failed, in words: from its log, its exit code or signal, and what was seen of its memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { failureReason, logTail, tellingLine } from "./failure";

describe("the reason of a failure", () => {
  it.each([
    [
      "Traceback (most recent call last):\n  File x\nModuleNotFoundError: No module named 'pandas'\n",
      "ModuleNotFoundError: No module named 'pandas'",
    ],
    [
      "pkg.errors.BadThing\nsqlalchemy.exc.OperationalError: gone\ncleaning up",
      "sqlalchemy.exc.OperationalError: gone",
    ],
    ["a\nsh: 1: foo: not found\nb", "sh: 1: foo: not found"],
    ["10%\r50%\r\u001b[31merror: broken\u001b[0m\n", "error: broken"],
    ["all quiet\nlast words\n\n", "last words"],
    ["\n \n", null],
  ])("is found in %j", (tail, line) => {
    expect(tellingLine(tail)).toBe(line);
  });

  it("never quotes more than a line's worth", () => {
    expect(tellingLine(`error ${"x".repeat(5_000)}`)?.length).toBeLessThan(520);
  });

  it("tells a step that never ran from one that vanished", () => {
    const report = { code: null, signal: null, atMs: 0 };
    const reason = (wasBegun: boolean, isDiskFull: boolean) =>
      failureReason(report, "", { wasBegun, isGone: false, isDiskFull }).code;
    expect([reason(true, false), reason(false, false), reason(false, true)]).toEqual([
      "signal",
      "cannot-start",
      "disk-full",
    ]);
  });

  it("says of a kill what memory was seen, and of a limit what it was", () => {
    const traces = { wasBegun: true, isGone: false, isDiskFull: false };
    const killed = { code: 137, signal: null, atMs: 0, usage: { cpuMs: null, peakBytes: 3_000_000_000 } };
    expect(failureReason(killed, "", traces).message).toMatch(
      /ran out of memory\. It was seen to hold up to 3 GB; the machine has [\d.]+ GB\.$/,
    );
    const overMemory = { limitBytes: 268_435_456, usedBytes: 300_000_000 };
    expect(failureReason({ ...killed, overMemory }, "x", traces)).toEqual({
      code: "out-of-memory",
      message:
        "The step was ended because it held 300 MB of memory; its limit is 268 MB. Raise the limit in the pipeline, or let the step use less.",
      subject: overMemory,
    });
  });

  it("reads no more than the end of a log, and nothing where there is none", () => {
    const home = mkdtempSync(join(tmpdir(), "penstock-failure-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const log = join(home, "log");
    writeFileSync(log, `${"a".repeat(100_000)}\nend\n`);
    expect(logTail(log).length).toBe(16 * 1024);
    expect(logTail(join(home, "none"))).toBe("");
  });
});
