/** Says which declaration an isolated step lacks when it failed on a file that the bundle or an earlier step holds. */
import { lstatSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { folderOf, joinPath } from "@/pipelines/elyra/paths";
import type { FileBody } from "@/pipelines/graph";
import type { DataDir } from "@/server/platform/data-dir";
import type { AttemptRequest } from "../contract";
import { type Ancestor, ancestors } from "../launch/file/isolated";
import { fileSite, pathInBundle } from "../launch/file/site";
import type { AttemptPaths } from "../launch/plan";
import { isWithin } from "./confine";

/** Ways in which programs say that a file is not there; the first group is its name. */
const COMPLAINTS = [
  /No such file or directory: b?(['"])(.+?)\1/g,
  /cannot open (?:the )?(?:compressed )?file (['"‘])(.+?)['"’]/g,
  /can't (?:open|cd to) (?:file )?(['"]?)([^'"\n]+?)\1(?:: |$)/gm,
  /^(?:[\w./-]+: )+()([^\n:]+): No such file or directory/gm,
];
const MISSING_MODULE = /(?:ModuleNotFoundError|ImportError): No module named (['"])([\w.]+)\1/g;

/** Names of files that the end of a log complains about, the last complaint first. */
function missingNames(tail: string): { readonly name: string; readonly tries: readonly string[] }[] {
  const found = COMPLAINTS.flatMap((form) => [...tail.matchAll(form)]).map((match) => ({
    at: match.index,
    name: match[2] ?? "",
    tries: [match[2] ?? ""],
  }));
  const modules = [...tail.matchAll(MISSING_MODULE)].map((match) => {
    const path = (match[2] ?? "").replaceAll(".", "/");
    const [top = ""] = path.split("/");
    return { at: match.index, name: match[2] ?? "", tries: [`${path}.py`, `${top}.py`, `${path}/__init__.py`] };
  });
  return [...found, ...modules].filter(({ name }) => name !== "").sort((left, right) => right.at - left.at);
}

export interface MissingDeclaration {
  /** The file, as the step asked for it. */
  readonly file: string;
  /** What to declare, in a sentence. */
  readonly advice: string;
}

/** The declaration that would have helped; null where the file is nowhere, or the run shares its files. */
export async function missingDeclaration(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  dataDir: DataDir,
  tail: string,
): Promise<MissingDeclaration | null> {
  if (request.run.fileMode !== "isolated") return null;
  const { cwd } = fileSite(request, body, paths, dataDir);
  const complaints = missingNames(tail);
  if (complaints.length === 0) return null;
  const folder = folderOf(pathInBundle(request, body));
  const bundle = new Set(request.run.files.map((file) => file.path));
  const before = (await ancestors(request, dataDir).catch(() => [])).reverse();
  for (const complaint of complaints.slice(0, 20)) {
    for (const tried of complaint.tries) {
      const file = asSeenFrom(cwd, tried);
      if (file === null) continue;
      const inBundle = joinPath(folder, file);
      if (inBundle !== null && bundle.has(inBundle)) {
        return { file, advice: `The bundle holds it: add \`${file}\` to the dependencies of "${request.step.name}".` };
      }
      const maker = before.find((ancestor) => wrote(ancestor, file));
      if (maker !== undefined) {
        return { file, advice: `An earlier step wrote it: declare \`${file}\` as an output of "${maker.name}".` };
      }
    }
  }
  return null;
}

/** A path within the step's reach as its own folder sees it; null for places of the machine. */
function asSeenFrom(cwd: string, path: string): string | null {
  if (!isAbsolute(path)) return joinPath("", path);
  return isWithin(path, cwd) ? relative(cwd, path) : null;
}

function wrote({ cwd, folder }: Ancestor, file: string): boolean {
  const path = resolve(cwd, file);
  if (!isWithin(path, join(folder, "work"))) return false;
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
