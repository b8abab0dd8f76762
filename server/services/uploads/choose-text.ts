/** Which of the uploaded files is the pipeline: decided from the paths alone. */

export type Chosen = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

const isPipeline = (path: string): boolean => /\.pipeline$/i.test(path);
const isSpec = (path: string): boolean => /\.(?:ya?ml|json)$/i.test(path);
const isNotebook = (path: string): boolean => /\.ipynb$/i.test(path);
/** Names that parsers refuse with what to do instead. */
const isSource = (path: string): boolean => /\.py$/i.test(path);

const depth = (path: string): number => path.split("/").length;

function shallowest(paths: readonly string[]): string[] {
  const least = Math.min(...paths.map(depth));
  return paths.filter((path) => depth(path) === least);
}

function only(paths: readonly string[], what: string): Chosen {
  const [first, ...others] = paths;
  if (first !== undefined && others.length === 0) return { ok: true, path: first };
  const names = paths.slice(0, 5).join(", ");
  return {
    ok: false,
    message: `Several files could be the pipeline: ${names}. Upload ${what}, with the files it names.`,
  };
}

const NONE =
  "There is no pipeline among the files. Upload a .pipeline with the files it names, a compiled pipeline (.yaml, .json), a notebook, or a zip or tar.gz of these.";

/**
 * One `.pipeline` at its shallowest level makes a bundle. Without one an archive follows Kubeflow's rule
 * (`pipeline.yaml`, else the first entry), loose files hold one specification, or a notebook stands alone.
 */
export function chooseText(paths: readonly string[], isArchive: boolean): Chosen {
  const pipelines = paths.filter(isPipeline);
  if (pipelines.length > 0) return only(shallowest(pipelines), "one .pipeline");
  if (isArchive) return chooseFromArchive(paths);
  const specs = paths.filter(isSpec);
  if (specs.length > 0) {
    const top = shallowest(specs);
    return only(top.includes("pipeline.yaml") ? ["pipeline.yaml"] : top, "one specification");
  }
  const others = paths.filter((path) => isNotebook(path) || isSource(path));
  const [lone] = others.length > 0 ? others : paths;
  if (lone !== undefined && paths.length === 1) return { ok: true, path: lone };
  return { ok: false, message: NONE };
}

function chooseFromArchive(paths: readonly string[]): Chosen {
  if (paths.includes("pipeline.yaml")) return { ok: true, path: "pipeline.yaml" };
  const [first] = paths;
  if (first !== undefined && (isSpec(first) || (isNotebook(first) && paths.length === 1)))
    return { ok: true, path: first };
  return {
    ok: false,
    message:
      "The archive holds no pipeline: no .pipeline, no pipeline.yaml, and its first entry is no .yaml file. Put the pipeline at its top.",
  };
}
