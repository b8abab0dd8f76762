/** Keeps the last value of each metric of a run where metrics come or go in numbers; single ones are kept by a trigger. */
import type { Db } from "@/db/client";

/** Reads the last values of a run's metrics anew. */
export function lastMetrics(db: Db): (runKey: number) => void {
  const sql = db.$client;
  const forget = sql.prepare("delete from run_metric where run_key = ?");
  const read = sql.prepare(
    `insert into run_metric (run_key, name, value, position)
     select m.run_key, m.name, m.value, last.position
     from (select name, max(coalesce("index", -1)) as position from metric where run_key = ? group by name) last
     join metric m on m.key = (select key from metric where run_key = ? and name = last.name
       and coalesce("index", -1) = last.position order by key desc limit 1)`,
  );
  return (runKey) => {
    forget.run(runKey);
    read.run(runKey, runKey);
  };
}
