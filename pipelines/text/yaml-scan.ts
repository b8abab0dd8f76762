/** One cheap pass over YAML text before it is parsed: refuses bombs by their bytes and finds folded quotes to mend. */
import { MAX_NESTING, TextRefused, tooDeep } from "./limits";

/** Aliases in one text. No pipeline tool writes more than a handful. */
export const MAX_ALIASES = 1_000;
/** Documents in one text. */
const MAX_DOCUMENTS = 100;

/** A line inside a quoted scalar that is indented less than YAML 1.2 wants. */
interface ShortLine {
  readonly offset: number;
  readonly add: number;
}

const codeOf = (character: string): number => character.charCodeAt(0);
const SPACE = codeOf(" ");
const TAB = codeOf("\t");
const NEWLINE = codeOf("\n");
const RETURN = codeOf("\r");
const COLON = codeOf(":");
const COMMA = codeOf(",");
const DASH = codeOf("-");
const QUESTION = codeOf("?");
const HASH = codeOf("#");
const DOUBLE = codeOf('"');
const SINGLE = codeOf("'");
const BACKSLASH = codeOf("\\");

/**
 * Walks the text once, linear in its length. It reads YAML only as far as it must to tell structure from
 * scalars; where it errs, the parser's own checks and the converter's budget still hold.
 */
export class YamlScanner {
  private at = 0;
  private lineStart = 0;
  private flow = 0;
  private aliases = 0;
  private documents = 0;
  private properties = 0;
  private columns: number[] = [];
  /** Content of the current node must stand to the right of this column. */
  private parentColumn = -1;
  private keySeen = false;
  private readonly short: ShortLine[] = [];

  constructor(private readonly text: string) {}

  /** Throws `TextRefused` for nesting and alias bombs. */
  scan(): void {
    const { text } = this;
    while (this.at < text.length) {
      if (this.flow === 0) this.openLine();
      this.tokens();
      this.at += 1;
      this.lineStart = this.at;
    }
  }

  /**
   * The text with the short lines of quoted scalars indented further, or null when there are none. PyYAML and Go
   * accept such lines (YAML 1.2 does not), and their leading space is folded away, so the value stays the same.
   */
  mended(): string | null {
    if (this.short.length === 0) return null;
    const parts: string[] = [];
    let from = 0;
    for (const { offset, add } of this.short) {
      parts.push(this.text.slice(from, offset), " ".repeat(add));
      from = offset;
    }
    return parts.join("") + this.text.slice(from);
  }

  private openLine(): void {
    if (this.text.startsWith("---", this.at)) this.openDocument();
    this.skipSpaces();
    this.keySeen = false;
    this.parentColumn = -1;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code === DASH || code === QUESTION) || !this.blankAt(this.at + 1)) break;
      this.parentColumn = this.at - this.lineStart;
      this.open(this.parentColumn);
      this.at += 1;
      this.skipSpaces();
    }
    const code = this.text.charCodeAt(this.at);
    const column = this.at - this.lineStart;
    if (Number.isNaN(code) || code === NEWLINE || code === RETURN || code === HASH) return;
    if (this.parentColumn === -1) {
      while ((this.columns.at(-1) ?? -1) >= column) this.columns.pop();
      this.parentColumn = this.columns.at(-1) ?? -1;
    }
    this.open(column);
  }

  private openDocument(): void {
    this.documents += 1;
    if (this.documents <= MAX_DOCUMENTS) return;
    throw new TextRefused(
      "too-large",
      this.at,
      `The text holds more than ${MAX_DOCUMENTS} documents. Upload one pipeline at a time.`,
    );
  }

  private open(column: number): void {
    while ((this.columns.at(-1) ?? -1) >= column) this.columns.pop();
    this.columns.push(column);
    if (this.columns.length + this.flow > MAX_NESTING) throw tooDeep(this.at);
  }

  /** Reads up to the end of the line, or of the last line of a scalar that began on it. */
  private tokens(): void {
    const { text } = this;
    let starts = true;
    for (; this.at < text.length; this.at += 1) {
      const code = text.charCodeAt(this.at);
      if (code === NEWLINE) return;
      if (code === SPACE || code === TAB || code === RETURN) continue;
      if (code === HASH && (this.at === this.lineStart || this.blankAt(this.at - 1))) {
        this.toLineEnd();
        return;
      }
      if (code === COLON && (this.blankAt(this.at + 1) || this.flow > 0)) {
        if (this.flow === 0 && !this.keySeen) {
          this.keySeen = true;
          this.parentColumn = this.columns.at(-1) ?? -1;
        }
        starts = true;
        continue;
      }
      const character = text[this.at];
      if (this.flow > 0 || starts) {
        if (character === "[" || character === "{") {
          this.flow += 1;
          if (this.columns.length + this.flow > MAX_NESTING) throw tooDeep(this.at);
          starts = true;
          continue;
        }
        if (this.flow > 0 && (character === "]" || character === "}")) {
          this.flow -= 1;
          starts = false;
          continue;
        }
        if (this.flow > 0 && code === COMMA) {
          starts = true;
          continue;
        }
      }
      if (!starts) continue;
      if (character === "&" || character === "!") this.property();
      else if (character === "*") starts = this.alias();
      else if (code === DOUBLE || code === SINGLE) starts = this.quoted(code);
      else if ((character === "|" || character === ">") && this.flow === 0) {
        this.blockScalar();
        return;
      } else starts = false;
    }
  }

  private alias(): false {
    this.aliases += 1;
    if (this.aliases > MAX_ALIASES) {
      throw new TextRefused(
        "too-many-aliases",
        this.at,
        `The text uses more than ${MAX_ALIASES} aliases (\`*name\`). Write the values out where they are used.`,
      );
    }
    return false;
  }

  /** An anchor or a tag; a flood of them costs the parser more than it says. */
  private property(): void {
    this.properties += 1;
    if (this.properties > MAX_ALIASES) {
      throw new TextRefused(
        "too-many-aliases",
        this.at,
        `The text uses more than ${MAX_ALIASES} anchors and tags (\`&name\`, \`!tag\`). Write it without them.`,
      );
    }
    this.toWordEnd();
  }

  private quoted(quote: number): false {
    const { text } = this;
    const needed = this.parentColumn + 1;
    let at = this.at + 1;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH && quote === DOUBLE) {
        at += 1;
        if (text.charCodeAt(at) === NEWLINE) at = this.continuation(at, needed);
      } else if (code === quote) {
        if (quote === DOUBLE || text.charCodeAt(at + 1) !== SINGLE) break;
        at += 1;
      } else if (code === NEWLINE) at = this.continuation(at, needed);
    }
    this.at = at;
    return false;
  }

  /** Notes a short line after the newline at `newline`; answers the offset before its first content. */
  private continuation(newline: number, needed: number): number {
    const start = newline + 1;
    let at = start;
    while (this.text.charCodeAt(at) === SPACE) at += 1;
    const code = this.text.charCodeAt(at);
    const isMarker = at === start && /^(?:---|\.\.\.)\s/.test(this.text.slice(at, at + 4));
    const indent = at - start;
    if (indent < needed && !isMarker && code !== NEWLINE && code !== RETURN && !Number.isNaN(code)) {
      this.short.push({ offset: start, add: needed - indent });
    }
    this.lineStart = start;
    return at - 1;
  }

  private blockScalar(): void {
    const { text } = this;
    this.toLineEnd();
    while (this.at < text.length) {
      const start = this.at + 1;
      let at = start;
      while (text.charCodeAt(at) === SPACE) at += 1;
      const code = text.charCodeAt(at);
      const isBlank = Number.isNaN(code) || code === NEWLINE || code === RETURN;
      if (!isBlank && at - start <= this.parentColumn) return;
      this.at = at;
      this.toLineEnd();
    }
  }

  private toLineEnd(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  private toWordEnd(): void {
    while (this.at + 1 < this.text.length && !this.blankAt(this.at + 1)) this.at += 1;
  }

  private skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at += 1;
  }

  private blankAt(offset: number): boolean {
    const code = this.text.charCodeAt(offset);
    return code === SPACE || code === NEWLINE || code === TAB || code === RETURN || Number.isNaN(code);
  }
}
