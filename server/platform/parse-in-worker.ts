/** Parses pipeline texts in one warm thread under limits, so that no upload can stop or fill the process that serves pages. */
import type { Worker } from "node:worker_threads";
import type { PipelineFile, PipelineOutcome } from "@/pipelines";
import type { JsonValue, Problem } from "@/pipelines/graph";
import { startThread } from "./threads";

const PARSE_LIMIT_MS = 2_000;
const START_LIMIT_MS = 30_000;
const HEAP_LIMIT_MB = 512;

export type ParseRequest =
  | { readonly want: "graph"; readonly file: PipelineFile }
  | { readonly want: "documents"; readonly text: string };

interface Job {
  readonly id: number;
  readonly request: ParseRequest;
  /** The thread's answer, which is of the kind that was asked for. */
  readonly settle: (result: unknown) => void;
  readonly refuse: (outcome: PipelineOutcome) => void;
}

const refusal = (rule: string, message: string): PipelineOutcome => {
  const problem: Problem = { severity: "error", stage: "upload", rule, place: "the whole text", message };
  return { ok: false, problems: [problem], format: null };
};

const TOO_SLOW = refusal(
  "too-costly",
  `Reading the file took longer than ${PARSE_LIMIT_MS / 1000} s and was stopped. Split the pipeline, or check that the file is one.`,
);
const TOO_LARGE = refusal(
  "too-costly",
  `Reading the file needs more than ${HEAP_LIMIT_MB} MB of memory and was stopped. Split the pipeline, or check that the file is one.`,
);

const startWorker = (): Worker =>
  startThread({
    bundle: "parse-worker",
    source: "server/platform/parse-worker.ts",
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });

/** A thread that takes one text at a time; the next one waits, and a thread that broke a limit is replaced. */
export class ParsingThread {
  private worker: Worker | null = null;
  private isReady = false;
  private current: Job | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting: Job[] = [];
  private lastId = 0;

  /** The outcome of parsing; a text that breaks a limit of time or memory is refused like a bad one. */
  parse(file: PipelineFile): Promise<PipelineOutcome> {
    return new Promise((resolve) => {
      this.ask({ want: "graph", file }, (result) => resolve(result as PipelineOutcome), resolve);
    });
  }

  /** The documents of a YAML or JSON text; none when it cannot be read within the limits. */
  readDocuments(text: string): Promise<readonly JsonValue[]> {
    return new Promise((resolve) => {
      this.ask(
        { want: "documents", text },
        (result) => resolve(result as readonly JsonValue[]),
        () => resolve([]),
      );
    });
  }

  private ask(request: ParseRequest, settle: Job["settle"], refuse: Job["refuse"]): void {
    this.lastId += 1;
    this.waiting.push({ id: this.lastId, request, settle, refuse });
    this.next();
  }

  /** Ends the thread; texts that wait are refused. */
  async close(): Promise<void> {
    const { worker } = this;
    this.drop();
    for (const job of this.waiting.splice(0)) job.refuse(refusal("stopped", "The server is stopping. Try again."));
    await worker?.terminate();
  }

  private next(): void {
    if (this.worker === null) {
      this.start();
      return;
    }
    if (!this.isReady || this.current !== null) return;
    const job = this.waiting.shift();
    if (job === undefined) {
      this.worker.unref();
      return;
    }
    this.current = job;
    this.worker.ref();
    this.limit(PARSE_LIMIT_MS, TOO_SLOW);
    this.worker.postMessage({ id: job.id, request: job.request });
  }

  private start(): void {
    const worker = startWorker();
    this.worker = worker;
    this.limit(START_LIMIT_MS, refusal("stopped", "The parser did not start in time. Look into the server's log."));
    worker.on("message", (message: { id: number; result?: unknown }) => {
      if (this.worker !== worker) return;
      clearTimeout(this.timer);
      this.isReady = true;
      const job = this.current;
      if (job?.id === message.id) {
        this.current = null;
        job.settle(message.result);
      }
      this.next();
    });
    worker.on("error", (error: Error & { code?: string }) => {
      if (this.worker !== worker) return;
      const outcome =
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? TOO_LARGE
          : refusal("stopped", `The parser broke: ${error.message}. Report this file as a fault of Penstock.`);
      this.replace(outcome);
    });
  }

  private limit(ms: number, outcome: PipelineOutcome): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.replace(outcome), ms);
  }

  /** Gives up the thread and the text it was at; before any text, the first that waits pays for it. */
  private replace(outcome: PipelineOutcome): void {
    const { worker } = this;
    this.current ??= this.waiting.shift() ?? null;
    this.refuseCurrent(outcome);
    this.drop();
    worker?.terminate().catch(() => undefined);
    if (this.waiting.length > 0) this.next();
  }

  private refuseCurrent(outcome: PipelineOutcome): void {
    const job = this.current;
    this.current = null;
    job?.refuse(outcome);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.refuseCurrent(refusal("stopped", "The server is stopping. Try again."));
    this.worker = null;
    this.isReady = false;
  }
}
