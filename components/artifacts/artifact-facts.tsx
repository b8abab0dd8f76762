/** What lists and pages say of an artifact: its step in the run, its size. */

import { formatBytes } from "@/components/ui/format-time";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";

/** Where the task that made an artifact is looked at. */
export const producerHref = ({ run, task }: ArtifactItemView): string => `/runs/${run.id}?task=${task.id}`;

export const sizeText = ({ size }: Pick<ArtifactItemView, "size">): string => (size === null ? "–" : formatBytes(size));
