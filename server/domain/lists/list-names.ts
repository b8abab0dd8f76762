/** The lists that have filters, columns and saved views. */

export const LIST_NAMES = ["runs", "executions", "artifacts", "recurring-runs", "experiments", "pipelines"] as const;
export type ListName = (typeof LIST_NAMES)[number];
