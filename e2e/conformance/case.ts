/** One fixture as the conformance suite tries it: what is uploaded, what is started, and what must come of it. */
import type { JsonValue } from "@/pipelines/graph";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import type { Api } from "../support/api";

/** A run that is over, with what a check may want to read of it. */
export interface Ended {
  readonly run: RunView;
  /** Every task of the run, iterations included. */
  readonly tasks: readonly TaskSummary[];
  /** The tasks of a step: one, or one per iteration. */
  of(stepKey: string): readonly TaskSummary[];
  whole(task: TaskSummary): Promise<TaskView>;
  /** The log of a task's newest attempt. */
  log(task: TaskSummary): Promise<string>;
  /** A file of the data directory by its path in it, as text. */
  file(path: string): string;
}

/** What is wrong about a run, a sentence each; none where it is right. */
export type Check = (ended: Ended) => Promise<readonly string[]> | readonly string[];

export type Expectation =
  /** It runs to this end; outputs as the index writes them, artifacts as `<type>`. */
  | {
      readonly is: "ended";
      readonly state: "succeeded" | "failed";
      readonly outputs?: { readonly [name: string]: JsonValue };
      readonly check?: Check;
      readonly timeoutMs?: number;
    }
  /** The upload is refused, in words that match. */
  | { readonly is: "refused-at-upload"; readonly says: RegExp }
  /** The version is kept and its graph drawn; a start is refused, in words that match. */
  | { readonly is: "refused-at-start"; readonly says: RegExp }
  /** Files are missing, exactly these; a start is refused. */
  | { readonly is: "incomplete"; readonly missing: readonly string[] }
  /** It would run for minutes: terminated once these many steps run, it ends canceled. */
  | { readonly is: "terminated"; readonly atRunning: number }
  /** It is uploaded and its graph drawn, but what it needs to run is not a process on this machine. Counts as skipped. */
  | { readonly is: "drawn"; readonly reason: string }
  /** It cannot be tried here. */
  | { readonly is: "skipped"; readonly reason: string };

export interface Case {
  readonly suite: "kfp" | "elyra";
  /** The fixture's path below its folder, with a remark after a blank where one fixture is tried twice. */
  readonly name: string;
  /** What is uploaded, by relative path. */
  readonly files: { readonly [path: string]: string | Uint8Array };
  readonly parameters?: { readonly [name: string]: JsonValue };
  readonly profile?: string;
  /** Whether it belongs to the short form that `npm test` runs. */
  readonly isInSlice?: boolean;
  /** Makes what must exist beforehand: secrets, volumes, profiles. Called once, before the upload. */
  readonly prepare?: (api: Api) => Promise<void>;
  /** Rules of the problems that the version must have as warnings. */
  readonly warns?: readonly string[];
  readonly expect: Expectation;
}
