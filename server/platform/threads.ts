/** Starts worker threads: from their bundle where we run from one, else from their source. */
import { dirname, join } from "node:path";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { programRoot } from "./root";

/** Loads a TypeScript source in a thread: `--import tsx` does not reach threads on every Node we support. */
const LOAD_SOURCE = 'require("tsx/cjs/api").register(); require(require("node:worker_threads").workerData.source);';

/** Next's bundler follows every `new Worker(…)` it can read and fails on a path that is only known at run time. */
const createWorker = (...given: ConstructorParameters<typeof Worker>): Worker => Reflect.construct(Worker, given);

export interface ThreadStart {
  /** Name of the bundle in `dist`. */
  readonly bundle: string;
  /** Path of the source from the root. */
  readonly source: string;
  readonly data?: { readonly [name: string]: string };
  readonly resourceLimits?: ResourceLimits;
}

/** Starts a thread; its entry finds `data` in `workerData`. */
export function startThread({ bundle, source, data = {}, resourceLimits = {} }: ThreadStart): Worker {
  const root = programRoot();
  if (dirname(process.argv[1] ?? "") === join(root, "dist")) {
    return createWorker(join(root, "dist", `${bundle}.js`), { resourceLimits, execArgv: [], workerData: data });
  }
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, "tsconfig.json") };
  const workerData = { ...data, source: join(root, source) };
  return createWorker(LOAD_SOURCE, { eval: true, resourceLimits, execArgv: [], env, workerData });
}
