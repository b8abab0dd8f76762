/** Which runs a list or a bulk action speaks of: one filter, made of a tree and its short forms. */
import type { ChooseRunsInput } from "@/server/domain/inputs/run-lists";
import { allFilters, comparisonsOf, type Filter } from "@/server/domain/lists/filter";
import { RUN_FIELDS } from "@/server/domain/lists/run-fields";
import { askedFilter } from "../lists/record-question";

function shortForms(input: ChooseRunsInput): Filter[] {
  const filters: Filter[] = [];
  for (const field of ["experimentId", "pipelineId", "versionId", "recurringRunId"] as const) {
    const value = input[field];
    if (value !== undefined) filters.push({ field, is: "=", value });
  }
  const { states, createdAfter, createdBefore, search } = input;
  const [state, ...others] = states ?? [];
  if (state !== undefined) {
    filters.push(
      others.length === 0
        ? { field: "state", is: "=", value: state }
        : { field: "state", is: "in", values: [state, ...others] },
    );
  }
  const iso = (moment: string) => new Date(moment).toISOString();
  if (createdAfter) filters.push({ field: "created", is: ">=", value: iso(createdAfter) });
  if (createdBefore) filters.push({ field: "created", is: "<", value: iso(createdBefore) });
  if (search) filters.push({ field: "text", is: "contains", value: search });
  return filters;
}

/** The filter of a choice. Throws `invalid` with a problem for each comparison that cannot be asked. */
export function chosenRuns(input: ChooseRunsInput): Filter | undefined {
  const filter = askedFilter(RUN_FIELDS, input);
  const saysArchived = filter !== undefined && comparisonsOf(filter).some(({ field }) => field === "archived");
  const archived = input.archived ?? (saysArchived ? undefined : false);
  const flag: Filter[] =
    archived === undefined ? [] : [{ field: "archived", is: "=", value: archived ? "true" : "false" }];
  return allFilters([...flag, ...shortForms(input), ...(filter === undefined ? [] : [filter])]);
}
