/** Queues in memory for tests, read as the engine's statements read them: every band whole. */
import type { Queue, Queues, TurnTaken, Waiting } from "./take-turns";

export interface WaitingStep {
  /** Keys also say who waits longest. */
  readonly key: number;
  readonly experiment: number;
  readonly profile: string;
  readonly priority: number;
  /** Null where nothing is said. */
  readonly cpus?: number | null;
  readonly memoryBytes?: number | null;
}

export type Limits = { readonly [profile: string]: Partial<Pick<Queue, "capacity" | "cpus" | "memoryBytes">> };

/** A turn that was noted; later ones stand later in the list. */
export type StoredTurn = TurnTaken;

/** What waits, with the turns that were noted before, and what profiles take. */
export function waitingIn(
  steps: readonly WaitingStep[],
  turns: readonly StoredTurn[],
  limits: Limits,
): Pick<Queues, "queues" | "readBand"> {
  const profiles = [...new Set(steps.map(({ profile }) => profile))];
  const prioritiesOf = (profile: string): number[] =>
    steps.filter((step) => step.profile === profile).map(({ priority }) => priority);
  return {
    queues: profiles.map((profile) => ({
      profile,
      capacity: limits[profile]?.capacity ?? null,
      cpus: limits[profile]?.cpus ?? null,
      memoryBytes: limits[profile]?.memoryBytes ?? null,
      priority: Math.max(...prioritiesOf(profile)),
    })),
    readBand: (profile, priority) => {
      const own = steps.filter((step) => step.profile === profile && step.priority === priority);
      const turn = turns.findLastIndex((one) => one.profile === profile && one.priority === priority);
      const served = turns[turn]?.experiment ?? null;
      const experiments = [...new Set(own.map(({ experiment }) => experiment))].sort((a, b) => a - b);
      const later = experiments.filter((experiment) => experiment > (served ?? 0));
      const inTurn = [...later, ...experiments.filter((experiment) => !later.includes(experiment))];
      const tasksOf = (experiment: number): Waiting[] =>
        own
          .filter((step) => step.experiment === experiment)
          .sort((a, b) => a.key - b.key)
          .map(({ key, cpus = null, memoryBytes = null }) => ({ key, runKey: key, cpus, memoryBytes }));
      const lower = prioritiesOf(profile).filter((other) => other < priority);
      return {
        priority,
        lanes: inTurn.map((experiment) => ({ experiment, tasks: tasksOf(experiment) })),
        below: lower.length === 0 ? null : Math.max(...lower),
        turn: turn + 1,
        served,
        isLast: turn >= 0 && turn === turns.length - 1,
      };
    },
  };
}
