/** Evaluates a parsed condition over the resolved input parameters of a task. */
import type { JsonValue } from "../graph";
import type { Condition, ConditionFunction, ConditionOperator } from "./condition";

/** True or false, or why there is no answer; the task then fails with this message. */
export type ConditionValue =
  | { readonly ok: true; readonly holds: boolean }
  | { readonly ok: false; readonly message: string };

class NoAnswer extends Error {}

/** Evaluates as Kubeflow does: missing names and mixed types are errors, not false. */
export function evaluateCondition(condition: Condition, inputs: ReadonlyMap<string, JsonValue>): ConditionValue {
  try {
    const value = evaluate(condition, inputs);
    if (typeof value === "boolean") return { ok: true, holds: value };
    return { ok: false, message: `The condition gives ${typeName(value)}, not true or false.` };
  } catch (error) {
    if (error instanceof NoAnswer) return { ok: false, message: error.message };
    throw error;
  }
}

function evaluate(condition: Condition, inputs: ReadonlyMap<string, JsonValue>): JsonValue {
  switch (condition.kind) {
    case "literal":
      return condition.value;
    case "parameter": {
      const value = inputs.get(condition.name);
      if (value === undefined) throw new NoAnswer(`The input parameter "${condition.name}" has no value.`);
      return value;
    }
    case "list":
      return condition.items.map((item) => evaluate(item, inputs));
    case "not":
      return !asBoolean(evaluate(condition.operand, inputs), "!");
    case "minus":
      return -asNumber(evaluate(condition.operand, inputs), "-");
    case "call":
      return call(condition.name, evaluate(condition.argument, inputs));
    case "binary":
      return binary(condition.operator, condition.left, condition.right, inputs);
  }
}

function binary(
  operator: ConditionOperator,
  leftSide: Condition,
  rightSide: Condition,
  inputs: ReadonlyMap<string, JsonValue>,
): JsonValue {
  if (operator === "&&" || operator === "||") return logical(operator === "||", leftSide, rightSide, inputs);
  const left = evaluate(leftSide, inputs);
  const right = evaluate(rightSide, inputs);
  switch (operator) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "in":
      return isMember(left, right);
    default: {
      const sign = order(left, right, operator);
      if (operator === "<") return sign < 0;
      if (operator === "<=") return sign <= 0;
      return operator === ">" ? sign > 0 : sign >= 0;
    }
  }
}

/** CEL lets one side decide although the other is an error, in either order. */
function logical(
  decisive: boolean,
  left: Condition,
  right: Condition,
  inputs: ReadonlyMap<string, JsonValue>,
): boolean {
  let failure: NoAnswer | undefined;
  for (const side of [left, right]) {
    try {
      if (asBoolean(evaluate(side, inputs), decisive ? "||" : "&&") === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

function call(name: ConditionFunction, value: JsonValue): JsonValue {
  switch (name) {
    case "int":
      return Math.trunc(toNumber(value, "int"));
    case "double":
      return toNumber(value, "double");
    case "string":
      if (typeof value === "string") return value;
      if (typeof value === "number" || typeof value === "boolean") return String(value);
      throw new NoAnswer(`string() cannot convert ${typeName(value)}.`);
    case "size":
      if (typeof value === "string") return [...value].length;
      if (Array.isArray(value)) return value.length;
      if (typeof value === "object" && value !== null) return Object.keys(value).length;
      throw new NoAnswer(`size() cannot measure ${typeName(value)}.`);
  }
}

function toNumber(value: JsonValue, what: string): number {
  if (typeof value === "number") return value;
  const read =
    typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)
      ? Number(value)
      : Number.NaN;
  if (Number.isNaN(read)) throw new NoAnswer(`${what}() cannot convert ${typeName(value)} ${JSON.stringify(value)}.`);
  return read;
}

function isEqual(left: JsonValue, right: JsonValue): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === "object" || typeof right === "object") return JSON.stringify(left) === JSON.stringify(right);
  if (typeof left !== typeof right) throw mixed(left, right, "==");
  return left === right;
}

function isMember(item: JsonValue, list: JsonValue): boolean {
  if (Array.isArray(list)) return list.some((one) => typeof one === typeof item && isEqual(one, item));
  if (typeof list === "object" && list !== null && typeof item === "string") return Object.hasOwn(list, item);
  throw new NoAnswer(`"in" needs a list on its right, found ${typeName(list)}.`);
}

function order(left: JsonValue, right: JsonValue, operator: string): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : Number(left > right);
  throw mixed(left, right, operator);
}

function mixed(left: JsonValue, right: JsonValue, operator: string): NoAnswer {
  return new NoAnswer(`Cannot compare ${typeName(left)} with ${typeName(right)} by ${operator}.`);
}

function asBoolean(value: JsonValue, operator: string): boolean {
  if (typeof value === "boolean") return value;
  throw new NoAnswer(`${operator} needs true or false, found ${typeName(value)}.`);
}

function asNumber(value: JsonValue, operator: string): number {
  if (typeof value === "number") return value;
  throw new NoAnswer(`${operator} needs a number, found ${typeName(value)}.`);
}

function typeName(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a struct" : `a ${typeof value}`;
}
