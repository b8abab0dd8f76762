/** The documents of stored pipeline texts, as the Kubeflow API answers them; read in the parsing thread, kept for a while. */
import { textOfVersion } from "@/db/queries/version-rows";
import type { JsonValue } from "@/pipelines/graph";
import type { Context } from "../context";

const KEPT = 32;
const kept = new WeakMap<Context["db"], Map<number, Promise<readonly JsonValue[]>>>();

/** Documents of a version's text by the version's key; none for formats that have no such documents. */
export function specDocuments(context: Context, versionKey: number): Promise<readonly JsonValue[]> {
  const entries = kept.get(context.db) ?? new Map<number, Promise<readonly JsonValue[]>>();
  kept.set(context.db, entries);
  const known = entries.get(versionKey);
  if (known !== undefined) return known;
  const text = textOfVersion(context.db, versionKey)?.text ?? "";
  const documents = context.readDocuments(text);
  entries.set(versionKey, documents);
  const [oldest] = entries.keys();
  if (entries.size > KEPT && oldest !== undefined) entries.delete(oldest);
  return documents;
}
