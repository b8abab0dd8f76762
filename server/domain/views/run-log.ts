/** The logs of all steps of a run, in one, as they leave the server. */

/** A line of one of the logs of a run; moment, attempt and offset are its place among all of them. */
export interface RunLogLine {
  readonly at: number;
  /** Key of the attempt, and its number within the task. */
  readonly attempt: number;
  readonly number: number;
  readonly offset: number;
  readonly task: number;
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Lines of all steps, ascending. */
export interface RunLogView {
  readonly lines: readonly RunLogLine[];
  /** Whether more lie in the direction that was asked for. */
  readonly hasMore: boolean;
  /** Nothing will be added any more. */
  readonly isOver: boolean;
}
