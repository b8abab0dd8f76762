/** What a task refers to in its own scope: producers, parent inputs, its iterator. One reading for check and compile. */
import type { TaskSpec } from "./spec";

/** Tasks of the same graph whose outputs or status a task reads. */
function producersOf(task: TaskSpec): string[] {
  const names: (string | undefined)[] = [];
  for (const input of task.inputs?.parameters?.values() ?? []) {
    names.push(input.taskOutputParameter?.producerTask, input.taskFinalStatus?.producerTask);
  }
  for (const input of task.inputs?.artifacts?.values() ?? []) names.push(input.taskOutputArtifact?.producerTask);
  return names.filter((name) => name !== undefined);
}

/** Tasks that must be settled before this one, without doubles. */
export function dependenciesOf(task: TaskSpec): string[] {
  return [...new Set([...(task.dependentTasks ?? []), ...producersOf(task)])];
}

/** A cycle among tasks as a list that ends where it begins, or null. Iterative: a graph may have 20,000 tasks. */
export function findCycle(tasks: ReadonlyMap<string, TaskSpec>): string[] | null {
  const waiting = new Map<string, Set<string>>();
  const dependants = new Map<string, string[]>();
  for (const [key, task] of tasks) {
    const upstream = new Set(dependenciesOf(task).filter((one) => tasks.has(one)));
    waiting.set(key, upstream);
    for (const one of upstream) {
      const known = dependants.get(one);
      if (known === undefined) dependants.set(one, [key]);
      else known.push(key);
    }
  }
  const ready = [...waiting].filter(([, upstream]) => upstream.size === 0).map(([key]) => key);
  for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
    waiting.delete(key);
    for (const dependant of dependants.get(key) ?? []) {
      const upstream = waiting.get(dependant);
      upstream?.delete(key);
      if (upstream?.size === 0) ready.push(dependant);
    }
  }
  const [start] = waiting.keys();
  if (start === undefined) return null;
  const walked = new Map<string, number>();
  let key = start;
  while (!walked.has(key)) {
    walked.set(key, walked.size);
    const [next] = waiting.get(key) ?? [];
    if (next === undefined) return null;
    key = next;
  }
  return [...[...walked.keys()].slice(walked.get(key)), key].reverse();
}
