/** Which steps may take over an earlier result at all, and why the others never do. */
import type { Step, StepPath } from "@/pipelines/graph";
import type { FileMode, RunExtent } from "@/server/domain/views/runs";
import { assertNever } from "../assert-never";

export interface CacheSwitches {
  readonly fileMode: FileMode;
  /** Paths of the steps that reuse nothing in this run; a group stands for all it holds. */
  readonly cacheOff: readonly string[];
}

/** Whether a step is the one at a path, or lies in that group. */
const liesIn = ({ path }: Step, group: StepPath): boolean => path === group || path.startsWith(`${group}/`);

export interface CacheWish {
  readonly cache: "use" | "ignore";
  readonly extent: RunExtent;
}

/** Why a step takes no result over in this run, though the one it leaves may be reused; null for one that does. */
export function cacheIgnored(step: Step, { cache, extent }: CacheWish): string | null {
  if (cache === "ignore") return "The run was asked to reuse nothing.";
  return extent.kind === "from" && liesIn(step, extent.step) ? "The run was asked to begin with this step." : null;
}

/** Why a step neither reuses a result nor leaves one to be reused; null for a step that does. */
export function cacheObstacle(step: Step, { fileMode, cacheOff }: CacheSwitches): string | null {
  const { body } = step;
  if (cacheOff.some((path) => liesIn(step, path))) return "Caching is off for this step in this run.";
  switch (body.body) {
    case "container":
      if (!step.cache.enabled) return "Caching is off for this step in the pipeline.";
      return containerObstacle(body.image, step);
    case "file":
      return fileMode === "isolated"
        ? null
        : "Steps that share one working directory pass files on without declaring them, so their results are never reused.";
    case "importer":
      return "An importer always reads its source again; the steps after it go by the content.";
    case "group":
    case "foreign":
      return "Only steps that run a command have results to reuse.";
    default:
      return assertNever(body);
  }
}

const VOLUME_IMAGE = /^argostub\/(?:create|delete)pvc\b/;

function containerObstacle(image: string, step: Step): string | null {
  if (VOLUME_IMAGE.test(image)) return "It makes or deletes a volume, which cannot be taken from an earlier run.";
  return usesWorkspace(step) ? "It works in the run's own workspace, which no earlier result can stand for." : null;
}

const known = new WeakMap<Step, boolean>();

function usesWorkspace(step: Step): boolean {
  const found = known.get(step) ?? namesWorkspace(step);
  known.set(step, found);
  return found;
}

function namesWorkspace({ body, parameters }: Step): boolean {
  if (body.body !== "container") return false;
  const constants = parameters.map(({ source }) => (source.from === "constant" ? JSON.stringify(source.value) : ""));
  return [...body.command, ...body.args, ...constants].some((text) => text.includes("{{$.workspace_path}}"));
}
