/** The text form of filters: `state = failed and (param.lr > 0.01 or not tag.team = "a b")`, read with errors at their place. */
import { comparisonProblem, type FieldSet, fieldSpec } from "./fields";
import { type Comparison, type Filter, type FilterValue, MAX_DEPTH, ORDERS, type Order } from "./filter";

export interface FilterTextProblem {
  /** Where in the text, and how much of it. */
  readonly at: number;
  readonly length: number;
  readonly message: string;
}

export type FilterReading =
  | { readonly ok: true; readonly filter: Filter | null }
  | { readonly ok: false; readonly problem: FilterTextProblem };

export interface Token {
  readonly kind: "word" | "quoted" | "order" | "sign" | "end";
  /** Without quotes and escapes. */
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

const TOKEN = /\s*(?:(?<order>>=|<=|!=|=|>|<)|(?<sign>[(),])|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>[^\s()",=<>!]+))/suy;
const KEYWORDS = new Set(["and", "or", "not", "in", "is", "set", "contains"]);
const PLAIN = /^[A-Za-z_][\w.:/+-]*$/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MAX_TEXT = 10_000;

class Misread extends Error {
  constructor(readonly problem: FilterTextProblem) {
    super(problem.message);
  }
}

/** The tokens of a text, the end included. Throws `Misread` at what is none. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  while (text.slice(from).trim() !== "") {
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(text);
    if (match?.groups === undefined) {
      const at = from + (text.slice(from).length - text.slice(from).trimStart().length);
      const message = text[at] === '"' ? "This quote is never closed." : "Nothing can begin like this.";
      throw new Misread({ at, length: text.length - at, message });
    }
    const { order, sign, quoted, word } = match.groups;
    const kind = order ? "order" : sign ? "sign" : word ? "word" : "quoted";
    const plain = order ?? sign ?? word ?? quoted?.replace(/\\(.)/gs, "$1") ?? "";
    const lead = match[0].length - match[0].trimStart().length;
    tokens.push({ kind, text: plain, at: from + lead, length: match[0].length - lead });
    from = TOKEN.lastIndex;
  }
  return [...tokens, { kind: "end", text: "", at: text.length, length: 0 }];
}

class Reader {
  private next = 0;

  constructor(
    private readonly fields: FieldSet,
    private readonly tokens: readonly Token[],
  ) {}

  whole(): Filter {
    const filter = this.any(0);
    const rest = this.peek();
    if (rest.kind !== "end") throw this.wrong(rest, "Join it to what stands before with and, or or.");
    return filter;
  }

  private any(depth: number): Filter {
    const parts = [this.all(depth)];
    while (this.takeWord("or")) parts.push(this.all(depth));
    const [only] = parts;
    return parts.length === 1 && only ? only : { any: parts };
  }

  private all(depth: number): Filter {
    const parts = [this.one(depth)];
    while (this.takeWord("and")) parts.push(this.one(depth));
    const [only] = parts;
    return parts.length === 1 && only ? only : { all: parts };
  }

  private one(depth: number): Filter {
    if (depth >= MAX_DEPTH) throw this.wrong(this.peek(), `Nest a filter at most ${MAX_DEPTH} deep.`);
    if (this.takeWord("not")) return { not: this.one(depth + 1) };
    if (!this.takeSign("(")) return this.comparison();
    const inner = this.any(depth + 1);
    if (!this.takeSign(")")) throw this.wrong(this.peek(), "A closing ) is missing here.");
    return inner;
  }

  private comparison(): Filter {
    const first = this.peek();
    const field = this.field();
    if (this.takeWord("is")) {
      const negated = this.takeWord("not");
      if (!this.takeWord("set")) throw this.wrong(this.peek(), "Write is set, or is not set.");
      const set = this.checked(first, { field, is: "set" });
      return negated ? { not: set } : set;
    }
    if (this.takeWord("in")) return this.checked(first, { field, is: "in", values: this.values(field) });
    if (this.takeWord("contains")) {
      return this.checked(first, { field, is: "contains", value: String(this.value(field)) });
    }
    const token = this.take();
    const is = token.kind === "order" ? ORDERS.find((order): order is Order => order === token.text) : undefined;
    if (is === undefined) throw this.wrong(token, `Compare ${field} here: = != > >= < <= contains, in (…), is set.`);
    return this.checked(first, { field, is, value: this.value(field) });
  }

  private field(): string {
    const token = this.take();
    if (token.kind !== "word" || KEYWORDS.has(token.text)) throw this.wrong(token, "Name a field here.");
    const name = this.peek();
    if (!token.text.endsWith(".") || name.kind !== "quoted" || name.at !== token.at + token.length) return token.text;
    this.next += 1;
    return `${token.text}${name.text}`;
  }

  private values(field: string): FilterValue[] {
    if (!this.takeSign("(")) throw this.wrong(this.peek(), "Write the values in brackets: in (a, b).");
    const values = [this.value(field)];
    while (this.takeSign(",")) values.push(this.value(field));
    if (!this.takeSign(")")) throw this.wrong(this.peek(), "A closing ) is missing here.");
    return values;
  }

  private value(field: string): FilterValue {
    const token = this.take();
    const isValue = token.kind === "quoted" || (token.kind === "word" && !KEYWORDS.has(token.text));
    if (!isValue) throw this.wrong(token, "Write a value here; quote it if it has spaces or signs.");
    const kind = fieldSpec(this.fields, field)?.kind;
    const isNumber = kind === "number" || (kind === "any" && token.kind === "word");
    return isNumber && NUMBER.test(token.text) ? Number(token.text) : token.text;
  }

  private checked(first: Token, comparison: Comparison): Comparison {
    const message = comparisonProblem(this.fields, comparison);
    if (message === null) return comparison;
    const last = this.tokens[this.next - 1] ?? first;
    throw new Misread({ at: first.at, length: last.at + last.length - first.at, message });
  }

  private peek(): Token {
    return this.tokens[this.next] ?? { kind: "end", text: "", at: 0, length: 0 };
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.next += 1;
    return token;
  }

  private takeIf(kind: Token["kind"], text: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.next += 1;
    return true;
  }

  private takeWord = (text: string): boolean => this.takeIf("word", text);
  private takeSign = (text: string): boolean => this.takeIf("sign", text);

  private wrong(token: Token, message: string): Misread {
    return new Misread({ at: token.at, length: token.length, message });
  }
}

/** Reads the text form over the fields of a list; an empty text is no filter. */
export function readFilterText(fields: FieldSet, text: string): FilterReading {
  if (text.length > MAX_TEXT) {
    return { ok: false, problem: { at: MAX_TEXT, length: 0, message: `Keep a filter to ${MAX_TEXT} characters.` } };
  }
  if (text.trim() === "") return { ok: true, filter: null };
  try {
    return { ok: true, filter: new Reader(fields, tokensOf(text)).whole() };
  } catch (error) {
    if (error instanceof Misread) return { ok: false, problem: error.problem };
    throw error;
  }
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const isPlain = (text: string): boolean => PLAIN.test(text) && !KEYWORDS.has(text);

function fieldText(field: string): string {
  if (isPlain(field)) return field;
  const dot = field.indexOf(".");
  return `${field.slice(0, dot + 1)}${quoted(field.slice(dot + 1))}`;
}

const valueText = (value: FilterValue): string =>
  typeof value === "number" ? String(value) : isPlain(value) || readsPlain(value) ? value : quoted(value);

/** Moments and lengths of time need no quotes either. */
const readsPlain = (text: string): boolean => /^-?\d[\dTZ:.+-]*(?:ms|[smhdw\d])*$/.test(text) && !NUMBER.test(text);

function comparisonText(comparison: Comparison): string {
  const field = fieldText(comparison.field);
  switch (comparison.is) {
    case "set":
      return `${field} is set`;
    case "in":
      return `${field} in (${comparison.values.map(valueText).join(", ")})`;
    default:
      return `${field} ${comparison.is} ${valueText(comparison.value)}`;
  }
}

/** The text form of a filter, which reads back to the same tree. */
export function filterText(filter: Filter): string {
  if ("all" in filter) return filter.all.map(inner).join(" and ");
  if ("any" in filter) return filter.any.map(inner).join(" or ");
  if (!("not" in filter)) return comparisonText(filter);
  const negated = filter.not;
  return "is" in negated && negated.is === "set" ? `${fieldText(negated.field)} is not set` : `not ${inner(negated)}`;
}

const inner = (filter: Filter): string => {
  const text = filterText(filter);
  return "all" in filter || "any" in filter ? `(${text})` : text;
};
