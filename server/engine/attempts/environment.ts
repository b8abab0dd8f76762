/** The environment of a step: an allow-list of the engine's own, private folders, the attempt's identity, the profile's values. */
import { join } from "node:path";
import type { AttemptRequest } from "./contract";

export type Environment = { readonly [name: string]: string };

const ALLOWED = new Set([
  "PATH",
  "LANG",
  "LANGUAGE",
  "TZ",
  "CUDA_VISIBLE_DEVICES",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
]);
const ALLOWED_PREFIXES = ["LC_", "SSL_CERT_"];
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/** What of the engine's environment a step may see. */
export function allowedEnvironment(own: NodeJS.ProcessEnv): Environment {
  const allowed: Record<string, string> = { PATH: DEFAULT_PATH };
  for (const [name, value] of Object.entries(own)) {
    const isAllowed = ALLOWED.has(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
    if (isAllowed && value !== undefined && value !== "") allowed[name] = value;
  }
  return allowed;
}

/** The folder that only the step uses: its home and its place for temporary files. */
export const privateFolder = (directory: string): string => join(directory, "home");

/** Unique among all attempts of a data directory: the mark by which its processes are found again. */
export const attemptId = ({ run, taskKey, number }: AttemptRequest): string => `${run.id}/${taskKey}/${number}`;

/** What marks the processes of an attempt as its own; no variable of a step may take its place. */
export const identityIn = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("PENSTOCK_")));

/** The environment every kind of step starts from; `allowed` comes from `allowedEnvironment`. */
export function stepEnvironment(request: AttemptRequest, directory: string, allowed: Environment): Environment {
  const home = privateFolder(directory);
  return {
    ...allowed,
    HOME: home,
    PYTHONUNBUFFERED: "1",
    ...request.run.profile.environment,
    TMPDIR: home,
    IPYTHONDIR: join(home, ".ipython"),
    PENSTOCK_RUN_ID: request.run.id,
    PENSTOCK_STEP: request.taskPath,
    PENSTOCK_ATTEMPT: attemptId(request),
  };
}
