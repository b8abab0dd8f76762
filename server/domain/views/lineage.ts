/** Where an artifact came from and where it went, as it leaves the server. */
import type { ArtifactItemView } from "./artifacts";
import type { ExecutionView } from "./tasks";

export interface LineageLink {
  readonly task: number;
  readonly artifact: number;
}

/** What an artifact was made from and what was made from it. */
export interface LineageView {
  readonly artifacts: readonly ArtifactItemView[];
  readonly tasks: readonly ExecutionView[];
  /** Which task left which artifact; one that reused a result left it too. */
  readonly made: readonly LineageLink[];
  readonly read: readonly LineageLink[];
  /** There is more than is told. */
  readonly isCut: boolean;
}
