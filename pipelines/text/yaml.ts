/** Reads YAML text safely (1.2 core schema): bounded aliases and depth, no doubled or dangerous keys, never an exception. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { JsonValue } from "../graph";
import type { TextOutcome } from "./json";
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
import { YamlScanner } from "./yaml-scan";

/** What all aliases of one text may add to it, in characters. */
const MAX_EXPANSION = 16 * 1024 * 1024;
const SHOWN_ERRORS = 5;
const CORE_TAGS: ReadonlySet<string> = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`).concat("!"),
);

/** Reads every document of a YAML text; empty documents come as null. JSON is YAML, but `readJson` is faster. */
export function readYamlDocuments(text: string): TextOutcome<JsonValue[]> {
  const tooLarge = sizeProblem(text);
  if (tooLarge !== null) return { ok: false, problems: [tooLarge] };
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    const scanner = new YamlScanner(plain);
    scanner.scan();
    const first = readDocuments(plain);
    if (first.ok) return first;
    const mended = scanner.mended();
    const second = mended === null ? first : readDocuments(mended);
    return second.ok ? second : first;
  } catch (error) {
    if (error instanceof TextRefused) {
      return { ok: false, problems: [textProblem(error.rule, lineAndColumn(plain, error.offset), error.message)] };
    }
    if (error instanceof RangeError) {
      return { ok: false, problems: [textProblem("too-deep", "the whole text", tooDeep(0).message)] };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [textProblem("syntax", "the whole text", `This is no YAML: ${reason}`)] };
  }
}

function readDocuments(text: string): TextOutcome<JsonValue[]> {
  const parsed = parseAllDocuments(text, {
    schema: "core",
    version: "1.2",
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: readonly Document.Parsed[] = "empty" in parsed ? [] : parsed;
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) {
    const problems = errors.slice(0, SHOWN_ERRORS).map((error) => {
      const end = error.message.endsWith(".") ? "" : ".";
      return textProblem("syntax", lineAndColumn(text, error.pos[0]), `This is no valid YAML: ${error.message}${end}`);
    });
    return { ok: false, problems };
  }
  return { ok: true, value: documents.map((document) => new Converter(document).convert()) };
}

interface Converted {
  readonly value: JsonValue;
  /** Characters the value would take if every alias were written out. */
  readonly weight: number;
}

/** Turns one parsed document into plain values, aliases included, within a budget. */
class Converter {
  private readonly anchors = new Map<string, Converted>();
  private values = 0;
  private expansion = 0;

  constructor(private readonly document: Document.Parsed) {}

  convert(): JsonValue {
    return this.node(this.document.contents, 0).value;
  }

  private node(node: unknown, depth: number): Converted {
    if (node === null || node === undefined) return { value: null, weight: 8 };
    if (isAlias(node)) return this.alias(node);
    this.values += 1;
    if (this.values > MAX_VALUES) throw tooManyValues(offsetOf(node));
    this.checkTag(node as Node);
    if (isScalar(node)) return this.remember(node, this.scalar(node));
    if (depth >= MAX_NESTING) throw tooDeep(offsetOf(node));
    if (isMap(node)) return this.remember(node, this.map(node, depth + 1));
    if (isSeq(node)) return this.remember(node, this.list(node, depth + 1));
    throw new TextRefused("syntax", offsetOf(node), "This node is neither a value, a list nor a mapping.");
  }

  /** An alias sees the anchors that stand before it, so a cycle cannot be written. */
  private alias(alias: Alias): Converted {
    const target = this.anchors.get(alias.source);
    if (target === undefined) {
      throw new TextRefused("unknown-alias", offsetOf(alias), `The alias *${alias.source} names no anchor before it.`);
    }
    this.expansion += target.weight;
    if (this.expansion > MAX_EXPANSION) {
      throw new TextRefused(
        "too-many-aliases",
        offsetOf(alias),
        "The aliases of this text expand it to many times its size. Write the values out where they are used.",
      );
    }
    return target;
  }

  private remember(node: Scalar | YAMLMap | YAMLSeq, converted: Converted): Converted {
    if (node.anchor !== undefined) this.anchors.set(node.anchor, converted);
    return converted;
  }

  private checkTag(node: Node): void {
    if (node.tag === undefined || CORE_TAGS.has(node.tag)) return;
    const fits = isScalar(node) || node.tag?.startsWith("tag:yaml.org,2002:");
    const hint = fits ? "Remove the tag and write the plain value." : "Remove the tag.";
    throw new TextRefused("custom-tag", offsetOf(node), `The tag ${node.tag} is not allowed. ${hint}`);
  }

  private scalar(node: Scalar): Converted {
    const { value } = node;
    if (typeof value === "string") return { value, weight: value.length + 8 };
    if (typeof value === "number") {
      if (Number.isFinite(value)) return { value, weight: 8 };
      throw new TextRefused("syntax", offsetOf(node), "Infinity and NaN are no JSON numbers. Write them as a string.");
    }
    if (typeof value === "boolean" || value === null) return { value, weight: 8 };
    return { value: node.source ?? String(value), weight: 8 + (node.source?.length ?? 0) };
  }

  private list(node: YAMLSeq, depth: number): Converted {
    const items = node.items.map((item) => this.node(item, depth));
    return { value: items.map((item) => item.value), weight: items.reduce((sum, item) => sum + item.weight, 8) };
  }

  private map(node: YAMLMap, depth: number): Converted {
    const object: { [key: string]: JsonValue } = {};
    const merged: Converted[] = [];
    let weight = 8;
    for (const pair of node.items) {
      const key = this.key(pair, node);
      const value = this.node(pair.value, depth);
      weight += key.length + value.weight;
      if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
        merged.push(value);
        continue;
      }
      if (Object.hasOwn(object, key)) throw duplicateKey(key, offsetOf(pair.key));
      object[key] = value.value;
    }
    for (const source of merged) mergeInto(object, source.value);
    return { value: object, weight };
  }

  private key(pair: Pair, owner: YAMLMap): string {
    const { key } = pair;
    const resolved = isAlias(key) ? this.alias(key).value : null;
    if (typeof resolved === "string") return this.allowed(resolved, offsetOf(key));
    if (!isScalar(key)) {
      throw new TextRefused("complex-key", offsetOf(key ?? owner), "A key of a mapping has to be a plain name.");
    }
    this.checkTag(key);
    const converted = this.remember(key, this.scalar(key)).value;
    return this.allowed(typeof converted === "string" ? converted : (key.source ?? String(converted)), offsetOf(key));
  }

  private allowed(key: string, offset: number): string {
    if (isForbiddenKey(key)) throw forbiddenKey(key, offset);
    return key;
  }
}

/** YAML 1.1's merge key: keys written out win, earlier sources win over later ones. */
function mergeInto(object: { [key: string]: JsonValue }, source: JsonValue): void {
  for (const one of Array.isArray(source) ? source : [source]) {
    if (one === null || typeof one !== "object" || Array.isArray(one)) continue;
    for (const [key, value] of Object.entries(one)) if (!Object.hasOwn(object, key)) object[key] = value;
  }
}

function offsetOf(node: unknown): number {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range?.[0] ?? 0;
}
