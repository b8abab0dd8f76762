/** The address of the differences of two versions. */

/** By their numbers; without the first one it is the version before. */
export const diffHref = (pipelineId: string, from: number | null, to: number): string =>
  `/pipelines/${pipelineId}/diff?${from === null ? "" : `from=${from}&`}to=${to}`;
