/** `npm run check`: types, lint and format, the direction of imports, unused code; all of them, then one verdict. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./install.mjs";
import { root } from "./progress.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);

const CHECKS = [
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "."] },
  { name: "lint and format", command: [bin("biome"), "check", "--error-on-warnings", "."] },
  { name: "direction of imports", command: [bin("vitest"), "run", "server/architecture.test.ts", "--reporter=dot"] },
  { name: "unused code", command: [bin("knip"), "--no-progress"] },
];

/** Runs one check; resolves to its exit code, its output and its duration. */
function run({ name, command: [file, ...args] }) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.once("close", (code) => resolve({ name, code: code ?? 1, output, seconds: (Date.now() - startedAt) / 1000 }));
  });
}

await ensureInstalled();
// The framework's ambient types are written by itself; without them imports of style sheets have none.
if (!existsSync(join(root, "next-env.d.ts"))) await run({ name: "framework types", command: [bin("next"), "typegen"] });

const results = await Promise.all([run(CHECKS[0]), run(CHECKS[1])]);
results.push(...(await Promise.all([run(CHECKS[2]), run(CHECKS[3])])));
for (const { name, code, output, seconds } of results) {
  if (code !== 0) process.stdout.write(`\n${output}\n`);
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"}  ${name} (${seconds.toFixed(1)} s)\n`);
}
process.exitCode = results.some(({ code }) => code !== 0) ? 1 : 0;
