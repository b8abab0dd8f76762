/** A runner without processes: what it "runs" lasts as long as a script says and outlives the engine that began it. */
import type {
  Adoption,
  AttemptHandle,
  AttemptRequest,
  AttemptRunner,
  AttemptUsage,
  Collected,
  ExitReport,
  Outcome,
} from "../attempts/contract";

/** What the script says of one attempt. */
export interface Fate {
  readonly lastsMs?: number;
  /** Exit code; 0 succeeds. */
  readonly code?: number;
  readonly collected?: Partial<Collected>;
  readonly usage?: AttemptUsage;
  /** Makes `begin` throw. */
  readonly refuse?: Error;
  /** Time from TERM to the end; null ignores it. */
  readonly stopsInMs?: number;
}

interface Process {
  readonly request: AttemptRequest;
  readonly fate: Fate;
  readonly startedAtMs: number;
  endsAtMs: number;
  isStopped: boolean;
  report: ExitReport | null;
  /** Null after the engine that followed it is gone. */
  ended: ((report: ExitReport) => void) | null;
  isTold: boolean;
}

export class FakeRunner implements AttemptRunner {
  /** Keys of attempts in the order in which their commands ran. */
  readonly begun: number[] = [];
  readonly requests: AttemptRequest[] = [];
  readonly stopped: number[] = [];
  /** Most processes alive at one time. */
  peak = 0;
  /** What the next engine finds for attempts that are alive. */
  gone: "reboot" | "lost" | null = null;
  readonly #processes = new Map<number, Process>();
  readonly #now: () => number;
  readonly #fate: (request: AttemptRequest) => Fate;
  readonly #shown: () => number;

  /** `shown` is what the machine's clock shows, which may have been set; `now` goes on evenly. */
  constructor(now: () => number, fate: (request: AttemptRequest) => Fate = () => ({}), shown: () => number = now) {
    this.#now = now;
    this.#fate = fate;
    this.#shown = shown;
  }

  get alive(): readonly AttemptRequest[] {
    return [...this.#processes.values()].filter((one) => one.report === null).map((one) => one.request);
  }

  /** When the next process ends, null when none will. */
  get nextEndMs(): number | null {
    const ends = [...this.#processes.values()].filter((one) => one.report === null).map((one) => one.endsAtMs);
    return ends.length > 0 ? Math.min(...ends) : null;
  }

  async begin(request: AttemptRequest, ended: (report: ExitReport) => void): Promise<AttemptHandle> {
    const fate = this.#fate(request);
    if (fate.refuse) throw fate.refuse;
    const startedAtMs = this.#shown();
    this.begun.push(request.attemptKey);
    this.requests.push(request);
    const process = {
      request,
      fate,
      startedAtMs,
      endsAtMs: this.#now() + (fate.lastsMs ?? 0),
      isStopped: false,
      report: null,
      ended,
      isTold: false,
    };
    this.#processes.set(request.attemptKey, process);
    this.peak = Math.max(this.peak, this.alive.length);
    return { pid: request.attemptKey };
  }

  async adopt(
    request: AttemptRequest,
    _handle: AttemptHandle | null,
    ended: (report: ExitReport) => void,
  ): Promise<Adoption> {
    const found = this.#processes.get(request.attemptKey);
    if (found === undefined) return { found: "never-begun" };
    if (found.report !== null) return { found: "ended", report: found.report, startedAtMs: found.startedAtMs };
    if (this.gone !== null) {
      this.#processes.delete(request.attemptKey);
      return { found: "gone", because: this.gone };
    }
    found.ended = ended;
    return { found: "alive", handle: { pid: request.attemptKey }, startedAtMs: found.startedAtMs };
  }

  stop(attemptKey: number, graceMs: number): void {
    this.stopped.push(attemptKey);
    const found = this.#processes.get(attemptKey);
    if (found === undefined || found.isStopped) return;
    found.isStopped = true;
    found.endsAtMs = Math.min(found.endsAtMs, this.#now() + Math.min(found.fate.stopsInMs ?? 0, graceMs));
  }

  async collect(request: AttemptRequest, report: ExitReport): Promise<Outcome> {
    const { collected, usage } = this.#processes.get(request.attemptKey)?.fate ?? {};
    const took = usage === undefined ? {} : { usage };
    if (report.code === 0) {
      const nothing: Collected = { parameters: {}, artifacts: [], metrics: [], warnings: [] };
      return { state: "succeeded", exitCode: 0, collected: { ...nothing, ...collected }, ...took };
    }
    const reason = {
      code: "exit-code" as const,
      message: `It ended with exit code ${report.code}.`,
      subject: report.code,
    };
    return { state: "failed", exitCode: report.code, reason, ...took };
  }

  noteLogs(): void {}

  /** The engine is gone: nobody is told of ends any more until somebody adopts. */
  release(): void {
    for (const one of this.#processes.values()) one.ended = null;
  }

  /** Ends what is due and tells who follows it. */
  endDue(): void {
    const now = this.#now();
    for (const one of this.#processes.values()) {
      if (one.report === null && one.endsAtMs <= now) {
        const code = one.isStopped ? null : (one.fate.code ?? 0);
        one.report = { code, signal: one.isStopped ? "SIGTERM" : null, atMs: this.#shown() };
      }
      if (one.report !== null && one.ended !== null && !one.isTold) {
        one.isTold = true;
        one.ended(one.report);
      }
    }
  }
}
