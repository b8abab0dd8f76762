/** Artifacts of all runs as a list. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { artifact, pipeline, run, task } from "@/db/schema";
import type { Comparison } from "@/server/domain/lists/filter";
import type { ArtifactSort } from "@/server/domain/lists/task-fields";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";
import { artifactItems } from "../artifact-list";
import { moment, number, text } from "./comparison-sql";
import { columnOrders, type ListOrder, type ListSource } from "./list-source";
import { countMatching, type ItemPage, type ListPage, matching, readKeys } from "./read-keys";
import type { TimedQuestion } from "./task-page";

const ofRun = (column: SQL): SQL => sql`(select ${column} from ${run} r where r.key = ${artifact.runKey})`;
const STEP = sql`(select t.path from ${task} t where t.key = ${artifact.taskKey})`;
const PIPELINE = ofRun(
  sql`coalesce((select p.display_name from ${pipeline} p where p.key = r.pipeline_key), r.pipeline_name)`,
);

const COMPARE: { readonly [field: string]: (comparison: Comparison, nowMs: number) => SQL } = {
  name: (c) => text(sql`${artifact.name}`, c),
  type: (c) => text(sql`${artifact.type}`, c),
  step: (c) => text(STEP, c),
  run: (c) => text(ofRun(sql`r.name`), c),
  runId: (c) => text(ofRun(sql`r.id`), c),
  pipeline: (c) => text(PIPELINE, c),
  uri: (c) => text(sql`${artifact.uri}`, c),
  digest: (c) => text(sql`${artifact.digest}`, c),
  size: (c) => number(sql`${artifact.size}`, c),
  created: (c, now) => moment(sql`${artifact.createdAt}`, c, now),
};

const { always, sometimes } = columnOrders(sql`${artifact}`, sql`${artifact.key}`);

/** Keys are given as artifacts are recorded, so their order is that of time. */
const ORDERS: { readonly [sort in ArtifactSort]: ListOrder } = {
  created: always(sql`${artifact.key}`),
  name: always(sql`${artifact.name}`),
  type: always(sql`${artifact.type}`),
  size: sometimes(sql`${artifact.size}`),
  run: always(sql`${ofRun(sql`r.name`)} collate nocase`),
};

const artifactSource = (nowMs: number): ListSource => ({
  from: sql`${artifact}`,
  key: sql`${artifact.key}`,
  visible: sql`${ofRun(sql`r.deleted_at`)} is null`,
  compare: (comparison) => COMPARE[comparison.field]?.(comparison, nowMs) ?? sql`0`,
  arms: () => null,
  candidates: () => null,
  order: (sort) => ORDERS[sort as ArtifactSort] ?? ORDERS.created,
});

function read(db: Executor, question: TimedQuestion) {
  const source = artifactSource(question.nowMs);
  const match = matching(db, source, question);
  const { keys, next } = readKeys(db, source, match, question);
  return { source, match, items: artifactItems(db, keys), next };
}

/** A page of artifacts. */
export function readArtifactPage(db: Executor, question: TimedQuestion): ListPage<ArtifactItemView> {
  const { source, match, items, next } = read(db, question);
  const isWhole = question.after === null && next === null;
  return { items, next, total: isWhole ? items.length : countMatching(db, source, match) };
}

/** A page of artifacts without their number, for who reads them all. */
export function readArtifactItems(db: Executor, question: TimedQuestion): ItemPage<ArtifactItemView> {
  const { items, next } = read(db, question);
  return { items, next };
}
