/** The exclusive right to be the engine of a data directory; the operating system frees it when the holder dies. */
import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Sqlite } from "@/db/sqlite";
import { storageTrouble } from "../../storage-trouble";

/** File systems whose locks do not hold between machines, by their magic number. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
]);

export class LockRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LockRefusal";
  }
}

export interface EngineLock {
  release(): void;
}

function holder(note: string): string {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(note, "utf8")) as { pid: number; startedAt: string };
    return `process ${pid}, started ${startedAt}`;
  } catch {
    return "another process";
  }
}

/** Takes the lock at `file` or throws `LockRefusal` that names who holds it, or why it cannot be trusted here. */
export function takeLock(file: string, now: Date): EngineLock {
  const network = NETWORK_FILE_SYSTEMS.get(statfsSync(dirname(file)).type >>> 0);
  if (network !== undefined) {
    throw new LockRefusal(
      `${dirname(file)} lies on a network file system (${network}), where locks do not hold; set PENSTOCK_HOME to a local directory`,
    );
  }
  const note = `${file}.json`;
  const client = new Sqlite(file, { timeout: 0 });
  try {
    client.exec("begin exclusive");
  } catch (error) {
    client.close();
    if (storageTrouble(error) !== "busy") throw error;
    throw new LockRefusal(
      `another Penstock engine works on ${dirname(file)} (${holder(note)}); stop it first, or set PENSTOCK_HOME to another directory`,
    );
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, startedAt: now.toISOString() }), { mode: 0o600 });
  return {
    release() {
      rmSync(note, { force: true });
      client.close();
    },
  };
}
