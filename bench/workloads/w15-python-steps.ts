/** W15: lightweight KFP components in a row with their environment built, against the interpreter's start and the import they need. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pythonChain } from "../specs";
import { median, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Workload } from "../workload";

const COUNT = 20;
const REPEATS = 5;
/** What every lightweight component does before its own code: the runtime's modules and the header of its source. */
const IMPORT = "import kfp.dsl";

/** Milliseconds for the environment's interpreter to start and import what the SDK's runtime needs, median of `count`. */
function importLimit(python: string, count: number): number {
  const took = Array.from({ length: count }, () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(python, ["-c", IMPORT], {
      env: { PATH: process.env.PATH, _KFP_RUNTIME: "true", NODE_ENV: "production" },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${python} cannot import kfp.dsl: ${stderr.slice(-400)}`);
    return performance.now() - startedAt;
  });
  return median(took);
}

/** The interpreter of the one environment that the warm-up built. */
function builtPython(envs: string): string {
  const key = readdirSync(envs).find((name) => /^[0-9a-f]{32}$/.test(name));
  if (key === undefined) throw new Error("the warm-up built no environment; is there a package index?");
  return join(envs, key, "bin", "python");
}

export const pythonStepsWorkload: Workload = {
  id: "W15",
  title: "chain of lightweight Python components",
  async run() {
    const { server, api } = await warmServer(2);
    try {
      const version = await uploadSpec(api, "python-chain", pythonChain(COUNT));
      await measureRun(server, api, version);
      const python = builtPython(server.files.envs);
      const ours: number[] = [];
      const limits: number[] = [];
      for (let i = 0; i < REPEATS; i++) {
        limits.push(importLimit(python, COUNT));
        ours.push((await measureRun(server, api, version)).ms / COUNT);
      }
      const value = median(ours);
      const limit = median(limits);
      const goal = "≤ 1.5 × L";
      return [
        {
          name: `chain of ${COUNT}, per step`,
          value,
          unit: "ms",
          limit,
          goal,
          isMet: value <= 1.5 * limit,
          spread: spread(ours),
        },
      ];
    } finally {
      await server.remove();
    }
  },
};
