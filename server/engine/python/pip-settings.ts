/** How packages are fetched: pip's own configuration, read once, and the same said to uv. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** pip's options by long name without dashes in front, such as `index-url`. */
export type PipSettings = ReadonlyMap<string, string>;

/** Which variable of uv says what an option of pip says. */
const UV_NAMES: { readonly [option: string]: string } = {
  "index-url": "UV_INDEX_URL",
  "extra-index-url": "UV_EXTRA_INDEX_URL",
  "find-links": "UV_FIND_LINKS",
  "trusted-host": "UV_INSECURE_HOST",
  cert: "SSL_CERT_FILE",
};

/** Sections that bear on an installation, weakest first. */
const SECTIONS = ["global", "install", ":env:"];

/** Reads the lines of `pip config list`: `global.index-url='https://…'`. */
export function parsePipConfig(text: string): PipSettings {
  const bySection = new Map<string, [string, string][]>();
  for (const line of text.split("\n")) {
    const found = /^([^.]+)\.([^=]+)='(.*)'$/.exec(line.trim());
    if (found === null) continue;
    const [, section = "", option = "", value = ""] = found;
    bySection.set(section, [...(bySection.get(section) ?? []), [option, value.replaceAll("\\n", " ").trim()]]);
  }
  return new Map(SECTIONS.flatMap((section) => bySection.get(section) ?? []));
}

/** pip's settings as an interpreter's pip sees them; empty where it has none. */
export async function readPipSettings(executable: string, environment: NodeJS.ProcessEnv): Promise<PipSettings> {
  try {
    const { stdout } = await run(executable, ["-m", "pip", "config", "list"], { env: environment, timeout: 15_000 });
    return parsePipConfig(stdout);
  } catch {
    return new Map();
  }
}

/** What must not reach a build: the server's own token, and paths that would mix another environment in. */
const isKept = (name: string): boolean =>
  !name.startsWith("PENSTOCK_") && !["PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"].includes(name);

/** Environment of a build: pip and uv find the same packages in the same places. */
export function buildEnvironment(
  base: NodeJS.ProcessEnv,
  settings: PipSettings,
  indexUrl: string | null,
  uvCache: string,
): NodeJS.ProcessEnv {
  const translated = Object.entries(UV_NAMES).flatMap(([option, name]) => {
    const value = settings.get(option);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(translated),
    ...Object.fromEntries(Object.entries(base).filter(([name]) => isKept(name))),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PIP_RETRIES: base.PIP_RETRIES ?? "2",
    UV_CACHE_DIR: uvCache,
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_CONFIG: "1",
    // Steps share an environment: a file of it must not be a link into the cache of all others.
    UV_LINK_MODE: "copy",
    // pip takes the best match of all indexes; what uv resolves must not depend on which tool was there.
    UV_INDEX_STRATEGY: "unsafe-best-match",
    ...(indexUrl === null ? {} : { PIP_INDEX_URL: indexUrl, UV_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl }),
  };
}

/** Whether any index was chosen; without one a failure is most often a machine without network. */
export const hasIndex = (settings: PipSettings, indexUrl: string | null): boolean =>
  indexUrl !== null || settings.has("index-url");
