/** What a step counts for where its profile limits what all steps take together: the limits that it will be held to. */
import type { JsonValue, StepBody } from "@/pipelines/graph";
import { stepLimits } from "../limits";
import { limitsOf, type ProfileSettings } from "../profile";
import type { Demand } from "./take-turns";

const PARAMETER = /\{\{\$\.inputs\.parameters\['([^']+)'\]\}\}/g;

/** Limits that cannot be read count as none here; the attempt says so when it starts. */
export function stepDemand(
  body: StepBody,
  parameters: { readonly [name: string]: JsonValue },
  profile: Pick<ProfileSettings, "limits">,
): Demand {
  const fill = (text: string): string =>
    text.replace(PARAMETER, (_, name: string) => String((Object.hasOwn(parameters, name) && parameters[name]) || ""));
  const { cpus, memoryBytes } = stepLimits(body, fill);
  const presets = limitsOf(profile);
  return { cpus: cpus ?? presets.cpus, memoryBytes: memoryBytes ?? presets.memoryBytes };
}
