/** What is asked of a list of records, apart from how it is shown. */
import type { Filter } from "@/server/domain/lists/filter";

export interface RecordQuestion {
  readonly filter?: Filter;
  readonly sort: string;
  readonly direction: "asc" | "desc";
}

/** The thing that all records of a list belong to. */
export interface RecordScope {
  readonly pipelineId?: string;
  readonly experimentId?: string;
}
