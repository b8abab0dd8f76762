/** One client of the Kubeflow API that makes runs, looks at lists, and does what people do with runs. */
import { setTimeout as pause } from "node:timers/promises";
import type { TestServer } from "../support/server";
import type { ClientsJournal } from "./clients-check";

interface ClientParts {
  readonly server: TestServer;
  readonly versionId: string;
  readonly number: number;
  readonly random: () => number;
  readonly journal: ClientsJournal;
  readonly note: (kind: string, status: number, tookMs: number) => void;
  readonly thinkMs: number;
  /** When it stops, by `performance.now()`. */
  readonly untilMs: number;
}

const FILTERS = [
  "",
  "&sort_by=created_at%20desc",
  "&sort_by=finished_at%20desc",
  `&filter=${encodeURIComponent('{"predicates":[{"operation":"EQUALS","key":"storage_state","stringValue":"AVAILABLE"}]}')}&sort_by=created_at%20desc`,
  `&filter=${encodeURIComponent('{"predicates":[{"operation":"IN","key":"state","stringValues":{"values":["FAILED"]}}]}')}`,
  `&filter=${encodeURIComponent('{"predicates":[{"operation":"EQUALS","key":"name","stringValue":"run-7"}]}')}`,
];

/** Works until its time is over; what was accepted is in the journal. */
export async function clientOf(parts: ClientParts): Promise<void> {
  const { server, number, random, journal, note } = parts;
  const mine: string[] = [];
  let made = 0;
  let nextPage = "";

  async function send(kind: string, method: string, path: string, body?: object, key?: string) {
    const startedAt = performance.now();
    const answer = await fetch(`${server.url}/apis/v2beta1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.token}`,
        ...(body && { "content-type": "application/json" }),
        ...(key && { "idempotency-key": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const told = await answer.json();
    note(kind, answer.status, performance.now() - startedAt);
    return answer.ok ? told : null;
  }

  /** Some ask twice at once, as one does whose first answer was lost; both must be told of the same run. */
  async function create(): Promise<void> {
    made += 1;
    const name = `client-${number}-${made}`;
    const body = { display_name: name, pipeline_version_reference: { pipeline_version_id: parts.versionId } };
    const times = random() < 0.2 ? 2 : 1;
    const answers = await Promise.all(Array.from({ length: times }, () => send("create", "POST", "/runs", body, name)));
    for (const answer of answers) {
      if (answer === null) continue;
      journal.created.set(name, [...(journal.created.get(name) ?? []), answer.run_id]);
    }
    const [first] = answers;
    if (first) mine.push(first.run_id);
  }

  async function list(): Promise<void> {
    const filter = FILTERS[Math.floor(random() * FILTERS.length)];
    const page = nextPage === "" ? `page_size=20${filter}` : `page_size=20&page_token=${encodeURIComponent(nextPage)}`;
    const answer = await send("list", "GET", `/runs?${page}`);
    nextPage = random() < 0.5 ? (answer?.next_page_token ?? "") : "";
  }

  async function change(): Promise<void> {
    const id = mine.splice(Math.floor(random() * mine.length), 1)[0];
    if (id === undefined) return create();
    const luck = random();
    if (luck < 0.4 && (await send("terminate", "POST", `/runs/${id}:terminate`))) journal.terminated.push(id);
    else if (luck < 0.7 && (await send("archive", "POST", `/runs/${id}:archive`))) journal.archived.push(id);
    else if (luck >= 0.7 && (await send("delete", "DELETE", `/runs/${id}`))) journal.deleted.push(id);
  }

  await pause(random() * parts.thinkMs);
  while (performance.now() < parts.untilMs) {
    const luck = random();
    if (luck < 0.6) await list();
    else if (luck < 0.8) await create();
    else await change();
    await pause(random() * 2 * parts.thinkMs);
  }
}
