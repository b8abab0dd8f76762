/** Series of a run as a chart needs them: few points that keep the extremes, whatever their number in the database. */
import type { Db } from "@/db/client";
import type { SeriesView } from "@/server/domain/views/metrics";
import { preparedFor } from "./statements";

/** A line of so many points is as fine as a screen; above that each part of it gives its lowest and its highest. */
const MOST_POINTS = 500;
const PARTS = MOST_POINTS / 2;
const MOST_SERIES = 200;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Place {
  readonly name: string;
  readonly task: number | null;
}

const statements = preparedFor((db) => {
  const sql = db.$client;
  const one = `from metric where run_key = ? and name = ? and task_key is ? and "index"`;
  return {
    nextName: sql.prepare(
      `select name, task_key as task from metric where run_key = ? and name > ? order by name, task_key limit 1`,
    ),
    nextTask: sql.prepare(
      `select name, task_key as task from metric where run_key = ? and name = ? and task_key > ?
       order by task_key limit 1`,
    ),
    first: sql.prepare(
      `select name, task_key as task from metric where run_key = ? and name = ? order by task_key limit 1`,
    ),
    lastOf: sql.prepare(
      `select "index" as x, value, key from metric where run_key = ? and name = ? and task_key is ?
       order by "index" desc limit 1`,
    ),
    few: sql.prepare(`select "index" as x, value as y ${one} is not null order by "index" limit ${MOST_POINTS + 1}`),
    ends: sql.prepare(`select min("index") as first, max("index") as last ${one} is not null`),
    extremes: sql.prepare(`select min(value) as low, max(value) as high ${one} >= ? and "index" < ?`),
    at: sql.prepare(`select value ${one} = ?`).pluck(),
  };
});

/** Names and tasks of the run's metrics, found by hopping over their points. */
export function* metricPlaces(db: Db, runKey: number): Generator<Place> {
  const { nextName, nextTask } = statements(db);
  let place = nextName.get(runKey, "") as Place | undefined;
  while (place !== undefined) {
    yield place;
    place = (nextTask.get(runKey, place.name, place.task ?? 0) ?? nextName.get(runKey, place.name)) as
      | Place
      | undefined;
  }
}

/** The last value of a metric of a run, whichever task told it: of series the point that is furthest on. */
export function lastMetricValue(db: Db, runKey: number, name: string): number | undefined {
  const { lastOf, nextTask } = statements(db);
  type Last = { readonly x: number | null; readonly value: number; readonly key: number };
  let best: Last | undefined;
  for (let task: number | null | undefined = null; task !== undefined; ) {
    const last = lastOf.get(runKey, name, task) as Last | undefined;
    const isFurther = last && (!best || (last.x ?? -1) > (best.x ?? -1) || (last.x === best.x && last.key > best.key));
    if (isFurther) best = last;
    task = (nextTask.get(runKey, name, task ?? 0) as Place | undefined)?.task;
  }
  return best?.value;
}

/** One pass over the index: where in its part an extreme lies is not asked, it is less than the eye can see. */
function thinned(db: Db, runKey: number, { name, task }: Place): readonly Point[] {
  const { ends, extremes, at } = statements(db);
  const { first, last } = ends.get(runKey, name, task) as { first: number; last: number };
  const width = Math.max(2, Math.ceil((last - first + 1) / PARTS));
  const points: Point[] = [];
  for (let from = first; from < last; from += width) {
    const upTo = Math.min(from + width, last);
    const part = extremes.get(runKey, name, task, from, upTo) as { low: number | null; high: number };
    if (part.low === null) continue;
    points.push({ x: from, y: part.low }, { x: from + Math.floor((upTo - from) / 2), y: part.high });
  }
  return [...points, { x: last, y: at.get(runKey, name, task, last) as number }];
}

/** The places of one metric of a run: each task that has it, the run itself first. */
export function* tasksOfMetric(db: Db, runKey: number, name: string): Generator<Place> {
  const { first, nextTask } = statements(db);
  let place = first.get(runKey, name) as Place | undefined;
  while (place !== undefined) {
    yield place;
    place = nextTask.get(runKey, name, place.task ?? 0) as Place | undefined;
  }
}

export type MetricSeries = Pick<SeriesView, "isThinned" | "points">;

/** One series, of at most 500 points; empty for a single number. */
export function seriesAt(db: Db, runKey: number, place: Place): MetricSeries {
  const few = statements(db).few.all(runKey, place.name, place.task) as Point[];
  const isThinned = few.length > MOST_POINTS;
  return { isThinned, points: isThinned ? thinned(db, runKey, place) : few };
}

/** The series of a run, at most 200 of at most 500 points each, in the order of their names and indexes. */
export function seriesOfRun(db: Db, runKey: number): SeriesView[] {
  const series: SeriesView[] = [];
  for (const place of metricPlaces(db, runKey)) {
    const one = seriesAt(db, runKey, place);
    if (one.points.length === 0) continue;
    series.push({ ...place, ...one });
    if (series.length === MOST_SERIES) break;
  }
  return series;
}
