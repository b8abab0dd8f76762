/** The shape of a body as text that looks like what is sent: names, types, words of an enumeration. */
import type { OpenApiDocument, Schema } from "@/server/domain/open-api";

type Schemas = OpenApiDocument["components"]["schemas"];

const DEEPEST = 4;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
const named = (schema: Schema): string | null =>
  typeof schema.$ref === "string" ? (schema.$ref.split("/").at(-1) ?? null) : null;

const PLAIN: { readonly [type: string]: string } = { integer: "integer", number: "number", boolean: "true | false" };

function plainText(schema: Schema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (Array.isArray(schema.anyOf)) {
    return schema.anyOf.map((one) => (isSchema(one) ? plainText(one) : "null")).join(" | ");
  }
  if (schema.type === "null") return "null";
  if (schema.format === "date-time") return '"2026-01-31T12:00:00Z"';
  if (schema.type === "string") return schema.pattern === "^-?[0-9]+$" ? '"digits"' : "string";
  return PLAIN[String(schema.type)] ?? "any JSON";
}

/** `schema` as indented text; a message within itself is told by its name. */
export function shapeText(schema: Schema, schemas: Schemas, depth = 0, within: readonly string[] = []): string {
  const name = named(schema);
  if (name !== null) {
    const inner = schemas[name];
    if (inner === undefined || within.includes(name) || depth > DEEPEST) return name;
    return shapeText(inner, schemas, depth, [...within, name]);
  }
  const pad = "  ".repeat(depth + 1);
  if (schema.type === "array" && isSchema(schema.items)) {
    return `[${shapeText(schema.items, schemas, depth, within)}, …]`;
  }
  if (schema.type !== "object") return plainText(schema);
  if (isSchema(schema.properties)) {
    const fields = Object.entries(schema.properties).flatMap(([field, inner]) =>
      isSchema(inner) ? [`${pad}${JSON.stringify(field)}: ${shapeText(inner, schemas, depth + 1, within)}`] : [],
    );
    return fields.length === 0 ? "{}" : `{\n${fields.join(",\n")}\n${"  ".repeat(depth)}}`;
  }
  if (isSchema(schema.additionalProperties)) {
    return `{ "<name>": ${shapeText(schema.additionalProperties, schemas, depth, within)} }`;
  }
  return "{ … }";
}

/** The one kind of content of a body or an answer, with its schema. */
export function contentOf(part: Schema | undefined): { readonly type: string; readonly schema: Schema } | null {
  if (part === undefined || !isSchema(part.content)) return null;
  const [entry] = Object.entries(part.content);
  if (entry === undefined || !isSchema(entry[1]) || !isSchema(entry[1].schema)) return null;
  return { type: entry[0], schema: entry[1].schema };
}
