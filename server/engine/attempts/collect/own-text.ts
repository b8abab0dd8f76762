/** Reads the small files that a step writes for the orchestrator, each confined to its folder and capped. */
import { lstatSync, statSync } from "node:fs";
import type { SettingName } from "@/server/domain/settings";
import { OutputRefusal } from "./collect-tools";
import { confined } from "./confine";
import { tooLarge } from "./kept-content";
import { fileKind, readCapped } from "./measure";

export interface OwnText {
  readonly path: string;
  /** Subject of the sentences about it. */
  readonly what: string;
  /** The output it belongs to, or the step. */
  readonly subject: string;
  readonly limit: number;
  /** The setting that holds the limit. */
  readonly setting: SettingName;
}

/** The text of a file; null where there is none. Throws `OutputRefusal` for anything that is no such file. */
export function ownText(file: OwnText, folders: readonly string[]): string | null {
  const { path, what, subject, limit, setting } = file;
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return null;
  const refuse = (why: string): never => {
    throw new OutputRefusal("bad-output", `${what} ${why}`, subject);
  };
  const real = confined(path, folders);
  if (real === null) return refuse("is a link that leads out of the step's folders. Write the file itself.");
  const stat = entry.isSymbolicLink() ? statSync(real) : entry;
  if (!stat.isFile()) return refuse(`is ${fileKind(stat)}, not a file.`);
  if (stat.size > limit) {
    throw new OutputRefusal("too-large", tooLarge(what, stat.size, limit, setting), subject);
  }
  try {
    return readCapped(real, limit)?.toString("utf8") ?? null;
  } catch (error) {
    return refuse(`cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}
