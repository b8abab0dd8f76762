/** What collecting needs of the outside, and what it answers. */
import type { Reason, ReasonCode } from "@/server/domain/reason";
import type { SettingName, SettingValue } from "@/server/domain/settings";
import type { DataDir } from "@/server/platform/data-dir";
import type { Masker } from "@/server/platform/masking";
import type { Collected } from "../contract";
import type { Measurer } from "./measure";

export interface CollectTools {
  readonly dataDir: DataDir;
  readonly measure: Measurer["measure"];
  /** A setting of the installation as it stands now. */
  readonly setting: <N extends SettingName>(name: N) => SettingValue<N>;
  /** Hides the values of secrets in what is quoted of a step; asked for each time. */
  readonly masker: () => Masker;
}

/** What a step left, or why it counts as failed though its command did not; then with what is worth keeping. */
export type Gathered =
  | { readonly ok: true; readonly collected: Collected }
  | { readonly ok: false; readonly reason: Reason; readonly collected?: Collected };

/** An output that cannot be kept: the step fails with this. */
export class OutputRefusal extends Error {
  readonly reason: Reason;

  constructor(code: ReasonCode, message: string, subject: string) {
    super(message);
    this.name = "OutputRefusal";
    this.reason = { code, message, subject };
  }
}
