/** Whether an address can be bound, asked before anything is started. */
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const MISSING = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];

function tryBind(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/**
 * Why `hosts` cannot be bound at `port`, in words; null when they can. Of several hosts those that the machine does
 * not have do not count. A port that is being let go of is waited for up to `patienceMs`.
 */
export async function portProblem(hosts: readonly string[], port: number, patienceMs: number): Promise<string | null> {
  for (const deadline = Date.now() + patienceMs; ; await pause(50)) {
    const answers = await Promise.all(hosts.map((host) => tryBind(host, port)));
    const errors = answers.filter((code) => code !== null && !(hosts.length > 1 && MISSING.includes(code)));
    const error = errors[0];
    if (error === undefined || error === null) return null;
    if (error === "EADDRINUSE" && Date.now() < deadline) continue;
    if (error === "EADDRINUSE") return `Port ${port} is in use by another program; choose another one with --port.`;
    if (error === "EACCES") return `Port ${port} may not be used by this account; choose one above 1023 with --port.`;
    return `${hosts.join(", ")} cannot be bound (${error}); choose another address with --host.`;
  }
}
