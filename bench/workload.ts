/** What a workload measures and how its result is told: value, limit, ratio and whether the goal is met. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit measured in the same run, where the goal is a ratio to one. */
  readonly limit?: number;
  /** What `isMet` was judged by, in words. */
  readonly goal: string;
  readonly isMet: boolean;
  /** Half the distance between best and worst, relative to the median. */
  readonly spread?: number;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  run(): Promise<readonly Figure[]>;
}
