/** What the formats are called. */
import type { PipelineFormat } from "@/pipelines/graph";

export const FORMAT_NAMES: { readonly [format in PipelineFormat]: string } = {
  kfp: "Kubeflow",
  elyra: "Elyra",
  notebook: "Notebook",
};
