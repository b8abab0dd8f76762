/** Holds answers against the shapes of Kubeflow's messages. */

import { ANSWERS, type Kind, MESSAGES } from "../messages";
import { ROUTES } from "../routes";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isUnset = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  value === 0 ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

const SIMPLE: { readonly [kind in Extract<Kind, string>]: (value: unknown) => boolean } = {
  string: (value) => typeof value === "string",
  time: (value) => typeof value === "string" && TIME.test(value),
  int32: (value) => Number.isInteger(value),
  int64: (value) => typeof value === "string" && /^-?\d+$/.test(value),
  bool: (value) => typeof value === "boolean",
  json: () => true,
};

function valueProblems(kind: Kind, value: unknown, place: string): string[] {
  if (typeof kind === "string") return SIMPLE[kind](value) ? [] : [`${place} is no ${kind}: ${JSON.stringify(value)}`];
  if ("oneOf" in kind) return kind.oneOf.includes(String(value)) ? [] : [`${place} is no word of its enumeration`];
  if ("message" in kind) return messageProblems(kind.message, value, place);
  if ("list" in kind) {
    if (!Array.isArray(value)) return [`${place} is no list`];
    return value.flatMap((item, at) => valueProblems(kind.list, item, `${place}[${at}]`));
  }
  if (!isObject(value)) return [`${place} is no map`];
  return Object.entries(value).flatMap(([key, item]) => valueProblems(kind.map, item, `${place}.${key}`));
}

/** What is wrong with a message, with the place of each. */
function messageProblems(name: string, value: unknown, place = name): string[] {
  const fields = MESSAGES[name] ?? {};
  if (!isObject(value)) return [`${place} is no message`];
  const missing = Object.keys(fields).filter((field) => field.endsWith("!") && value[field.slice(0, -1)] === undefined);
  return [
    ...missing.map((field) => `${place}.${field.slice(0, -1)} is missing`),
    ...Object.entries(value).flatMap(([field, inner]) => {
      const always = fields[`${field}!`];
      const kind = always ?? fields[field];
      if (kind === undefined) return [`${place}.${field} is no field of ${name}`];
      if (always === undefined && isUnset(inner)) return [`${place}.${field} is sent though it is unset`];
      return valueProblems(kind, inner, `${place}.${field}`);
    }),
  ];
}

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.$]/g, "\\$&").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);

/** The operation that answers a request, as `GET /runs/{run_id}`; fixed words before holes. */
export function operationOf(method: string, path: string): string | undefined {
  const fitting = ROUTES.filter((route) => route.method === method && pattern(route.path).test(path));
  const holes = (route: { path: string }) => route.path.split("{").length;
  const [route] = fitting.sort((a, b) => holes(a) - holes(b));
  return route && `${route.method} ${route.path}`;
}

/** What is wrong with the answer of a request that succeeded. */
export function answerProblems(method: string, path: string, body: unknown): string[] {
  const operation = operationOf(method, path) ?? "";
  const name = ANSWERS[operation];
  return name === undefined ? [`${operation} has no message in the contract`] : messageProblems(name, body);
}
