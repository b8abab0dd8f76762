/** What artifacts take of the disk, by who left them: pipelines, runs, kinds. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { DiskShare } from "@/server/domain/views/disk-use";

const MOST_SHOWN = 20;

/** Artifacts that lie in the data directory, counted once each, also while their run is in the trash. */
export function artifactShares(db: Executor, _question: null) {
  const shares = (of: { id: string; name: string; by: string; from: string }) =>
    db.all<DiskShare>(
      sql`select ${sql.raw(of.id)} as id, ${sql.raw(of.name)} as name, coalesce(sum(a.size), 0) as bytes,
          count(*) as artifacts
        from artifact a ${sql.raw(of.from)} where a.path is not null
        group by ${sql.raw(of.by)} order by bytes desc, name limit ${MOST_SHOWN}`,
    );
  const total = db.get<{ bytes: number | null; artifacts: number }>(
    sql`select sum(size) as bytes, count(*) as artifacts from artifact where path is not null`,
  );
  return {
    bytes: total.bytes ?? 0,
    artifacts: total.artifacts,
    pipelines: shares({
      id: "iif(p.deleted_at is null, p.id, null)",
      name: "coalesce(p.display_name, r.pipeline_name)",
      by: "r.pipeline_key, iif(r.pipeline_key is null, r.pipeline_name, null)",
      from: "join run r on r.key = a.run_key left join pipeline p on p.key = r.pipeline_key",
    }),
    runs: shares({
      id: "iif(r.deleted_at is null, r.id, null)",
      name: "r.name",
      by: "a.run_key",
      from: "join run r on r.key = a.run_key",
    }),
    kinds: shares({ id: "a.type", name: "a.type", by: "a.type", from: "" }),
  };
}
