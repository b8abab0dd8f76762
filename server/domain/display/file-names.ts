/** Which outputs hold something to show, told by their names; apart from their readers, which are large. */

/** Whether an output of this name holds a document of displays. */
export const isUiMetadata = (name: string): boolean => plainName(name) === "mlpipeline-ui-metadata";

/** Whether an output of this name holds a list of metrics. */
export const isMetricsFile = (name: string): boolean => plainName(name) === "mlpipeline-metrics";

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.json$/, "")
    .replace(/[^a-z0-9]+/g, "-");
