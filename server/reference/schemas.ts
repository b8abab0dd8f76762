/** JSON Schemas of what the API takes and answers, made from the shapes that the tests hold the answers against. */
import type { Schema } from "@/server/domain/open-api";
import { type Kind, MESSAGES } from "@/server/rest/messages";

const SIMPLE: { readonly [kind in Extract<Kind, string>]: Schema } = {
  string: { type: "string" },
  time: { type: "string", format: "date-time" },
  int32: { type: "integer" },
  int64: { type: "string", pattern: "^-?[0-9]+$" },
  bool: { type: "boolean" },
  json: {},
};

export const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

function schemaOf(kind: Kind): Schema {
  if (typeof kind === "string") return SIMPLE[kind];
  if ("oneOf" in kind) return { type: "string", enum: [...kind.oneOf] };
  if ("message" in kind) return refTo(kind.message);
  if ("list" in kind) return { type: "array", items: schemaOf(kind.list) };
  return { type: "object", additionalProperties: schemaOf(kind.map) };
}

const fieldName = (field: string): string => field.replace(/!$/, "");

/** The messages by name; a field that is always answered is required. */
export function messageSchemas(): { readonly [name: string]: Schema } {
  return Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => {
      const required = Object.keys(fields).filter((field) => field.endsWith("!"));
      const properties = Object.entries(fields).map(([field, kind]) => [fieldName(field), schemaOf(kind)]);
      return [
        name,
        {
          type: "object",
          properties: Object.fromEntries(properties),
          ...(required.length > 0 && { required: required.map(fieldName) }),
        },
      ];
    }),
  );
}

const text: Schema = { type: "string" };

/** The three shapes in which errors are told. */
export const ERROR_SCHEMAS: { readonly [name: string]: Schema } = {
  KubeflowError: {
    type: "object",
    properties: { code: { type: "integer" }, message: text, error: text, details: { type: "array", items: {} } },
    required: ["code", "message"],
  },
  UploadError: {
    type: "object",
    properties: { error_message: text, error_details: text },
    required: ["error_message"],
  },
  Problem: {
    type: "object",
    properties: {
      error: {
        type: "object",
        properties: { code: text, message: text, problems: { type: "array", items: { type: "object" } } },
        required: ["code", "message"],
      },
    },
    required: ["error"],
  },
};
