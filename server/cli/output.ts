/** What a command prints: one JSON value or words on standard output, progress on standard error. */

export interface Output {
  readonly isJson: boolean;
  /** The answer of the command. */
  readonly print: (json: unknown, words: string) => void;
  /** One line of a stream of answers. */
  readonly line: (json: unknown, words: string) => void;
  /** Words on what is going on. */
  readonly note: (words: string) => void;
}

/** Where a command runs and writes. */
export interface Surroundings {
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Output in words, or as JSON. */
export function outputTo({ stdout, stderr }: Surroundings, isJson: boolean): Output {
  return {
    isJson,
    print: (json, words) => stdout(isJson ? `${JSON.stringify(json, null, 2)}\n` : `${words}\n`),
    line: (json, words) => stdout(isJson ? `${JSON.stringify(json)}\n` : words),
    note: (words) => stderr(`${words}\n`),
  };
}

/** Rows as columns of equal width; the last one is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  "))
    .join("\n");
}
