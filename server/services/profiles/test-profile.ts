/** Tries a profile: starts a run of one step under it, which says what it finds where it runs. */

import type { TestProfileInput } from "@/server/domain/inputs/profiles";
import { containerOf, type ProfileSettings } from "@/server/domain/profile";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { storeInline } from "../kubeflow/store-package";
import { startRun } from "../runs/start-run";
import { profileRow } from "./get-profile";

/** Small, and with a shell: what is tried where neither the caller nor the profile names an image. */
const SMALL_IMAGE = "busybox";

const LOOK = [
  'echo "Here is $(uname -sm), as $(id -un 2>/dev/null || id -u), in $(pwd)"',
  'if command -v python3 >/dev/null; then python3 --version; else echo "There is no python3: steps in Python need another image or interpreter"; fi',
  "df -h . 2>/dev/null | tail -n 1 | awk '{print \"Room on the disk: \" $4}'",
  'echo it works >"$1" && cat "$1"',
].join("\n");

const probe = (image: string) => ({
  pipelineInfo: { name: "profile-test" },
  schemaVersion: "2.1.0",
  sdkVersion: "kfp-2.15.2",
  deploymentSpec: {
    executors: {
      exec: {
        container: {
          image,
          command: ["sh", "-ec", LOOK, "sh"],
          args: ["{{$.outputs.parameters['answer'].output_file}}"],
        },
      },
    },
  },
  components: {
    look: {
      executorLabel: "exec",
      outputDefinitions: { parameters: { answer: { parameterType: "STRING" } } },
    },
  },
  root: { dag: { tasks: { look: { taskInfo: { name: "look" }, componentRef: { name: "look" } } } } },
});

/** The image that is tried: what is asked for, else the profile's own, else one that its map leads to. */
function triedImage(settings: ProfileSettings, asked: string | undefined): string {
  const mapped = Object.values(settings.imageMap).find((image) => !image.includes("*"));
  return asked ?? containerOf(settings).image ?? mapped ?? SMALL_IMAGE;
}

/** Starts the run. Throws `not-found`, and what `startRun` refuses. */
export async function testProfile(context: Context, { name, image }: TestProfileInput): Promise<RunSummary> {
  const row = profileRow(context, name);
  const versionId = await storeInline(context, probe(triedImage(row, image)));
  return startRun(context, { versionId, profile: name, name: `Test of the profile ${name}`, cache: "ignore" });
}
