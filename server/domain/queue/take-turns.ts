/** Whose turn it is when step slots are free: the one rule of the queues, asked by the engine and by the page that explains. */

/** What a step may take of its profile; null for what nobody has limited, which counts as nothing. */
export interface Demand {
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
}

/** A step that waits in a queue. */
export interface Waiting extends Demand {
  readonly key: number;
  readonly runKey: number;
}

/** What waits of one experiment, the longest wait first. */
export interface Lane {
  readonly experiment: number;
  readonly tasks: readonly Waiting[];
}

/** What waits in a queue with one priority. */
export interface Band {
  readonly priority: number;
  /** In turn: they begin with the one after the experiment that was served last. */
  readonly lanes: readonly Lane[];
  /** The next lower priority that something waits with; null when nothing does. */
  readonly below: number | null;
  /** Grows with every turn that was taken anywhere; 0 for a band that never had one. */
  readonly turn: number;
  /** The experiment of that turn. */
  readonly served: number | null;
  /** Whether no other band has had a turn since. */
  readonly isLast: boolean;
}

/** The queue of a profile in which something waits, with what all its steps may take at once; null: no limit. */
export interface Queue extends Demand {
  readonly profile: string;
  /** Steps at once; null leaves it to the engine. */
  readonly capacity: number | null;
  /** The highest priority that something waits with. */
  readonly priority: number;
}

/** How many slots the steps of an experiment hold under a profile, and what these may take. */
export interface Holding {
  readonly profile: string;
  readonly experiment: number;
  readonly count: number;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** A turn to be remembered. */
export interface TurnTaken {
  readonly profile: string;
  readonly priority: number;
  readonly experiment: number;
}

export interface Queues {
  readonly queues: readonly Queue[];
  readonly held: readonly Holding[];
  /** Reads a band of a queue; few are asked for, each once. */
  readonly readBand: (profile: string, priority: number) => Band;
}

export interface Taken {
  readonly tasks: readonly Waiting[];
  /** What has changed of whose turn it was, in order. */
  readonly turns: readonly TurnTaken[];
}

type Use = Pick<Holding, "count" | "cpus" | "memoryBytes">;
const NO_USE: Use = { count: 0, cpus: 0, memoryBytes: 0 };

/** Slots in use under each profile, and by each experiment under it. */
class Slots {
  readonly #profiles = new Map<string, Use>();
  readonly #experiments = new Map<string, Map<number, number>>();

  constructor(held: readonly Holding[]) {
    for (const { profile, experiment, ...use } of held) this.add(profile, experiment, use);
  }

  add(profile: string, experiment: number, { count, cpus, memoryBytes }: Use): void {
    const counts = this.#experiments.get(profile) ?? new Map<number, number>();
    this.#experiments.set(profile, counts.set(experiment, (counts.get(experiment) ?? 0) + count));
    const { count: slots, cpus: processors, memoryBytes: bytes } = this.of(profile);
    this.#profiles.set(profile, { count: slots + count, cpus: processors + cpus, memoryBytes: bytes + memoryBytes });
  }

  of = (profile: string): Use => this.#profiles.get(profile) ?? NO_USE;
  ofExperiment = (profile: string, experiment: number): number => this.#experiments.get(profile)?.get(experiment) ?? 0;
}

/** One queue while turns are taken: what is left of the band that is at its head. */
interface Line {
  readonly queue: Queue;
  readonly band: Band;
  /** In turn. */
  readonly lanes: readonly Lane[];
  /** When it was served last. */
  readonly turn: number;
}

/** Later than every turn that was read; those that are taken here count on from it. */
const NOW = 2 ** 52;

/** The queue at its first band from this priority down that has anything left; null when none has. */
function lineAt(queue: Queue, priority: number | null, readBand: Queues["readBand"]): Line | null {
  for (let at = priority; at !== null; ) {
    const band = readBand(queue.profile, at);
    if (band.lanes.length > 0) return { queue, band, lanes: band.lanes, turn: band.turn };
    at = band.below;
  }
  return null;
}

const isFull = ({ profile, capacity }: Queue, slots: Slots): boolean =>
  capacity !== null && slots.of(profile).count >= capacity;

/** Whether a demand goes beyond what all may take. One that is more than the whole still has its turn, alone. */
const isBeyond = (whole: number | null, used: number, wanted: number | null): boolean =>
  whole !== null && wanted !== null && used > 0 && used + wanted > whole * (1 + 1e-9);

export type Obstacle = "steps" | "cpus" | "memory";

/** What keeps the next step of a queue from starting while slots are free; smaller ones do not pass it. */
function obstacleOf({ queue, lanes }: Pick<Line, "queue" | "lanes">, at: number, slots: Slots): Obstacle | null {
  if (isFull(queue, slots)) return "steps";
  const used = slots.of(queue.profile);
  const next = lanes[at]?.tasks[0];
  if (next === undefined) return null;
  if (isBeyond(queue.cpus, used.cpus, next.cpus)) return "cpus";
  return isBeyond(queue.memoryBytes, used.memoryBytes, next.memoryBytes) ? "memory" : null;
}

/** What its profile keeps a queue from; null where only slots are missing, or its turn. */
export function obstacleIn(queue: Queue, { held, readBand }: Pick<Queues, "held" | "readBand">): Obstacle | null {
  const slots = new Slots(held);
  const line = lineAt(queue, queue.priority, readBand);
  return line && obstacleOf(line, nextLane(line, slots), slots);
}

/** The queue whose turn it is: of the highest priority, then with the fewest slots, then the one that has waited longest. */
function nextLine(lines: readonly Line[], slots: Slots): Line | undefined {
  const order = (a: Line, b: Line): number =>
    b.band.priority - a.band.priority ||
    slots.of(a.queue.profile).count - slots.of(b.queue.profile).count ||
    a.turn - b.turn ||
    (a.queue.profile < b.queue.profile ? -1 : 1);
  return lines.filter((line) => obstacleOf(line, nextLane(line, slots), slots) === null).sort(order)[0];
}

/** The experiment whose turn it is: the one with the fewest slots, of several of those the next in turn. */
function nextLane({ queue, lanes }: Line, slots: Slots): number {
  const held = lanes.map(({ experiment }) => slots.ofExperiment(queue.profile, experiment));
  return held.indexOf(Math.min(...held));
}

/** The line once the first step of its lane at `at` is gone: that experiment comes last now. */
function served(line: Line, at: number, turn: number, readBand: Queues["readBand"]): Line | null {
  const { lanes, queue, band } = line;
  const own = lanes.slice(at, at + 1).map(({ experiment, tasks }) => ({ experiment, tasks: tasks.slice(1) }));
  const left = [...lanes.slice(at + 1), ...lanes.slice(0, at), ...own.filter(({ tasks }) => tasks.length > 0)];
  return left.length > 0 ? { ...line, lanes: left, turn } : lineAt(queue, band.below, readBand);
}

/** Gives `free` slots to the steps that wait: the steps in order, as many as there are and their profiles have room for. */
export function takeTurns({ queues, held, readBand }: Queues, free: number): Taken {
  const slots = new Slots(held);
  let lines = queues
    .filter((queue) => !isFull(queue, slots))
    .flatMap((queue) => lineAt(queue, queue.priority, readBand) ?? []);
  const tasks: Waiting[] = [];
  const turns = new Map<string, TurnTaken & Pick<Band, "isLast" | "served">>();
  while (tasks.length < free) {
    const line = nextLine(lines, slots);
    const at = line && nextLane(line, slots);
    const lane = at === undefined ? undefined : line?.lanes[at];
    const [task] = lane?.tasks ?? [];
    if (line === undefined || at === undefined || lane === undefined || task === undefined) break;
    const { profile } = line.queue;
    const { priority, isLast, served: before } = line.band;
    const { experiment } = lane;
    tasks.push(task);
    slots.add(profile, experiment, { count: 1, cpus: task.cpus ?? 0, memoryBytes: task.memoryBytes ?? 0 });
    turns.delete(`${priority} ${profile}`);
    turns.set(`${priority} ${profile}`, { profile, priority, experiment, isLast, served: before });
    const rest = served(line, at, NOW + tasks.length, readBand);
    lines = lines.flatMap((other) => (other === line ? (rest ?? []) : other));
  }
  return { tasks, turns: worthNoting([...turns.values()]) };
}

/** Where one experiment alone goes on and on, nothing has changed of whose turn it was. */
function worthNoting(turns: readonly (TurnTaken & Pick<Band, "isLast" | "served">)[]): TurnTaken[] {
  const [only] = turns;
  if (turns.length === 1 && only?.isLast && only.served === only.experiment) return [];
  return turns.map(({ profile, priority, experiment }) => ({ profile, priority, experiment }));
}
