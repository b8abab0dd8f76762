/** Entry of a reading thread: its own read-only connection, one question at a time. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../client";
import { answer, type Question, type ReadName } from "./reads";

/** What a thread is told. */
export interface Asked {
  readonly id: number;
  readonly name: ReadName;
  readonly question: Question<ReadName>;
}

/** What it says: the answer, or what went wrong. */
export type Said = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string };

const db = openDatabase(workerData.file, { readonly: true });

function reply({ id, name, question }: Asked): Said {
  try {
    return { id, answer: answer(db, name, question as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on("message", (asked: Asked) => parentPort?.postMessage(reply(asked)));
