/** Text search over runs through the trigram index: it names candidates, the filter itself still decides. */
import { type SQL, sql } from "drizzle-orm";
import { run } from "@/db/schema";

/** The index holds every three letters of a text; shorter ones are looked for in the rows. */
const SHORTEST = 3;

/** Runs whose id begins with this; ids are found from their first characters on, as people copy them. */
export function idStart(start: string): SQL {
  return sql`(${run.id} >= ${start} and ${run.id} < ${`${start}\uffff`})`;
}

/** A query for the keys of every run that may hold `wanted`; null when the index cannot tell. */
export function searchMatch(field: "text" | "name" | "description", wanted: string): SQL | null {
  if ([...wanted].length < SHORTEST || wanted.includes("\0")) return null;
  const phrase = `"${wanted.replaceAll('"', '""')}"`;
  const found = (match: string) => sql`select s.rowid as key from run_search s where s.run_search match ${match}`;
  if (field !== "text") return found(`${field} : ${phrase}`);
  return sql`select key from (${found(phrase)} union select ${run.key} as key from ${run} where ${idStart(wanted)})`;
}
