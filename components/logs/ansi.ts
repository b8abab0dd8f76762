/** Terminal escapes to styled spans: colours and weights are kept, links only to http and https, all else is dropped. */

/** A colour: one of the 16 names by number, or `#rrggbb`. */
export type AnsiColour = number | `#${string}`;

export interface AnsiStyle {
  readonly fg?: AnsiColour;
  readonly bg?: AnsiColour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
  readonly href?: string;
}

export const PLAIN: AnsiStyle = {};

type Flag = "bold" | "dim" | "italic" | "underline" | "strike" | "inverse";

const SWITCHES: { readonly [code: number]: { readonly on?: Flag; readonly off?: readonly (keyof AnsiStyle)[] } } = {
  1: { on: "bold" },
  2: { on: "dim" },
  3: { on: "italic" },
  4: { on: "underline" },
  7: { on: "inverse" },
  9: { on: "strike" },
  21: { on: "underline" },
  22: { off: ["bold", "dim"] },
  23: { off: ["italic"] },
  24: { off: ["underline"] },
  27: { off: ["inverse"] },
  29: { off: ["strike"] },
  39: { off: ["fg"] },
  49: { off: ["bg"] },
};

const LEVELS = [0, 95, 135, 175, 215, 255];

const hex = (r: number, g: number, b: number): AnsiColour =>
  `#${[r, g, b].map((n) => Math.min(255, Math.max(0, n)).toString(16).padStart(2, "0")).join("")}`;

/** A colour of the 256-colour palette: 16 names, a 6×6×6 cube, 24 greys. */
export function paletteColour(index: number): AnsiColour | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const cube = index - 16;
  return hex(LEVELS[Math.floor(cube / 36)] ?? 0, LEVELS[Math.floor(cube / 6) % 6] ?? 0, LEVELS[cube % 6] ?? 0);
}

/** Reads `38;5;n`, `38;2;r;g;b` and their colon forms; answers the colour and how many codes it took. */
function extendedColour(codes: readonly number[], at: number): readonly [AnsiColour | undefined, number] {
  if (codes[at + 1] === 5) return [paletteColour(codes[at + 2] ?? -1), 3];
  if (codes[at + 1] === 2) {
    const [r, g, b] = [codes[at + 2], codes[at + 3], codes[at + 4]];
    return [r === undefined || g === undefined || b === undefined ? undefined : hex(r, g, b), 5];
  }
  return [undefined, codes.length];
}

/** The style after a `CSI … m`, given the text between. */
function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((part) => (part === "" ? 0 : Number(part)));
  let next: { -readonly [key in keyof AnsiStyle]: AnsiStyle[key] } = { ...style };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    const change = SWITCHES[code];
    if (code === 0) next = {};
    else if (change?.on !== undefined) next[change.on] = true;
    else if (change?.off !== undefined) for (const key of change.off) delete next[key];
    else if (code === 38 || code === 48) {
      const [colour, taken] = extendedColour(codes, i);
      if (colour !== undefined) next[code === 38 ? "fg" : "bg"] = colour;
      i += taken - 1;
    } else if (code >= 30 && code <= 37) next.fg = code - 30;
    else if (code >= 90 && code <= 97) next.fg = code - 82;
    else if (code >= 40 && code <= 47) next.bg = code - 40;
    else if (code >= 100 && code <= 107) next.bg = code - 92;
  }
  return next;
}

// CSI (SGR or another), OSC ended by BEL or ST (or cut off), a two-byte escape, a lone control character.
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\x1b\[([0-9;:]*)([ -/]*)([<-?]?[0-9;:<-?]*)([@-~])|\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\|$)|\x1b[PX^_][^\x1b]*(?:\x1b\\|$)|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]/g;

/** Only what can be opened safely: everything else stays plain text. */
function safeHref(target: string): string | undefined {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  return target;
}

/** Spans of one line and the style that holds on the next. Text is never interpreted as markup. */
export function parseAnsi(
  line: string,
  start: AnsiStyle = PLAIN,
): { readonly spans: readonly AnsiSpan[]; readonly end: AnsiStyle } {
  const spans: AnsiSpan[] = [];
  let style = start;
  let href: string | undefined;
  const push = (text: string) => {
    if (text === "") return;
    const last = spans[spans.length - 1];
    if (last !== undefined && last.style === style && last.href === href) {
      spans[spans.length - 1] = { ...last, text: last.text + text };
    } else spans.push(href === undefined ? { text, style } : { text, style, href });
  };
  let from = 0;
  for (const match of line.matchAll(ESCAPES)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    const [, parameters, intermediate, further, final, osc] = match;
    if (final === "m" && intermediate === "" && further === "") style = applySgr(style, parameters ?? "");
    else if (osc?.startsWith("8;")) href = safeHref(osc.slice(osc.indexOf(";", 2) + 1));
  }
  push(line.slice(from));
  return { spans, end: style };
}

/** The line as a reader sees it: without escapes. */
export const plainText = (line: string): string => line.replace(ESCAPES, "");
