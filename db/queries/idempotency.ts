/** What was made under the keys of requests. */
import type { Db } from "@/db/client";
import type { MadeNoun } from "@/db/schema/idempotency";
import { preparedFor } from "./statements";

export type { MadeNoun } from "@/db/schema/idempotency";

export interface MadeRow {
  readonly digest: string;
  readonly subject: string;
}

/** Reads and notes what was made, prepared: every start of a run with a key comes through here. */
export const madeQueries = preparedFor(({ $client: client }: Db) => {
  const find = client.prepare("select digest, subject from idempotency where noun = ? and key = ?");
  const insert = client.prepare(
    "insert into idempotency (noun, key, digest, subject, created_at) values (?, ?, ?, ?, ?)",
  );
  return {
    find: (noun: MadeNoun, key: string) => find.get(noun, key) as MadeRow | undefined,
    insert(noun: MadeNoun, key: string, { digest, subject }: MadeRow, at: Date): void {
      insert.run(noun, key, digest, subject, at.getTime());
    },
  };
});
