/** Asks long questions of the database in threads of their own, so that no page waits behind another one's question. */
import type { Worker } from "node:worker_threads";
import type { Db } from "@/db/client";
import type { Asked, Said } from "@/db/reading/reading-thread";
import { type Answer, answer, type Question, type ReadName } from "@/db/reading/reads";
import { startThread } from "@/server/platform/threads";

export interface Reading {
  ask<Name extends ReadName>(name: Name, question: Question<Name>): Promise<Answer<Name>>;
  close(): Promise<void>;
}

/** Reads on the caller's own connection: for tests, and for databases in memory. */
export const readingHere = (db: Db): Reading => ({
  ask: async (name, question) => answer(db, name, question),
  close: async () => {},
});

/** A slow question leaves room for a quick one beside it; more threads would only share the same two cores. */
const THREADS = 2;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(private readonly file: string) {}

  get load(): number {
    return this.#waiting.size;
  }

  ask(name: ReadName, question: Question<ReadName>): Promise<never> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#lastId += 1;
    const asked: Asked = { id: this.#lastId, name, question };
    return new Promise((resolve, reject) => {
      this.#waiting.set(asked.id, { resolve, reject });
      worker.ref();
      worker.postMessage(asked);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#fail(new Error("the server is stopping"));
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread({
      bundle: "reading-thread",
      source: "db/reading/reading-thread.ts",
      data: { file: this.file },
    });
    worker.unref();
    worker.on("message", (said: Said) => this.#settle(said));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#fail(new Error("a reading thread ended"));
    });
    return worker;
  }

  #settle(said: Said): void {
    const waiting = this.#waiting.get(said.id);
    this.#waiting.delete(said.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("error" in said) waiting?.reject(new Error(said.error));
    else waiting?.resolve(said.answer as never);
  }

  /** Gives up the thread; the next question starts another one. */
  #fail(error: Error): void {
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

/** Threads on a database file, started when first asked; a question goes to the one with the least to do. */
export function readingInThreads(file: string): Reading {
  const threads = Array.from({ length: THREADS }, () => new Thread(file));
  return {
    ask: (name, question) => {
      const [first, ...others] = threads;
      const thread = others.reduce((least, each) => (each.load < (least?.load ?? 0) ? each : least), first);
      return thread?.ask(name, question) ?? Promise.reject(new Error("no reading thread"));
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
