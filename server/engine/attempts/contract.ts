/** What the loop asks of the side that starts, follows and reads attempts; the loop's tests bring a fake of it. */
import type { JsonValue, PipelineFormat, Step } from "@/pipelines/graph";
import type { ProfileSettings } from "@/server/domain/profile";
import type { Reason } from "@/server/domain/reason";
import type { FileMode } from "@/server/domain/views/runs";
import type { Masker } from "@/server/platform/masking";

/** An artifact that a task receives. `path` is absolute, null for a remote location. */
export interface InputArtifact {
  readonly key: number;
  readonly name: string;
  readonly type: string;
  readonly uri: string;
  readonly path: string | null;
  readonly metadata: { readonly [key: string]: JsonValue };
  /** Bytes, null when unknown. */
  readonly size: number | null;
}

export interface ResolvedInputs {
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: { readonly [name: string]: readonly InputArtifact[] };
}

/** The run that an attempt belongs to, the same for all its attempts. */
export interface RunContext {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly format: PipelineFormat;
  readonly pipelineName: string;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  /** Resolved parameters of the run. */
  readonly parameters: { readonly [name: string]: JsonValue };
  /** Files of the version. */
  readonly files: readonly { readonly path: string; readonly digest: string; readonly isExecutable: boolean }[];
  /** File name of the pipeline text within the bundle. */
  readonly specFile: string;
  /** The profile as it stood when the run was made. */
  readonly profile: ProfileSettings;
  readonly fileMode: FileMode;
  /** What the run takes over from an earlier one, whose workspace it continues; null for a run of its own. */
  readonly continues: { readonly runKey: number } | null;
}

/** The newest attempt of a task that came before, whose declared files an isolated step is given. */
export interface UpstreamAttempt {
  readonly stepPath: string;
  /** The run whose folder holds it: another one for a step that was taken over. */
  readonly runKey: number;
  readonly taskKey: number;
  readonly number: number;
}

/** One try of one task. */
export interface AttemptRequest {
  readonly run: RunContext;
  readonly step: Step;
  readonly taskKey: number;
  readonly taskPath: string;
  readonly attemptKey: number;
  readonly number: number;
  readonly inputs: ResolvedInputs;
  /** Every ancestor that ran, in the order of their ends; filled for the isolated file mode alone. */
  readonly upstream: readonly UpstreamAttempt[];
}

/** What steps may be given by name. Read when a step is launched, and never kept with it. */
export interface Vault {
  /** The values of a secret or config map; undefined when there is none of that name. */
  values(name: string): { readonly isShown: boolean; readonly values: { readonly [key: string]: string } } | undefined;
  /** Absolute path of a volume's directory; undefined when there is none of that name. */
  volume(name: string): string | undefined;
  /** Hides the values of secrets in what is written down of an attempt. */
  masker(): Masker;
}

/** What an attempt took; null where it could not be measured. */
export interface AttemptUsage {
  /** Processor time of the step and its children. */
  readonly cpuMs: number | null;
  /** Most resident memory of the process tree at once. */
  readonly peakBytes: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
}

/** How an attempt's process ended. `code` is null when nothing wrote one (killed, lost power). */
export interface ExitReport {
  readonly code: number | null;
  readonly signal: string | null;
  readonly atMs: number;
  /** Absent where nobody could look. */
  readonly usage?: Pick<AttemptUsage, "cpuMs" | "peakBytes">;
  /** Set when it was ended because it held more memory than its limit. */
  readonly overMemory?: { readonly limitBytes: number; readonly usedBytes: number };
  /** Why it failed, where that is known better than from its exit code. */
  readonly reason?: Reason;
}

/** Identity that survives the engine: for a process its pid, start time and boot id. */
export type AttemptHandle = { readonly [key: string]: JsonValue };

export interface ProducedArtifact {
  readonly output: string;
  readonly position: number;
  readonly name: string;
  readonly type: string;
  /** Absolute path inside the data directory, null for a remote location. */
  readonly path: string | null;
  readonly uri: string;
  readonly size: number | null;
  readonly digest: string | null;
  readonly isDirectory: boolean;
  readonly metadata: { readonly [key: string]: JsonValue };
}

export interface Collected {
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: readonly ProducedArtifact[];
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number;
    readonly format: "raw" | "percentage";
  }[];
  /** Remarks for the run page: an output that was not written, an invalid display file. */
  readonly warnings: readonly string[];
}

/** What the end of a process means for its attempt. */
export type Outcome =
  | {
      readonly state: "succeeded";
      readonly exitCode: number;
      readonly collected: Collected;
      readonly usage?: AttemptUsage;
    }
  | {
      readonly state: "failed";
      readonly exitCode: number | null;
      readonly reason: Reason;
      /** What is worth keeping of a failed attempt: a notebook as far as it got. */
      readonly collected?: Collected;
      readonly usage?: AttemptUsage;
    };

/** Thrown by `begin` when the step cannot be started; the attempt fails with this reason. */
export class StartRefusal extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason.message);
    this.name = "StartRefusal";
    this.reason = reason;
  }
}

/**
 * What a new engine finds of an attempt that its predecessor left: still alive (its end will be reported), over with a
 * report, never begun (its command has not run and never will), or gone without a trace.
 */
export type Adoption =
  | { readonly found: "alive"; readonly handle: AttemptHandle; readonly startedAtMs: number }
  | { readonly found: "ended"; readonly report: ExitReport; readonly startedAtMs: number | null }
  | { readonly found: "never-begun" }
  | { readonly found: "gone"; readonly because: "reboot" | "lost" };

export interface AttemptRunner {
  /**
   * Prepares the attempt's directory, environment and command and starts it. Called after the attempt row is committed
   * as `starting`. `ended` is called once, later, also for a process that ends at once. Throws `StartRefusal`.
   * Resolves synchronously fast where nothing has to be built: the promise is settled in the same turn.
   */
  begin(request: AttemptRequest, ended: (report: ExitReport) => void): Promise<AttemptHandle>;
  /** Takes over what an earlier engine left; `handle` is null when it was not recorded yet. */
  adopt(request: AttemptRequest, handle: AttemptHandle | null, ended: (report: ExitReport) => void): Promise<Adoption>;
  /** TERM now, KILL after the grace, to the whole process group and whatever carries the attempt's id. Also while it is being prepared. */
  stop(attemptKey: number, graceMs: number): void;
  /** Reads what a finished attempt left: exit code to meaning, outputs, artifacts, metrics. Never throws for what user code wrote. */
  collect(request: AttemptRequest, report: ExitReport): Promise<Outcome>;
  /** Appends `(offset, ms)` of growing logs to their side files; called by the loop's timer. */
  noteLogs(nowMs: number): void;
  /** Lets go of everything without stopping any step. */
  release(): void;
}
