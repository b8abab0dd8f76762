/** Puts the cells of a notebook together from the events of its run, which are read as hostile input. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import type { CellView } from "./views/cells";

const MOST_CELLS = 10_000;
const LONGEST_SOURCE = 256 * 1024;
/** Outputs shown of one cell and of all cells together, in characters of JSON. */
const CELL_OUTPUTS = 1_200_000;
const ALL_OUTPUTS = 16 * 1024 * 1024;
const DEEPEST = 40;
const MOST_OUTPUTS = 2_000;

const At = z.number().int().min(0).max(8.64e15);
const Index = z
  .number()
  .int()
  .min(0)
  .max(MOST_CELLS - 1);
const Output = z.looseObject({ output_type: z.string().max(40) });

const Event = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("cell"),
    index: Index,
    type: z.enum(["code", "markdown", "raw"]).catch("raw"),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    source: z.string(),
  }),
  z.object({ kind: z.literal("cell-start"), at: At, index: Index }),
  z.object({ kind: z.literal("output"), index: Index, output: Output }),
  z.object({ kind: z.literal("outputs"), index: Index, outputs: z.array(Output).max(MOST_OUTPUTS) }),
  z.object({ kind: z.literal("clear"), index: Index }),
  z.object({ kind: z.literal("cut"), index: Index }),
  z.object({ kind: z.literal("cell-end"), at: At, index: Index }),
  z.object({
    kind: z.literal("cell-error"),
    at: At,
    index: Index,
    ename: z.string(),
    evalue: z.string(),
    traceback: z.string(),
    allowed: z.boolean().catch(false),
  }),
]);
type Event = z.infer<typeof Event>;
type Output = z.infer<typeof Output>;

interface Cell {
  readonly index: number;
  readonly type: CellView["type"];
  readonly sourceHash: string;
  readonly source: string;
  state: CellView["state"];
  startedAtMs: number | null;
  finishedAtMs: number | null;
  outputs: Output[];
  /** Characters that its outputs take. */
  taken: number;
  isCut: boolean;
  error: CellView["error"];
}

/** Takes lines of an events file in their order; what makes no sense is left out. */
export class CellReader {
  readonly #cells = new Map<number, Cell>();
  #left = ALL_OUTPUTS;

  take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    if (!isShallow(value, DEEPEST)) return;
    const event = Event.safeParse(value);
    if (event.success) this.#apply(event.data);
  }

  /** The cells in order. Once the attempt is over, nothing of them is running or to come. */
  views(isOver: boolean): CellView[] {
    return [...this.#cells.values()]
      .sort((left, right) => left.index - right.index)
      .map(({ startedAtMs, finishedAtMs, taken: _, outputs, ...cell }) => ({
        ...cell,
        state: isOver ? OVER[cell.state] : cell.state,
        startedAt: iso(startedAtMs),
        finishedAt: iso(finishedAtMs),
        outputs: outputs as JsonValue[],
      }));
  }

  #apply(event: Event): void {
    if (event.kind === "cell") {
      this.#add(event);
      return;
    }
    const cell = this.#cells.get(event.index);
    if (cell === undefined) return;
    switch (event.kind) {
      case "cell-start":
        cell.state = "running";
        cell.startedAtMs = event.at;
        return;
      case "output":
        this.#put(cell, event.output);
        return;
      case "outputs":
        this.#clear(cell);
        for (const output of event.outputs) this.#put(cell, output);
        return;
      case "clear":
        this.#clear(cell);
        return;
      case "cut":
        cell.isCut = true;
        return;
      case "cell-end":
        cell.state = "succeeded";
        cell.finishedAtMs = event.at;
        return;
      case "cell-error":
        cell.state = event.allowed ? "succeeded" : "failed";
        cell.finishedAtMs = event.at;
        cell.error = {
          name: event.ename.slice(0, 1_000),
          value: event.evalue.slice(0, 10_000),
          traceback: event.traceback.slice(-64_000),
        };
    }
  }

  #add({ index, type, hash, source }: Extract<Event, { kind: "cell" }>): void {
    if (this.#cells.has(index)) return;
    this.#cells.set(index, {
      index,
      type,
      sourceHash: hash,
      source: source.slice(0, LONGEST_SOURCE),
      state: type === "code" ? "pending" : "not-run",
      startedAtMs: null,
      finishedAtMs: null,
      outputs: [],
      taken: 0,
      isCut: false,
      error: null,
    });
  }

  #put(cell: Cell, output: Output): void {
    const size = JSON.stringify(output).length;
    if (size > this.#left || cell.taken + size > CELL_OUTPUTS || cell.outputs.length >= MOST_OUTPUTS) {
      cell.isCut = true;
      return;
    }
    cell.taken += size;
    this.#left -= size;
    const last = cell.outputs.at(-1);
    if (isText(output) && last !== undefined && isText(last) && last.name === output.name) last.text += output.text;
    else cell.outputs.push({ ...output });
  }

  #clear(cell: Cell): void {
    this.#left += cell.taken;
    cell.taken = 0;
    cell.outputs = [];
  }
}

const OVER: { readonly [state in CellView["state"]]: CellView["state"] } = {
  pending: "not-run",
  running: "failed",
  succeeded: "succeeded",
  failed: "failed",
  "not-run": "not-run",
};

const isText = (output: Output): output is Output & { name: string; text: string } =>
  output.output_type === "stream" && typeof output.text === "string" && typeof output.name === "string";

const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** Whether a value nests no deeper than this: what is written out again recurses. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
