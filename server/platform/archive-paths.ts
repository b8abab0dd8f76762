/** Decides over the names in an archive: which may be written, and which one is the pipeline. */

/** Folders inside folders that an archive may hold. */
const MAX_DEPTH = 32;
const MAX_SEGMENT_BYTES = 200;

/** Why a name may not be written below a directory; null when it may. Names use `/`. */
export function entryNameProblem(name: string): string | null {
  const shown = JSON.stringify(name.length <= 120 ? name : `${name.slice(0, 119)}…`);
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return `The entry ${shown} has an absolute path.`;
  const segments = name.split("/");
  if (segments.includes("..")) return `The entry ${shown} points outside the archive with "..".`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(name) || /\p{Surrogate}/u.test(name))
    return `The entry ${shown} has a name that no file can have.`;
  if (segments.some((segment) => segment === "" || segment === "."))
    return `The entry ${shown} has an empty part in its path.`;
  if (segments.length > MAX_DEPTH) return `The entry ${shown} lies more than ${MAX_DEPTH} folders deep.`;
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
    return `The entry ${shown} has a name that is too long.`;
  return null;
}

/** What systems add to archives on their own; never part of a pipeline. */
export function isClutter(name: string): boolean {
  return name.startsWith("__MACOSX/") || /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(name);
}

export type PipelineChoice =
  /** A `.pipeline` with the files it names; `root` is its folder in the archive, empty for the top. */
  | { readonly kind: "bundle"; readonly path: string }
  /** One file that is the whole pipeline; the others are ignored. */
  | { readonly kind: "single"; readonly path: string }
  | { readonly kind: "none"; readonly message: string };

/**
 * Which file of an archive is the pipeline: the only `.pipeline` of the shallowest level that has a pipeline at all,
 * else Kubeflow's rule (a single file; `pipeline.yaml`; the first entry if it is YAML). Paths are in archive order.
 */
export function choosePipeline(paths: readonly string[]): PipelineChoice {
  const [first] = paths;
  if (first === undefined) return { kind: "none", message: "The archive holds no files. Put a pipeline into it." };
  const candidates = paths.filter((path) => /\.(?:pipeline|ya?ml)$/i.test(path));
  const level = Math.min(...candidates.map(depth));
  const bundles = candidates.filter((path) => depth(path) === level && /\.pipeline$/i.test(path));
  const [bundle] = bundles;
  if (bundle !== undefined && bundles.length === 1) return { kind: "bundle", path: bundle };
  if (paths.length === 1) return { kind: "single", path: first };
  const shared = sharedFolder(paths);
  const named = paths.find((path) => path === `${shared}pipeline.yaml`);
  if (named !== undefined) return { kind: "single", path: named };
  if (/\.ya?ml$/i.test(first)) return { kind: "single", path: first };
  if (bundles.length > 1) {
    const names = bundles.slice(0, 5).join(", ");
    return {
      kind: "none",
      message: `The archive holds ${bundles.length} .pipeline files side by side (${names}). Pack one pipeline at a time.`,
    };
  }
  return {
    kind: "none",
    message:
      "The archive holds no pipeline: neither a .pipeline file, nor a pipeline.yaml, nor a YAML file as its first entry.",
  };
}

function depth(path: string): number {
  return path.split("/").length;
}

/** The folder that all files lie in, with a slash at its end; empty when there is none. */
function sharedFolder(paths: readonly string[]): string {
  const [first = ""] = paths;
  const folder = first.slice(0, first.indexOf("/") + 1);
  return folder !== "" && paths.every((path) => path.startsWith(folder)) ? folder : "";
}
