/** Sees to a container engine for the tests: installed by the system's packages where that may be done, never waited for long. */
import { spawnSync } from "node:child_process";
import { runQuietly } from "./progress.mjs";

const has = (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const PACKAGES = "docker.io busybox-static";
/** No service is started: tests start a daemon of their own. */
const INSTALL = `apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${PACKAGES}`;

/** Installs what tests with containers need; where it cannot, those tests say what they lack. */
export async function ensureContainerEngine() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  if ((has("dockerd") && has("busybox")) || !has("apt-get")) return;
  await runQuietly("Installing a container engine for the tests", ["timeout", "240", "sh", "-c", INSTALL]).catch(
    () => {},
  );
}
