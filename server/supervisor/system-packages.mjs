/** Sees to what the tests need of the system's packages: installed where that may be done, never waited for long. */
import { spawnSync } from "node:child_process";
import { runQuietly } from "./progress.mjs";

/** What tests need, with the program that shows that it is there. */
const PACKAGES = [
  { program: "dockerd", name: "docker.io" },
  { program: "busybox", name: "busybox-static" },
  // A library for the clock that jumps; the program comes with it.
  { program: "faketime", name: "faketime" },
];

const has = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
/** No service is started: tests start a daemon of their own. */
const install = (names) =>
  `apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names}`;

/** Installs a container engine and a clock that can be set; where it cannot, the tests say what they lack. */
export async function ensureSystemPackages() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !has("apt-get")) return;
  const missing = PACKAGES.filter(({ program }) => !has(program)).map(({ name }) => name);
  if (missing.length === 0) return;
  const command = ["timeout", "240", "sh", "-c", install(missing.join(" "))];
  await runQuietly(`Installing ${missing.join(", ")} for the tests`, command).catch(() => {});
}
