/** What a command prints: one JSON value or words on standard output, progress on standard error. */
import { type Cell, columns, cut, type Look, stateWord } from "./table";

export { columns };

export interface Output {
  readonly isJson: boolean;
  /** Whether a person reads the standard output as it comes. */
  readonly isTerminal: boolean;
  /** Whether a person sees the progress. */
  readonly watches: boolean;
  /** Lines that the terminal shows at once. */
  readonly rows: number;
  /** The answer of the command. */
  readonly print: (json: unknown, words: string) => void;
  /** One line of a stream of answers. */
  readonly line: (json: unknown, words: string) => void;
  /** Words on what is going on. */
  readonly note: (words: string) => void;
  /** A line that takes the place of the one before it; only where a person watches. Null takes it away. */
  readonly progress: (words: string | null) => void;
  /** Rows as columns that fit the terminal. */
  readonly table: (rows: readonly (readonly Cell[])[]) => string;
  /** A state's word, in its colour where colours are shown. */
  readonly state: (word: string) => string;
}

/** The terminal that a command writes to; null for a stream that is none. */
export interface Terminal {
  readonly stdout: { readonly columns: number; readonly rows: number } | null;
  readonly stderr: { readonly columns: number } | null;
}

/** Where a command runs and writes. */
export interface Surroundings {
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The bytes of an answer that is no text; resolves when they were taken. */
  readonly stdoutBytes: (bytes: Uint8Array) => Promise<void>;
  /** All of the standard input as text. */
  readonly stdin: () => Promise<string>;
  readonly terminal: Terminal;
}

const CLEAR_LINE = "\r\u001b[K";
const DEFAULT_ROWS = 24;

/** Colours are for people, and only where nobody has said no to them (no-color.org, dumb terminals). */
function lookOf({ env, terminal }: Surroundings): Look {
  const isRefused = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return { columns: terminal.stdout?.columns ?? null, isColored: terminal.stdout !== null && !isRefused };
}

/** Output in words, or as JSON. */
export function outputTo(surroundings: Surroundings, isJson: boolean): Output {
  const { stdout, stderr, terminal } = surroundings;
  const look = lookOf(surroundings);
  const progressWidth = terminal.stderr?.columns ?? null;
  let isShowing = false;
  const progress = (words: string | null): void => {
    if (progressWidth === null || (words === null && !isShowing)) return;
    isShowing = words !== null;
    stderr(CLEAR_LINE + cut(words ?? "", progressWidth - 1));
  };
  return {
    isJson,
    isTerminal: terminal.stdout !== null && !isJson,
    watches: progressWidth !== null,
    rows: terminal.stdout?.rows ?? DEFAULT_ROWS,
    print: (json, words) => {
      progress(null);
      stdout(isJson ? `${JSON.stringify(json, null, 2)}\n` : `${words}\n`);
    },
    line: (json, words) => stdout(isJson ? `${JSON.stringify(json)}\n` : words),
    note: (words) => {
      progress(null);
      stderr(`${words}\n`);
    },
    progress,
    table: (rows) => columns(rows, look),
    state: (word) => stateWord(word, look),
  };
}
