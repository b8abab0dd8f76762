/** Waits for the engine that takes the place of one that was killed. */
import { openDatabase } from "@/db/client";
import { dataDir } from "@/server/platform/data-dir";
import { type TestServer, until } from "../support/server";

/** Milliseconds until the engine beats again with a process id that is not `before`. */
export async function engineBack(server: TestServer, before: number | null, since: number): Promise<number> {
  const db = openDatabase(dataDir(server.home).database, { readonly: true });
  const beat = db.$client.prepare("select pid, started_at as startedAt from heartbeat where name = 'engine'");
  try {
    await until(
      "the engine to schedule again",
      () => {
        const row = beat.get() as { pid: number; startedAt: number } | undefined;
        return row !== undefined && row.pid !== before && row.startedAt >= since;
      },
      20_000,
      5,
    );
  } finally {
    db.$client.close();
  }
  return Date.now() - since;
}
