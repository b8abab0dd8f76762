/** Asks the engine for a Python environment ahead of the steps that need it, and tells how far it is. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AddEnvironmentInput } from "@/server/domain/inputs/surroundings";
import { ProblemError } from "@/server/domain/problem-error";
import type { EnvironmentWishView } from "@/server/domain/views/surroundings";
import { readNote, WISH, type Wish, WishEnd } from "@/server/platform/environment-folder";
import type { Context } from "../context";

/** Leaves the wish where the engine looks for it; an environment that is there already is ready at once. */
export function requestEnvironment(context: Context, { python, lines }: AddEnvironmentInput): EnvironmentWishView {
  const { envs } = context.dataDir;
  mkdirSync(envs, { recursive: true, mode: 0o700 });
  const id = randomUUID();
  const wish: Wish = { python: python ?? null, lines };
  const path = join(envs, `${id}${WISH.wanted}`);
  writeFileSync(`${path}.draft`, JSON.stringify(wish), { mode: 0o600 });
  renameSync(`${path}.draft`, path);
  return { id, state: "waiting", key: null, message: null, log: "" };
}

function logOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** What has come of a wish. Throws `not-found`. */
export function environmentRequest(context: Context, id: string): EnvironmentWishView {
  const at = (ending: string): string => join(context.dataDir.envs, `${id}${ending}`);
  const log = logOf(at(WISH.log));
  const end = readNote(at(WISH.done), WishEnd);
  if (end !== null) return { id, state: end.message === null ? "ready" : "failed", ...end, log };
  if (!existsSync(at(WISH.wanted))) throw new ProblemError("not-found", "Nobody has asked for this environment.");
  return { id, state: log === "" ? "waiting" : "building", key: null, message: null, log };
}
