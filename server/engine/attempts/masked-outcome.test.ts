import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { attemptBench, container, endOf, givenVault, outcomeOf, refusalOf, step } from "./testing";

const VALUE = "hunter22-the-password";
const bench = attemptBench({ vault: givenVault({ secrets: { db: { password: VALUE } } }) });
afterEach(() => bench.close());

test("neither the reason of a failure nor the recorded command tells a secret; the raw log is as the step wrote it", async () => {
  const long = `${"x".repeat(485)} ${VALUE}`;
  for (const said of [`Error: no access with ${VALUE}`, `Error: ${long}`]) {
    const request = bench.request(step(container({ command: ["sh", "-c", `echo '${said}'; exit 3`] })));
    const outcome = await outcomeOf(bench.runner, request);
    expect(outcome).toMatchObject({ state: "failed", reason: { code: "exit-code" } });
    expect(JSON.stringify(outcome)).toMatch(/\*\*\*\*/);
    expect(JSON.stringify(outcome)).not.toContain("hunter");
    const folder = bench.directory(request);
    expect(readFileSync(join(folder, "command.json"), "utf8")).not.toContain("hunter");
    expect(readFileSync(join(folder, "log"), "utf8")).toContain(VALUE);
  }
  const request = bench.request(step(container({ command: [`/no/such/${VALUE}`] })));
  const refusal = await refusalOf(bench.runner.begin(request, () => undefined));
  expect(JSON.stringify(refusal.reason)).not.toContain("hunter");
});

test("a step whose secrets cannot be told apart in its traces is refused before anything of it runs", async () => {
  const locked = attemptBench({
    vault: {
      ...givenVault(),
      masker() {
        throw new Error("vault.key cannot be read");
      },
    },
  });
  try {
    const request = locked.request(step(container({})));
    await expect(endOf(locked.runner, request)).rejects.toThrow("vault.key");
    expect(existsSync(join(locked.directory(request), "log"))).toBe(false);
  } finally {
    locked.close();
  }
});
