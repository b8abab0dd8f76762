/** Reads JSON text safely: places on errors, no doubled or dangerous keys, bounded depth, never an exception. */
import type { JsonValue, Problem } from "../graph";
import {
  duplicateKey,
  forbiddenKey,
  isForbiddenKey,
  lineAndColumn,
  MAX_NESTING,
  MAX_VALUES,
  sizeProblem,
  TextRefused,
  textProblem,
  tooDeep,
  tooManyValues,
} from "./limits";

/** The value of a text, or the problems that refuse it. */
export type TextOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NON_FINITE = /-?Infinity|NaN/y;
const QUOTE = 34;
const BACKSLASH = 92;

/** Reads one JSON document. */
export function readJson(text: string): TextOutcome<JsonValue> {
  return read(text, false);
}

/**
 * As `readJson`, and takes the bare `Infinity`, `-Infinity` and `NaN` that Python's `json.dumps` writes.
 * They become the strings of the same spelling, as in protobuf's JSON, so the value stays JSON. This is data, whose
 * authors may call a column `constructor`; of the keys that pipelines may not have only `__proto__` is refused.
 */
export function readLenientJson(text: string): TextOutcome<JsonValue> {
  return read(text, true);
}

function read(text: string, lenient: boolean): TextOutcome<JsonValue> {
  const tooLarge = sizeProblem(text);
  if (tooLarge !== null) return { ok: false, problems: [tooLarge] };
  try {
    return { ok: true, value: new JsonReader(text, lenient).document() };
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    return { ok: false, problems: [textProblem(error.rule, lineAndColumn(text, error.offset), error.message)] };
  }
}

class JsonReader {
  private at: number;
  private values = 0;

  constructor(
    private readonly text: string,
    private readonly lenient: boolean,
  ) {
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  document(): JsonValue {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.unexpected("the end of the text");
    return value;
  }

  private value(depth: number): JsonValue {
    this.space();
    this.values += 1;
    if (this.values > MAX_VALUES) throw tooManyValues(this.at);
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth + 1);
      case "[":
        return this.list(depth + 1);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonValue {
    if (depth > MAX_NESTING) throw tooDeep(this.at);
    this.at += 1;
    const object: { [key: string]: JsonValue } = {};
    if (this.closes("}")) return object;
    for (;;) {
      this.space();
      const keyAt = this.at;
      if (this.text[keyAt] !== '"') throw this.unexpected("a key in double quotes");
      const key = this.string();
      if (this.lenient ? key === "__proto__" : isForbiddenKey(key)) throw forbiddenKey(key, keyAt);
      if (Object.hasOwn(object, key)) throw duplicateKey(key, keyAt);
      this.space();
      if (this.text[this.at] !== ":") throw this.unexpected('":"');
      this.at += 1;
      object[key] = this.value(depth);
      if (this.closes("}")) return object;
      this.comma("}");
    }
  }

  private list(depth: number): JsonValue {
    if (depth > MAX_NESTING) throw tooDeep(this.at);
    this.at += 1;
    const list: JsonValue[] = [];
    if (this.closes("]")) return list;
    for (;;) {
      list.push(this.value(depth));
      if (this.closes("]")) return list;
      this.comma("]");
    }
  }

  private string(): string {
    const start = this.at;
    let escaped = false;
    for (let at = start + 1; at < this.text.length; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return escaped ? this.unescape(start, at + 1) : this.text.slice(start + 1, at);
      }
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
      } else if (code < 0x20) {
        this.at = at;
        throw new TextRefused(
          "syntax",
          at,
          "A string holds a raw control character. Write it as an escape such as \\n.",
        );
      }
    }
    throw new TextRefused("syntax", start, "A string is opened here and never closed.");
  }

  private unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      throw new TextRefused("syntax", start, "This string holds an escape that JSON does not know.");
    }
  }

  private number(): JsonValue {
    if (this.lenient) {
      NON_FINITE.lastIndex = this.at;
      const word = NON_FINITE.exec(this.text)?.[0];
      if (word !== undefined) {
        this.at += word.length;
        return word;
      }
    }
    NUMBER.lastIndex = this.at;
    const digits = NUMBER.exec(this.text)?.[0];
    if (digits === undefined) throw this.unexpected("a value");
    const value = Number(digits);
    if (!Number.isFinite(value)) {
      throw new TextRefused("syntax", this.at, "This number is too large. Write it as a string.");
    }
    this.at += digits.length;
    return value;
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected("a value");
    this.at += word.length;
    return value;
  }

  private closes(bracket: string): boolean {
    this.space();
    if (this.text[this.at] !== bracket) return false;
    this.at += 1;
    return true;
  }

  private comma(bracket: string): void {
    if (this.text[this.at] !== ",") throw this.unexpected(`"," or "${bracket}"`);
    this.at += 1;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  private unexpected(wanted: string): TextRefused {
    const found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : "the end of the text";
    return new TextRefused("syntax", this.at, `Expected ${wanted}, found ${found}.`);
  }
}
