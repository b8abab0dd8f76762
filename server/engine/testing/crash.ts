/** A power switch: counts every write and every act of an engine and cuts it off at a chosen one. */
import type { Db } from "@/db/client";
import type { AttemptRunner } from "../attempts/contract";

export class PowerCut extends Error {
  constructor() {
    super("the engine was killed here");
    this.name = "PowerCut";
  }
}

/** Where an engine dies: at its nth write or act, before or after it has happened. */
export interface CutPoint {
  readonly at: number;
  readonly isAfter: boolean;
}

export class PowerSwitch {
  isCut = false;
  count = 0;
  /** Statements so far, reads included. */
  statements = 0;
  readonly #point: CutPoint | null;

  constructor(point: CutPoint | null) {
    this.#point = point;
  }

  pass<T>(act: () => T): T {
    if (this.isCut) throw new PowerCut();
    this.count += 1;
    const isHere = this.count === this.#point?.at;
    if (isHere && !this.#point?.isAfter) return this.#cut();
    const done = act();
    return isHere ? this.#cut() : done;
  }

  read<T>(query: () => T): T {
    this.statements += 1;
    return query();
  }

  #cut(): never {
    this.isCut = true;
    throw new PowerCut();
  }
}

/** The database as an engine behind this switch sees it. */
export function switchedDb(db: Db, power: PowerSwitch): Db {
  const prepare = (sql: string) => {
    const statement = db.$client.prepare(sql);
    const run = statement.run.bind(statement);
    const get = statement.get.bind(statement);
    const all = statement.all.bind(statement);
    statement.run = (...values: unknown[]) => power.pass(() => power.read(() => run(...values)));
    statement.get = (...values: unknown[]) => power.read(() => get(...values));
    statement.all = (...values: unknown[]) => power.read(() => all(...values));
    return statement;
  };
  const $client = new Proxy(db.$client, {
    get(target, name) {
      if (name === "prepare") return prepare;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return new Proxy(db, { get: (target, name) => (name === "$client" ? $client : Reflect.get(target, name)) });
}

/** The runner as an engine behind this switch sees it; a dead engine hears nothing any more. */
export function switchedRunner(runner: AttemptRunner, power: PowerSwitch): AttemptRunner {
  return {
    begin: (request, ended) => power.pass(() => runner.begin(request, ended)),
    adopt: (request, handle, ended) => power.pass(() => runner.adopt(request, handle, ended)),
    stop: (attemptKey, graceMs) => power.pass(() => runner.stop(attemptKey, graceMs)),
    collect: (request, report) => runner.collect(request, report),
    noteLogs: (nowMs) => runner.noteLogs(nowMs),
    release: () => runner.release(),
  };
}
