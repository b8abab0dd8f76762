/** Lets steps give way to the server and its pages: they take whatever processor time these leave. */
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

const STEP_NICENESS = 10;

/** Whatever the system does not know or does not allow is left as it was. */
function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // It has ended already, or it stays as important as any.
  }
}

/** Makes the leader of a session, and whatever it starts from now on, less important than the engine. */
export function giveWay(pid: number): void {
  attempt(() => setPriority(pid, STEP_NICENESS));
  // Linux without control groups shares its time among sessions first (sched(7)): twenty steps in sessions of their own
  // would leave the whole server a twentieth, however nice they are inside.
  attempt(() => writeFileSync(`/proc/${pid}/autogroup`, String(STEP_NICENESS)));
}
