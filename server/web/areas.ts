/** What a path belongs to: decided on the path as it was sent, and everything that is not named public is closed. */

/**
 * `open` areas answer anyone: health, the shell's own files, the sign-in page and its exchange, and pods, which have
 * tokens of their own kind. The others differ in
 * how they refuse: a page leads to the sign-in page, the APIs answer in their own shapes.
 */
export type Area =
  | "health"
  | "file"
  | "sign-in"
  | "session"
  | "page"
  | "api"
  | "trpc"
  | "kubeflow"
  | "kubeflow-health"
  | "pod";

/** The methods that are answered at all. */
export const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** Areas by the whole path. */
export const EXACT: { readonly [path: string]: Area } = {
  "/healthz": "health",
  "/readyz": "health",
  "/sign-in": "sign-in",
  "/api/session": "session",
  "/metrics": "api",
  "/apis": "kubeflow",
  "/apis/v2beta1/healthz": "kubeflow-health",
};

const PREFIXES: readonly (readonly [string, Area])[] = [
  ["/_next/static/", "file"],
  ["/_next/", "api"],
  ["/__nextjs_", "api"],
  ["/api/trpc/", "trpc"],
  ["/api/pods/", "pod"],
  ["/api/", "api"],
  ["/apis/", "kubeflow"],
];

const OPEN: ReadonlySet<Area> = new Set(["health", "file", "sign-in", "session", "kubeflow-health", "pod"]);
const READ_ONLY: ReadonlySet<Area> = new Set(["health", "file", "sign-in", "page", "kubeflow-health"]);

/** Whether the area answers without a credential. */
export const isOpen = (area: Area): boolean => OPEN.has(area);
/** Whether only GET and HEAD have a meaning there; a page takes nothing in. */
export const isReadOnly = (area: Area): boolean => READ_ONLY.has(area);

/** The path of a request line's target, as it was sent. */
export const pathOf = (target: string): string => target.split("?", 1)[0] ?? "";

/** The area of a path (no query). `publicFiles` are the exact paths of the files that the shell itself needs. */
export function areaOf(path: string, publicFiles: ReadonlySet<string>): Area {
  const exact = Object.hasOwn(EXACT, path) ? EXACT[path] : undefined;
  if (exact !== undefined) return exact;
  if (publicFiles.has(path)) return "file";
  return PREFIXES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "page";
}

/**
 * Whether two programs could read the path differently: doubled or encoded separators, dot segments, NUL, a
 * backslash, path parameters. Names in the Kubeflow API may hold an encoded slash; nothing else may.
 */
export function isAmbiguous(path: string): boolean {
  if (/\/\/|[\\;]|%00|%5c/i.test(path)) return true;
  if (!path.startsWith("/apis/") && /%2f/i.test(path)) return true;
  try {
    return path.split("/").some((segment) => /^\.{1,2}$|\0/.test(decodeURIComponent(segment)));
  } catch {
    return true;
  }
}
