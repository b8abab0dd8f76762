/** Lists: filters with every operator on every key, orders, sizes and tokens. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { filter, items, plainSpec, type TestClient, testClient } from "./testing/client";

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

const SECOND = 1_795_255_200;

async function fourExperiments(): Promise<void> {
  for (const name of ["b", "a", "c", "a b"]) {
    client.services.advance(1000);
    await client.ok("POST", "/experiments", { display_name: name });
  }
}

const names = async (query: string, list: "experiments" | "runs" = "experiments") =>
  items((await client.ok("GET", `/${list}?${query}`))[list]).map(({ display_name }) => String(display_name));

test("the SDK's filter, sizes, orders and tokens", async () => {
  await fourExperiments();
  expect(await names(filter({ operation: 1, key: "display_name", stringValue: "a" }))).toEqual(["a"]);
  const twice = encodeURIComponent(
    encodeURIComponent('{"predicates":[{"operation":"EQUALS","key":"name","string_value":"a b"}]}'),
  );
  expect(await names(`filter=${twice}`)).toEqual(["a b"]);
  expect(await names("namespace=&page_token=&sort_by=&filter=&other=x")).toHaveLength(5);
  const first = await client.ok("GET", "/experiments?page_size=2&sort_by=created_at+desc");
  expect(first).toMatchObject({ total_size: 5, experiments: [{ display_name: "a b" }, { display_name: "c" }] });
  const second = await client.ok("GET", `/experiments?page_size=9&page_token=${first.next_page_token}`);
  expect(second).toMatchObject({
    experiments: [{ display_name: "a" }, { display_name: "b" }, { display_name: "Default" }],
  });
  expect(second.next_page_token).toBeUndefined();
  const same = `page_token=${first.next_page_token}&sort_by=${encodeURIComponent("CREATED_AT  DESC")}`;
  expect(await names(same)).toEqual(["a", "b", "Default"]);
});

test.each([
  [{ operation: "NOT_EQUALS", key: "name", string_value: "a" }, ["Default", "b", "c", "a b"]],
  [{ operation: "GREATER_THAN", key: "name", string_value: "a" }, ["b", "c", "a b"]],
  [{ operation: 5, key: "name", string_value: "b" }, ["b", "c"]],
  [{ operation: 6, key: "name", string_value: "a" }, ["Default"]],
  [{ operation: "LESS_THAN_EQUALS", key: "name", string_value: "a" }, ["Default", "a"]],
  [{ operation: "IN", key: "name", string_values: { values: ["a", "c"] } }, ["a", "c"]],
  [{ operation: "IN", key: "name", stringValues: { values: [] } }, []],
  [{ operation: "IS_SUBSTRING", key: "name", string_value: "A" }, ["Default", "a", "a b"]],
  [{ operation: "LESS_THAN", key: "created_at", string_value: String(SECOND + 2) }, ["Default", "b"]],
  [{ operation: "LESS_THAN", key: "created_at", long_value: SECOND + 2 }, ["Default", "b"]],
  [{ operation: "EQUALS", key: "created_at", longValue: String(SECOND + 3) }, ["c"]],
  [{ operation: "IN", key: "created_at", long_values: { values: [SECOND, String(SECOND + 1)] } }, ["Default", "b"]],
  [
    { operation: "GREATER_THAN_EQUALS", key: "created_at", timestamp_value: "2026-11-21T11:00:03.9+01:00" },
    ["c", "a b"],
  ],
  [{ operation: "EQUALS", key: "last_run_created_at", int_value: 0 }, ["Default", "b", "a", "c", "a b"]],
  [{ operation: "NOT_EQUALS", key: "storage_state", string_value: "ARCHIVED" }, ["Default", "b", "a", "c", "a b"]],
  [{ operation: "EQUALS", key: "storage_state", string_value: "ARCHIVED" }, []],
  [{ operation: "EQUALS", key: "storage_state", int_value: 1 }, ["Default", "b", "a", "c", "a b"]],
  [{ operation: "EQUALS", key: "namespace", string_value: "kubeflow" }, ["Default", "b", "a", "c", "a b"]],
])("%j lets through %j", async (predicate, expected) => {
  await fourExperiments();
  expect(await names(filter(predicate))).toEqual(expected);
  expect((await client.ok("GET", `/experiments?${filter(predicate)}`)).total_size ?? 0).toBe(expected.length);
});

/** Four runs: pending, running, succeeded with a metric, canceled and archived after a retry. */
async function fourRuns(): Promise<void> {
  for (const name of ["p", "r", "s", "x"]) {
    client.services.advance(1000);
    await client.ok("POST", "/runs", { display_name: name, description: `of ${name}`, pipeline_spec: plainSpec() });
  }
  client.services.context.db.$client.exec(
    `update run set state = 'running', started_at = created_at where name = 'r';
     update run set state = 'succeeded', started_at = created_at, finished_at = created_at + 60000 where name = 's';
     update run set state = 'failed', started_at = created_at, finished_at = created_at where name = 'x';
     update run set state = 'running', finished_at = null where name = 'x';
     update run set state = 'canceled', finished_at = created_at + 1000, archived_at = created_at where name = 'x';
     insert into metric (run_key, name, value, format, at) values (3, 'Loss', 0.5, 'raw', 1), (2, 'Loss', 9, 'raw', 1),
       (2, 'Loss', 0.1, 'raw', 2);`,
  );
}

test.each([
  [{ operation: "EQUALS", key: "state", string_value: "FAILED" }, ["x"]],
  [{ operation: "EQUALS", key: "state", int_value: 5 }, ["x"]],
  [{ operation: "NOT_EQUALS", key: "state", string_value: "FAILED" }, ["p", "r", "s"]],
  [{ operation: "IN", key: "state", string_values: { values: ["PENDING", "SKIPPED", "RUNNING"] } }, ["p", "r"]],
  [{ operation: "IS_SUBSTRING", key: "state", string_value: "ing" }, ["p", "r"]],
  [{ operation: "GREATER_THAN", key: "state", string_value: "PENDING" }, ["r", "s"]],
  [{ operation: "EQUALS", key: "state", string_value: "NOTHING" }, []],
  [{ operation: "EQUALS", key: "state", string_value: "constructor" }, []],
  [{ operation: "EQUALS", key: "status", string_value: "Succeeded" }, ["s"]],
  [{ operation: "EQUALS", key: "storage_state", string_value: "ARCHIVED" }, ["x"]],
  [{ operation: "EQUALS", key: "finished_at", int_value: 0 }, ["p", "r"]],
  [{ operation: "GREATER_THAN", key: "finished_at", string_value: "1795255210" }, ["s"]],
  [{ operation: "IS_SUBSTRING", key: "description", string_value: "OF S" }, ["s"]],
  [{ operation: "EQUALS", key: "scheduled_at", timestamp_value: "2026-11-21T10:00:01Z" }, ["p"]],
  [{ operation: "IS_SUBSTRING", key: "state_history", string_value: "FAILED,PENDING" }, ["x"]],
  [{ operation: "EQUALS", key: "runtime_details", string_value: "" }, ["p", "r", "s", "x"]],
  [{ operation: "EQUALS", key: "recurring_run_id", string_value: "nobody" }, []],
  [{ operation: "EQUALS", key: "namespace", string_value: "" }, ["p", "r", "s", "x"]],
])("of the runs %j lets through %j", async (predicate, expected) => {
  await fourRuns();
  expect(await names(filter(predicate), "runs")).toEqual(expected);
  expect((await client.ok("GET", `/runs?${filter(predicate)}`)).total_size ?? 0).toBe(expected.length);
});

test.each([
  ["", ["p", "r", "s", "x"]],
  ["name desc", ["x", "s", "r", "p"]],
  ["state", ["x", "p", "r", "s"]],
  ["status desc", ["s", "r", "p", "x"]],
  ["storage_state", ["x", "p", "r", "s"]],
  ["finished_at desc", ["s", "x", "r", "p"]],
  ["scheduled_at", ["p", "r", "s", "x"]],
  ["namespace desc", ["x", "s", "r", "p"]],
  ["state_history", ["p", "r", "x", "s"]],
  ["runtime_details", ["p", "r", "s", "x"]],
  ["experiment_id", ["p", "r", "s", "x"]],
  ["recurring_run_id desc", ["x", "s", "r", "p"]],
  ["metric:Loss", ["p", "x", "r", "s"]],
  ["metric:Loss desc", ["s", "r", "x", "p"]],
])("runs sorted by %j come as %j, whole and page by page", async (sort, expected) => {
  await fourRuns();
  const query = `sort_by=${encodeURIComponent(sort)}`;
  expect(await names(query, "runs")).toEqual(expected);
  const paged: string[] = [];
  for (let token: string | undefined = ""; token !== undefined; ) {
    const page = await client.ok("GET", `/runs?page_size=1&page_token=${token}&${token === "" ? query : ""}`);
    paged.push(...items(page.runs).map(({ display_name }) => String(display_name)));
    token = page.next_page_token;
  }
  expect(paged).toEqual(expected);
});

test.each([
  ["/experiments?page_size=-1", "The page size should be greater than 0. Got -1"],
  ["/experiments?page_size=x", "invalid page_size"],
  ["/experiments?page_token=abc", "Invalid page token"],
  ["/experiments?page_token=YQ.YQ", "Invalid page token"],
  ["/experiments?sort_by=nothing", 'Invalid sorting field: "nothing" on listable type Experiment'],
  ["/experiments?sort_by=metric:x", 'Invalid sorting field: "metric:x" on listable type Experiment'],
  ["/pipelines?sort_by=tags.a", "Invalid sorting field"],
  ["/runs?sort_by=metric:", "Invalid sorting field"],
  ["/runs?sort_by=__proto__", "Invalid sorting field"],
  ["/runs?sort_by=created_at%20sideways", "Received invalid sort by format"],
  ["/runs?sort_by=id;drop%20table%20run", "Received invalid sort by format"],
  ["/runs?filter={", "failed to parse valid filter"],
  ["/runs?filter=[]", "filter"],
  ["/runs?filter=%7B%22predicate%22%3A%5B%5D%7D", "failed to parse valid filter"],
  [`/runs?${filter(1)}`, "predicate"],
  [
    `/runs?${filter({ operation: 1, key: "x'; --", stringValue: "a" })}`,
    "no support for filtering on unrecognized field",
  ],
  [
    `/runs?${filter({ operation: 1, key: "__proto__", stringValue: "a" })}`,
    "no support for filtering on unrecognized field",
  ],
  [`/runs?${filter({ operation: 1, key: "", stringValue: "a" })}`, "without a key"],
  [
    `/runs?${filter({ operation: 8, key: "name", stringValue: "a" })}`,
    "cannot use IN operator with scalar type string",
  ],
  [`/runs?${filter({ operation: 1, key: "name", stringValues: { values: ["a"] } })}`, "cannot use scalar operator"],
  [`/runs?${filter({ operation: 9, key: "name", intValue: 1 })}`, "IS_SUBSTRING"],
  [`/runs?${filter({ operation: 4, key: "name", stringValue: "a" })}`, "operation"],
  [`/runs?${filter({ key: "name", stringValue: "a" })}`, "operation"],
  [`/runs?${filter({ operation: 1, key: "name" })}`, "exactly one value"],
  [`/runs?${filter({ operation: 1, key: "name", stringValue: "a", intValue: 1 })}`, "exactly one value"],
  [`/runs?${filter({ operation: 1, key: "name", boolValue: true })}`, "unknown field"],
  [`/runs?${filter({ operation: 1, key: "created_at", stringValue: "yesterday" })}`, "is not a moment"],
  [`/runs?${filter({ operation: 1, key: "created_at", timestampValue: "2026" })}`, "is not a moment"],
  [`/runs?${filter({ operation: 1, key: "created_at", intValue: 1.5 })}`, "invalid int_value"],
  ["/runs?filter=%25", "failed to parse valid filter"],
])("%s is refused in Kubeflow's words", async (path, text) => {
  expect(await client.send("GET", path)).toMatchObject({
    status: 400,
    body: { code: 3, details: [{ message: expect.stringContaining(text) }] },
  });
});

test("a token of one list or question is refused by another", async () => {
  await fourExperiments();
  const named = filter({ operation: "NOT_EQUALS", key: "name", string_value: "z" });
  const { next_page_token: token } = await client.ok("GET", `/experiments?page_size=1&${named}`);
  expect(await names(`page_token=${token}`)).toHaveLength(4);
  expect(await names(`page_token=${token}&${named}`)).toHaveLength(4);
  const other = filter({ operation: "NOT_EQUALS", key: "name", string_value: "y" });
  for (const query of ["sort_by=name", "sort_by=created_at%20desc", other]) {
    expect(await client.send("GET", `/experiments?page_token=${token}&${query}`)).toMatchObject({
      status: 400,
      body: { details: [{ message: expect.stringContaining("page token does not match") }] },
    });
  }
  expect(await client.send("GET", `/runs?page_token=${token}`)).toMatchObject({ status: 400 });
});

test("a page holds 20 unless it is asked for more, and 200 at most", async () => {
  const { context } = client.services;
  await client.ok("POST", "/runs", { display_name: "r", pipeline_spec: plainSpec() });
  context.db.$client.exec(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 249)
     insert into run (id, name, state, version_key, pipeline_name, experiment_key, profile, origin, created_at, scheduled_at)
     select 'r' || i, 'r', 'pending', 1, 'p', 1, 'local', 'api', 1, 1 from n`,
  );
  for (const [size, expected] of [
    ["", 20],
    ["0", 20],
    ["7", 7],
    ["200", 200],
    ["1000", 200],
  ] as const) {
    const page = await client.ok("GET", `/runs?page_size=${size}`);
    expect(page.total_size).toBe(250);
    expect(items(page.runs)).toHaveLength(expected);
  }
});
