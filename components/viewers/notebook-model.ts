/** An executed notebook as plain data: what its cells say and showed; anything unknown is left out, nothing is trusted. */
import { z } from "zod";

const Text = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (Array.isArray(text) ? text.join("") : text));

const Output = z.looseObject({
  output_type: z.string(),
  name: z.string().optional(),
  text: Text.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
  traceback: z.array(z.string()).optional(),
});

const Cell = z.looseObject({
  cell_type: z.string(),
  source: Text,
  execution_count: z.number().nullish(),
  outputs: z.array(Output).optional(),
});

const Notebook = z.looseObject({ cells: z.array(Cell) });

export type CellOutput =
  | { readonly kind: "text"; readonly text: string; readonly isError: boolean; readonly isTrace?: true }
  | { readonly kind: "image"; readonly src: string }
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "markdown"; readonly text: string };

export interface NotebookCell {
  readonly kind: "code" | "markdown" | "raw";
  readonly source: string;
  readonly count: number | null;
  readonly outputs: readonly CellOutput[];
}

const asText = (value: unknown): string | null => {
  const text = Text.safeParse(value);
  return text.success ? text.data : null;
};

const BASE64 = /^[A-Za-z0-9+/=\s]*$/;

/** The richest form that can be shown safely. Pictures travel as data addresses, which run nothing. */
function display(data: { readonly [type: string]: unknown }): CellOutput | null {
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const encoded = asText(data[type]);
    if (encoded !== null && BASE64.test(encoded)) {
      return { kind: "image", src: `data:${type};base64,${encoded.replace(/\s/g, "")}` };
    }
  }
  const svg = asText(data["image/svg+xml"]);
  if (svg !== null) return { kind: "image", src: `data:image/svg+xml,${encodeURIComponent(svg)}` };
  const html = asText(data["text/html"]);
  if (html !== null) return { kind: "html", html };
  const markdown = asText(data["text/markdown"]);
  if (markdown !== null) return { kind: "markdown", text: markdown };
  const plain = asText(data["text/plain"]);
  if (plain !== null) return { kind: "text", text: plain, isError: false };
  const json = data["application/json"];
  return json === undefined ? null : { kind: "text", text: JSON.stringify(json, null, 2), isError: false };
}

function output(raw: z.infer<typeof Output>): CellOutput | null {
  if (raw.output_type === "error") {
    const text = raw.traceback?.join("\n") ?? `${raw.ename ?? "Error"}: ${raw.evalue ?? ""}`;
    return { kind: "text", text, isError: true, isTrace: true };
  }
  if (raw.output_type === "stream") return { kind: "text", text: raw.text ?? "", isError: raw.name === "stderr" };
  return raw.data === undefined ? null : display(raw.data);
}

/** What a cell left, as nbformat writes it; what cannot be shown is left out. */
export const readOutputs = (outputs: readonly unknown[]): readonly CellOutput[] =>
  outputs.flatMap((raw) => {
    const read = Output.safeParse(raw);
    return read.success ? (output(read.data) ?? []) : [];
  });

/** Cells of a notebook (nbformat 4); null when the text is none. */
export function readNotebook(text: string): readonly NotebookCell[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const notebook = Notebook.safeParse(json);
  if (!notebook.success) return null;
  return notebook.data.cells.map((cell) => ({
    kind: cell.cell_type === "markdown" || cell.cell_type === "raw" ? cell.cell_type : "code",
    source: cell.source,
    count: cell.execution_count ?? null,
    outputs: (cell.outputs ?? []).flatMap((each) => output(each) ?? []),
  }));
}
