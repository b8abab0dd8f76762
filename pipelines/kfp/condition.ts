/** Parses a task's trigger condition: the part of CEL that the SDK writes, and a little more. */

export type Condition =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "parameter"; readonly name: string; readonly at: number }
  | { readonly kind: "list"; readonly items: readonly Condition[] }
  | { readonly kind: "not" | "minus"; readonly operand: Condition; readonly at: number }
  | { readonly kind: "call"; readonly name: ConditionFunction; readonly argument: Condition; readonly at: number }
  | {
      readonly kind: "binary";
      readonly operator: ConditionOperator;
      readonly left: Condition;
      readonly right: Condition;
      readonly at: number;
    };

const FUNCTIONS = ["int", "double", "string", "size"] as const;
export type ConditionFunction = (typeof FUNCTIONS)[number];
const COMPARISONS = ["==", "!=", ">=", "<=", ">", "<", "in"] as const;
export type ConditionOperator = (typeof COMPARISONS)[number] | "&&" | "||";

/** The tree of a condition, or what is wrong and where (offset from 0). */
export type ConditionOutcome =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly at: number; readonly message: string };

const MAX_DEPTH = 100;
const MAX_PARTS = 1_000;
const MAX_LENGTH = 64 * 1024;
const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<sign>&&|\|\||[=!<>]=|[<>!()[\],.-]))/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "`": "`",
};

/** Reads a condition as written in `triggerPolicy.condition`. */
export function parseCondition(text: string): ConditionOutcome {
  if (text.length > MAX_LENGTH) return { ok: false, at: 0, message: "The condition is longer than 64 KiB." };
  try {
    return { ok: true, condition: new ConditionParser(text).parse() };
  } catch (error) {
    if (error instanceof ConditionSyntax) return { ok: false, at: error.at, message: error.message };
    throw error;
  }
}

/** Names of the input parameters that a condition reads. */
export function conditionParameters(condition: Condition): string[] {
  switch (condition.kind) {
    case "literal":
      return [];
    case "parameter":
      return [condition.name];
    case "list":
      return condition.items.flatMap(conditionParameters);
    case "not":
    case "minus":
      return conditionParameters(condition.operand);
    case "call":
      return conditionParameters(condition.argument);
    case "binary":
      return [...conditionParameters(condition.left), ...conditionParameters(condition.right)];
  }
}

class ConditionSyntax extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

interface Token {
  readonly kind: "number" | "word" | "string" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

class ConditionParser {
  private token: Token;
  private from = 0;
  private depth = 0;
  private parts = 0;

  constructor(private readonly text: string) {
    this.token = this.read();
  }

  parse(): Condition {
    const condition = this.or();
    if (this.token.kind !== "end") throw this.unexpected();
    return condition;
  }

  private or(): Condition {
    return this.chain("||", () => this.chain("&&", () => this.comparison()));
  }

  private chain(operator: "&&" | "||", operand: () => Condition): Condition {
    let left = operand();
    while (this.isSign(operator)) {
      const { at } = this.next();
      left = { kind: "binary", operator, left, right: operand(), at };
      this.parts += 1;
      if (this.parts > MAX_PARTS) throw new ConditionSyntax(at, "The condition has too many parts.");
    }
    return left;
  }

  private comparison(): Condition {
    const left = this.unary();
    const operator = COMPARISONS.find((one) => one === this.token.text && this.token.kind !== "string");
    if (operator === undefined) return left;
    const { at } = this.next();
    return { kind: "binary", operator, left, right: this.unary(), at };
  }

  private unary(): Condition {
    if (!this.isSign("!") && !this.isSign("-")) return this.primary();
    const { at, text } = this.next();
    return this.nested(at, () => ({ kind: text === "!" ? "not" : "minus", operand: this.unary(), at }));
  }

  private primary(): Condition {
    const { kind, text, at } = this.token;
    if (kind === "number") return { kind: "literal", value: Number(this.next().text) };
    if (kind === "string") return { kind: "literal", value: unquote(this.next()) };
    if (kind === "word") return this.word();
    if (text === "(") {
      this.next();
      const inner = this.nested(at, () => this.or());
      this.expect(")");
      return inner;
    }
    if (text === "[") return this.list();
    throw this.unexpected();
  }

  private list(): Condition {
    const { at } = this.next();
    const items: Condition[] = [];
    while (!this.isSign("]")) {
      if (items.length > 0) this.expect(",");
      items.push(this.nested(at, () => this.or()));
    }
    this.next();
    return { kind: "list", items };
  }

  private word(): Condition {
    const { text, at } = this.next();
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
    if (text === "null") return { kind: "literal", value: null };
    if (text === "inputs") return this.parameter(at);
    const name = FUNCTIONS.find((one) => one === text);
    if (name === undefined || !this.isSign("(")) {
      throw new ConditionSyntax(at, `"${text}" is not known here. Conditions read inputs.parameter_values['name'].`);
    }
    this.next();
    const argument = this.nested(at, () => this.or());
    this.expect(")");
    return { kind: "call", name, argument, at };
  }

  /** `inputs.parameter_values['x']`, or `inputs.parameters['x'].string_value` of SDKs before 2.0. */
  private parameter(at: number): Condition {
    this.expect(".");
    const field = this.next();
    const isOld = field.text === "parameters";
    if (!isOld && field.text !== "parameter_values") {
      throw new ConditionSyntax(
        field.at,
        `Conditions can read inputs.parameter_values only, not inputs.${field.text}.`,
      );
    }
    this.expect("[");
    const name = this.next();
    if (name.kind !== "string") throw new ConditionSyntax(name.at, "Expected the name of a parameter in quotes.");
    this.expect("]");
    if (isOld && this.isSign(".")) {
      this.next();
      const suffix = this.next();
      if (!["string_value", "int_value", "double_value"].includes(suffix.text)) {
        throw new ConditionSyntax(
          suffix.at,
          `Expected string_value, int_value or double_value, found "${suffix.text}".`,
        );
      }
    }
    return { kind: "parameter", name: unquote(name), at };
  }

  private nested<T>(at: number, read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ConditionSyntax(at, "The condition nests too deep.");
    const result = read();
    this.depth -= 1;
    return result;
  }

  private isSign(text: string): boolean {
    return this.token.kind === "sign" && this.token.text === text;
  }

  private expect(text: string): void {
    if (!this.isSign(text)) throw this.unexpected(`"${text}"`);
    this.next();
  }

  private next(): Token {
    const { token } = this;
    this.token = this.read();
    return token;
  }

  private read(): Token {
    TOKEN.lastIndex = this.from;
    const match = TOKEN.exec(this.text);
    if (match === null) {
      const rest = this.text.slice(this.from);
      const at = this.from + (rest.length - rest.trimStart().length);
      if (at === this.text.length) return { kind: "end", text: "", at };
      throw new ConditionSyntax(at, `Unexpected ${JSON.stringify(this.text[at])}.`);
    }
    this.from = TOKEN.lastIndex;
    const kind = (["number", "word", "string", "sign"] as const).find((one) => match.groups?.[one] !== undefined);
    const text = match[0].trimStart();
    return { kind: kind ?? "sign", text, at: this.from - text.length };
  }

  private unexpected(wanted = "a value or the end"): ConditionSyntax {
    const found = this.token.kind === "end" ? "the end of the condition" : JSON.stringify(this.token.text);
    return new ConditionSyntax(this.token.at, `Expected ${wanted}, found ${found}.`);
  }
}

function unquote(token: Token): string {
  return token.text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (whole, code: string | undefined, letter: string | undefined) =>
      code === undefined ? (ESCAPES[letter ?? ""] ?? whole) : String.fromCharCode(Number.parseInt(code, 16)),
    );
}
