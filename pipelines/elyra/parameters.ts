/** Pipeline parameters of a `.pipeline`: their types, effective defaults and rules. */

import type { JsonValue, ParameterSpec, ParameterType } from "../graph";
import { readJson } from "../text/json";
import { asList, asText, field, isObject, type JsonObject } from "./json";
import type { ProblemList } from "./problems";

const TYPES: { readonly [type: string]: ParameterType } = {
  String: "string",
  Integer: "integer",
  Float: "number",
  Bool: "boolean",
  List: "list",
  Dict: "struct",
};

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

const PYTHON_KEYWORDS = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Reads `pipeline_parameters`; `at` is its JSON path. */
export function readParameters(
  value: JsonValue | undefined,
  at: string,
  problems: ProblemList,
): readonly ParameterSpec[] {
  const byName = new Map<string, ParameterSpec>();
  for (const [index, entry] of asList(value).entries()) {
    const place = `${at}[${index}]`;
    if (!isObject(entry)) continue;
    const name = asText(field(entry, "name")).trim();
    if (name === "") {
      problems.error(
        "upload",
        "missing-parameter-name",
        place,
        "A pipeline parameter has no name. Name it, or delete it.",
      );
    } else if (byName.has(name)) {
      problems.error(
        "upload",
        "duplicate-parameter",
        place,
        `Two pipeline parameters are called "${name}". Rename or delete one.`,
      );
    } else {
      checkName(name, place, problems);
      byName.set(name, readParameter(name, entry, place, problems));
    }
  }
  return [...byName.values()];
}

function checkName(name: string, place: string, problems: ProblemList): void {
  if (/[=\0]/.test(name)) {
    problems.error(
      "upload",
      "invalid-parameter-name",
      place,
      `The pipeline parameter "${name}" cannot be handed over as an environment variable. Use letters, digits and underscores.`,
    );
  } else if (!IDENTIFIER.test(name) || PYTHON_KEYWORDS.has(name)) {
    problems.warning(
      "invalid-parameter-name",
      place,
      `Kubeflow would not take the pipeline parameter name "${name}"; Penstock does. Use letters, digits and underscores, and no word of Python's own.`,
    );
  }
}

function readParameter(name: string, entry: JsonObject, place: string, problems: ProblemList): ParameterSpec {
  const given = field(entry, "default_value");
  const writtenType = asText(field(given, "type"));
  const type = Object.hasOwn(TYPES, writtenType) ? (TYPES[writtenType] ?? "string") : "string";
  if (writtenType !== "" && !Object.hasOwn(TYPES, writtenType)) {
    problems.warning(
      "unknown-parameter-type",
      place,
      `The parameter "${name}" has the unknown type "${writtenType}"; it is read as text.`,
    );
  }
  const own = field(entry, "value");
  const effective = own === undefined || own === null || own === "" ? field(given, "value") : own;
  const value = effective === undefined || effective === null || effective === "" ? undefined : asType(type, effective);
  if (value === null) {
    problems.warning(
      "invalid-parameter-default",
      place,
      `The default ${JSON.stringify(effective)} of "${name}" is not of its type ${writtenType}, so it has none. Correct it, or give a value when you start a run.`,
    );
  }
  const description = asText(field(entry, "description")).trim();
  const hasDefault = value !== undefined && value !== null;
  return {
    name,
    type,
    required: field(entry, "required") === true && !hasDefault,
    ...(hasDefault ? { default: value } : {}),
    ...(description === "" ? {} : { description }),
  };
}

/** The value in its type; texts are read, as editors store everything as text. Null where it does not fit. */
function asType(type: ParameterType, value: JsonValue): JsonValue {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "integer":
      return asNumber(value, /^[+-]?\d+$/, Number.isSafeInteger);
    case "number":
      return asNumber(value, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/, Number.isFinite);
    case "boolean":
      return asTruth(value);
    case "list":
      return fromJson(value, (read) => Array.isArray(read));
    case "struct":
      return fromJson(value, isObject);
  }
}

function asNumber(value: JsonValue, written: RegExp, fits: (value: unknown) => boolean): number | null {
  const number = typeof value === "string" && written.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && fits(number) ? number : null;
}

function asTruth(value: JsonValue): boolean | null {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  return word === "true" ? true : word === "false" ? false : null;
}

function fromJson(value: JsonValue, fits: (value: JsonValue) => boolean): JsonValue {
  if (typeof value !== "string") return fits(value) ? value : null;
  const read = readJson(value);
  return read.ok && fits(read.value) ? read.value : null;
}
