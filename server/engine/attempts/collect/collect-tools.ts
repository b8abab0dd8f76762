/** What collecting needs of the outside. */
import type { DataDir } from "@/server/platform/data-dir";
import type { Measurer } from "./measure";

export interface CollectTools {
  readonly dataDir: DataDir;
  readonly measure: Measurer["measure"];
}
