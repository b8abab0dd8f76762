/** Importers: files and folders of this machine, pages of listed hosts, and what is refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImporterBody, JsonValue } from "@/pipelines/graph";
import { type SettingName, type SettingValue, settingValue } from "@/server/domain/settings";
import { attemptBench, outcomeOf, refusalOf, step } from "../testing";

let bench: ReturnType<typeof attemptBench>;
let outside: string;
let settings: { [name in SettingName]?: JsonValue };
let server: Server | null = null;

beforeEach(() => {
  settings = {};
  const setting = <N extends SettingName>(name: N): SettingValue<N> => settingValue(name, settings[name]);
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)));
  bench = attemptBench({ setting, environment: { ...environment } as NodeJS.ProcessEnv });
  outside = `${bench.home}-outside`;
  mkdirSync(join(outside, "folder", "inner"), { recursive: true });
  writeFileSync(join(outside, "rows.csv"), "a,b\n");
  writeFileSync(join(outside, "folder", "one.txt"), "1");
  writeFileSync(join(outside, "folder", "inner", "two.txt"), "22");
});
afterEach(() => {
  bench.close();
  rmSync(outside, { recursive: true, force: true });
  server?.close();
  server?.closeAllConnections();
  server = null;
});

const importer = (changes: Partial<ImporterBody> = {}): ImporterBody => ({
  body: "importer",
  uri: { from: "parent", input: "uri" },
  artifactType: "system.Dataset",
  metadata: {},
  reimport: false,
  downloadToWorkspace: false,
  ...changes,
});

function request(uri: string, changes: Partial<ImporterBody> = {}, parameters: { [name: string]: JsonValue } = {}) {
  const declared = { outputArtifacts: [{ name: "artifact", type: "system.Dataset" }] };
  return bench.request(step(importer(changes), declared), {
    inputs: { parameters: { uri, ...parameters }, artifacts: {} },
  });
}

async function imported(asked: ReturnType<typeof request>) {
  const outcome = await outcomeOf(bench.runner, asked);
  const log = readFileSync(join(bench.directory(asked), "log"), "utf8");
  if (outcome.state !== "succeeded") throw new Error(log);
  const [artifact] = outcome.collected.artifacts;
  if (artifact === undefined) throw new Error("no artifact");
  return { artifact, log, text: () => readFileSync(artifact.path ?? "", "utf8") };
}

/** A server of this machine; answers its address with the port. */
async function serve(handler: RequestListener): Promise<string> {
  const started = createServer(handler);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const failure = async (asked: ReturnType<typeof request>): Promise<string> => {
  const outcome = await outcomeOf(bench.runner, asked);
  return outcome.state === "failed" ? outcome.reason.message : "it was imported";
};
const refused = async (asked: ReturnType<typeof request>): Promise<string> =>
  (await refusalOf(bench.runner.begin(asked, () => undefined))).message;

describe("from this machine", () => {
  it("copies a file and keeps where it came from", async () => {
    const uri = join(outside, "rows.csv");
    const { artifact, text, log } = await imported(request(uri, { metadata: { source: "here" } }));
    expect(artifact).toMatchObject({
      output: "artifact",
      type: "system.Dataset",
      uri,
      size: 4,
      metadata: { source: "here" },
    });
    expect(artifact.path?.startsWith(bench.home)).toBe(true);
    expect(text()).toBe("a,b\n");
    expect(log).toContain("Imported 4 bytes");
    writeFileSync(uri, "changed");
    expect(text()).toBe("a,b\n");
  });

  it("takes file: addresses too", async () => {
    mkdirSync(join(outside, "with blank"));
    writeFileSync(join(outside, "with blank", "x"), "x");
    const uri = `file://${outside}/with%20blank/x`;
    const { artifact, text } = await imported(request(uri));
    expect([artifact.uri, text()]).toEqual([uri, "x"]);
  });

  it("copies a folder, and names what it leaves out", async () => {
    symlinkSync("/etc/hostname", join(outside, "folder", "elsewhere"));
    symlinkSync("..", join(outside, "folder", "inner", "circle"));
    symlinkSync("one.txt", join(outside, "folder", "same"));
    const { artifact, log } = await imported(request(join(outside, "folder")));
    expect(artifact).toMatchObject({ isDirectory: true, size: 4 });
    expect(readdirSync(artifact.path ?? "", { recursive: true }).sort()).toEqual([
      "inner",
      "inner/two.txt",
      "one.txt",
      "same",
    ]);
    expect(log).toContain("Left out 2");
  });

  it("imports what another step of the run left", async () => {
    const left = join(bench.folders.attempt(1, 77, 1), "out", "artifacts", "model");
    mkdirSync(join(left, ".."), { recursive: true });
    writeFileSync(left, "weights");
    expect((await imported(request(left))).text()).toBe("weights");
  });

  it("puts content into the workspace on demand, under its own name", async () => {
    const { text } = await imported(request(join(outside, "rows.csv"), { downloadToWorkspace: true }));
    expect(text()).toBe("a,b\n");
    const workspace = join(bench.folders.run(1), "kfp-workspace");
    const [place = ""] = readdirSync(join(workspace, ".artifacts"));
    expect(readFileSync(join(workspace, ".artifacts", place, "rows.csv"), "utf8")).toBe("a,b\n");
  });

  it("fills the placeholders of the metadata, in keys too", async () => {
    const metadata = {
      "{{$.inputs.parameters['key']}}": "v {{$.inputs.parameters['rows']}}",
      rows: "{{$.inputs.parameters['rows']}}",
      nested: { list: ["{{$.inputs.parameters['key']}}"] },
    };
    const { artifact } = await imported(request(join(outside, "rows.csv"), { metadata }, { key: "k", rows: 3 }));
    expect(artifact.metadata).toEqual({ k: "v 3", rows: 3, nested: { list: ["k"] } });
  });

  it("stops at the largest artifact allowed and leaves nothing", async () => {
    settings["max-artifact-bytes"] = 2;
    const asked = request(join(outside, "folder"));
    expect(await failure(asked)).toContain("larger than 2 bytes");
    expect(existsSync(join(bench.directory(asked), "out", "artifacts", "artifact"))).toBe(false);
  });

  it.each<[string, (home: string) => string, string]>([
    ["the database", (home) => join(home, "penstock.db"), "data directory"],
    ["a log of a step", (home) => join(home, "runs/1/5/1/log"), "data directory"],
    ["the data directory's parent", (home) => join(home, ".."), "holds the data directory"],
    ["a link into it", (home) => join(`${home}-outside`, "sneaky"), "data directory"],
    ["a relative path", () => "rows.csv", "relative path"],
    ["nothing", (home) => join(`${home}-outside`, "gone"), "nothing that can be read"],
    ["a device", () => "/dev/zero", "nothing that can be read"],
    ["an empty address", () => "", "it is empty"],
  ])("refuses %s", async (_, place, message) => {
    mkdirSync(join(bench.home, "runs/1/5/1"), { recursive: true });
    writeFileSync(join(bench.home, "runs/1/5/1/log"), "");
    writeFileSync(join(bench.home, "penstock.db"), "");
    symlinkSync(join(bench.home, "penstock.db"), join(outside, "sneaky"));
    expect(await refused(request(place(bench.home)))).toContain(message);
  });
});

describe("over http", () => {
  it("fetches from a listed host, also after a redirect, and says how it goes", async () => {
    const host = await serve((asked, answer) => {
      if (asked.url === "/start") answer.writeHead(302, { location: "/data%20set.csv?x=1" }).end();
      else answer.end(`${asked.url} ${asked.headers.host}`);
    });
    settings["import-hosts"] = [host];
    const uri = `http://${host}/start`;
    const { artifact, text, log } = await imported(request(uri));
    expect(artifact.uri).toBe(uri);
    expect(text()).toBe(`/data%20set.csv?x=1 ${host}`);
    expect(log).toContain(`Fetching http://${host}/data%20set.csv?x=1`);
  });

  it("does not start for a host that is not listed, and does not follow to one", async () => {
    let visits = 0;
    const host = await serve((_asked, answer) => {
      visits += 1;
      answer.writeHead(302, { location: "http://127.0.0.2:9/x" }).end();
    });
    expect(await refused(request(`http://${host}/x`))).toContain("setting import-hosts");
    expect(visits).toBe(0);
    settings["import-hosts"] = [host];
    expect(await failure(request(`http://${host}/x`))).toContain("127.0.0.2:9 is not among the hosts");
    expect(visits).toBe(1);
  });

  it("goes by the proxy that the profile names", async () => {
    const proxy = await serve((asked, answer) => answer.end(`by proxy: ${asked.url} ${asked.headers.host}`));
    settings["import-hosts"] = ["data.invalid"];
    const asked = request("http://data.invalid/rows.csv");
    const environment = { http_proxy: `http://${proxy}`, no_proxy: "other.invalid" };
    const run = { ...bench.run, profile: { ...bench.run.profile, environment } };
    const { text } = await imported({ ...asked, run });
    expect(text()).toBe("by proxy: http://data.invalid/rows.csv data.invalid");
  });

  it("does not follow to a file, nor in circles", async () => {
    const host = await serve((asked, answer) => {
      answer.writeHead(302, { location: asked.url === "/file" ? "file:///etc/passwd" : "/circle" }).end();
    });
    settings["import-hosts"] = [host];
    expect(await failure(request(`http://${host}/file`))).toContain("not among the hosts");
    expect(await failure(request(`http://${host}/circle`))).toContain("redirected more than 5 times");
  });

  it.each<[string, RequestListener, string]>([
    ["an error", (_asked, answer) => answer.writeHead(404).end("no"), "answered 404"],
    ["too much, said before", (_asked, answer) => answer.end("x".repeat(20)), "larger than 10 bytes"],
    [
      "too much, without end",
      (_asked, answer) => {
        answer.write("x".repeat(8));
        answer.write("x".repeat(8));
        answer.end();
      },
      "larger than 10 bytes",
    ],
    [
      "less than promised",
      (_asked, answer) => {
        answer.writeHead(200, { "content-length": "9" });
        answer.write("x");
        setTimeout(() => answer.destroy(), 50);
      },
      "broke off",
    ],
  ])("fails for %s and leaves nothing", async (_, handler, message) => {
    const host = await serve(handler);
    settings = { "import-hosts": [host], "max-artifact-bytes": 10 };
    const asked = request(`http://${host}/x`);
    expect(await failure(asked)).toContain(message);
    expect(existsSync(join(bench.directory(asked), "out", "artifacts", "artifact"))).toBe(false);
  });

  it("fails for a host that nobody answers at", async () => {
    settings["import-hosts"] = ["127.0.0.1:9"];
    expect(await failure(request("http://127.0.0.1:9/x"))).toContain("could not be reached");
  });
});

it.each(["gs://b/k", "s3://b/k", "oci://r/m", "minio://b/k"])("%s is refused when it is reached", async (uri) => {
  expect(await refused(request(uri))).toContain("nothing here reads");
});
