/** Lineage of an artifact: what it was made from and what was made from it, as many hops as there are, up to a limit. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { task, taskArtifact } from "@/db/schema";
import type { LineageView } from "@/server/domain/views/lineage";
import { artifactItems } from "./artifact-list";
import { executions } from "./lists/task-page";

const MOST_NODES = 200;

interface Link {
  readonly task: number;
  readonly artifact: number;
}

const list = (keys: readonly number[]) => sql`(select value from json_each(${JSON.stringify(keys)}))`;

function linksOf(
  db: Executor,
  of: "task" | "artifact",
  keys: readonly number[],
  direction: "input" | "output",
): Link[] {
  const column = of === "task" ? taskArtifact.taskKey : taskArtifact.artifactKey;
  return db.all<Link>(
    sql`select distinct ${taskArtifact.taskKey} as task, ${taskArtifact.artifactKey} as artifact from ${taskArtifact}
        join ${task} on ${task.key} = ${taskArtifact.taskKey}
        where ${column} in ${list(keys)} and ${taskArtifact.direction} = ${direction}
        and ${task.kind} not in ('dag', 'loop', 'condition', 'exit-handler')
        order by 1, 2 limit ${MOST_NODES + 1}`,
  );
}

/** Artifacts and tasks around an artifact; `made` leads from a task to what it left, `read` from an artifact to who took it. */
export function lineageOf(db: Executor, key: number): LineageView {
  const artifacts = new Set([key]);
  const tasks = new Set<number>();
  const made: Link[] = [];
  const read: Link[] = [];
  let isCut = false;
  const walk = (first: "output" | "input"): void => {
    let front: readonly number[] = [key];
    while (front.length > 0) {
      const around = linksOf(db, "artifact", front, first);
      (first === "output" ? made : read).push(...around);
      const newTasks = [...new Set(around.map((link) => link.task))].filter((each) => !tasks.has(each));
      for (const each of newTasks) tasks.add(each);
      const beyond = linksOf(db, "task", newTasks, first === "output" ? "input" : "output");
      (first === "output" ? read : made).push(...beyond);
      front = [...new Set(beyond.map((link) => link.artifact))].filter((each) => !artifacts.has(each));
      for (const each of front) artifacts.add(each);
      if (artifacts.size + tasks.size <= MOST_NODES) continue;
      isCut = true;
      return;
    }
  };
  walk("output");
  walk("input");
  return {
    artifacts: artifactItems(db, [...artifacts]),
    tasks: executions(db, [...tasks]),
    made: unique(made),
    read: unique(read),
    isCut,
  };
}

function unique(links: readonly Link[]): Link[] {
  return [...new Map(links.map((link) => [`${link.task} ${link.artifact}`, link])).values()];
}
