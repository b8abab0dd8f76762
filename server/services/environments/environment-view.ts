/** A Python environment as it leaves the server. */
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import type { StoredEnvironment } from "@/server/platform/environment-folder";

/** An index may be named with its password: that part is not shown. */
const withoutPassword = (word: string): string => word.replace(/(:\/\/)[^/@\s]+@/g, "$1***@");

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What is shown of an environment. */
export function environmentView({ key, state, note, ...times }: StoredEnvironment, isInUse: boolean): EnvironmentView {
  return {
    key,
    state,
    python: `Python ${note.version}`,
    lines: note.lines.map((line) => line.map(withoutPassword)),
    size: note.size ?? null,
    createdAt: iso(times.createdAtMs),
    lastUsedAt: iso(times.lastUsedAtMs),
    isInUse,
    problem: note.message ?? null,
  };
}
