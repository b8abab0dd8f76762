/** Every Kubeflow fixture goes through the API and comes back key by key; what is invalid is refused with its place. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readYamlDocuments } from "@/pipelines/text/yaml";
import { form, items, type TestClient, testClient } from "@/server/rest/testing/client";
import { fixtureFolder, kfpIndex } from "./conformance/kfp-index";

const folder = fixtureFolder("kfp");
if (folder === null) console.log("round trip: the fixtures are not here, 132 valid and 3 invalid files left out");

let client: TestClient;
beforeEach(() => {
  client = testClient();
});
afterEach(() => client.close());

type Object = { readonly [key: string]: unknown };

/**
 * The documents of a file by another reader than the server's. That one stumbles over some texts in double quotes that
 * the YAML of Python and Go write and read; the server's own reading has to do there.
 */
function documentsOf(text: string): { readonly values: readonly Object[]; readonly isOurs: boolean } {
  const documents = parseAllDocuments(text);
  if (documents.every(({ errors }) => errors.length === 0)) {
    return { values: documents.map((document) => document.toJS() as Object), isOurs: false };
  }
  const read = readYamlDocuments(text);
  return { values: read.ok ? (read.value as Object[]) : [], isOurs: true };
}

/** What Kubeflow answers for a file: its specification, or that and its platform document together. */
function wanted([first, second]: readonly Object[]): unknown {
  if (second !== undefined) return { pipeline_spec: first, platform_spec: second };
  const inner = first?.pipeline_spec ?? first?.pipelineSpec;
  return inner === undefined || first?.platform_spec !== undefined ? first : inner;
}

test.runIf(folder !== null)(
  "every valid file is read back as it was uploaded, and as it was given to a run",
  async () => {
    const counts = { uploaded: 0, wrapped: 0, started: 0, refused: 0, ours: 0 };
    for (const { path, text, arguments: parameters } of kfpIndex(folder ?? "")) {
      const { values, isOurs } = documentsOf(text);
      const spec = wanted(values);
      if (isOurs) counts.ours += 1;
      const name = `file ${counts.uploaded + 1}`;
      const file = form("pipeline.yaml", text);
      const { pipeline_id } = await client.ok("POST", `/pipelines/upload?name=${encodeURIComponent(name)}`, file);
      const { pipeline_versions } = await client.ok("GET", `/pipelines/${pipeline_id}/versions`);
      const [version] = items(pipeline_versions);
      expect(version?.pipeline_spec, path).toEqual(spec);
      counts.uploaded += 1;
      if ((spec as Object).platform_spec !== undefined) counts.wrapped += 1;
      const body = { display_name: path, pipeline_spec: spec, runtime_config: { parameters } };
      const answer = await client.send("POST", "/runs", body);
      if (answer.status === 200) {
        const run = await client.ok("GET", `/runs/${answer.body.run_id}`);
        expect(run.pipeline_spec, path).toEqual(spec);
        counts.started += 1;
      } else {
        expect({ path, status: answer.status, code: Number(answer.body.code) }).toEqual({ path, status: 400, code: 3 });
        counts.refused += 1;
      }
    }
    const { uploaded, wrapped, started, refused, ours } = counts;
    console.log(
      `round trip: ${uploaded} files uploaded and read back, ${wrapped} of them with a platform document; ${started} given to a run and read back, ${refused} refused because of what they need here; ${ours} compared with the server's own reading`,
    );
    expect(uploaded).toBe(132);
    expect(started).toBeGreaterThan(80);
  },
  600_000,
);

test.runIf(folder !== null)(
  "every invalid file is refused with place and reason, and nothing of it stays",
  async () => {
    const invalid = join(folder ?? "", "invalid");
    const files = readdirSync(invalid);
    for (const name of files) {
      const text = readFileSync(join(invalid, name), "utf8");
      const answer = await client.send("POST", "/pipelines/upload", form(name, text));
      expect({ name, status: answer.status }).toEqual({ name, status: 400 });
      console.log(`round trip: ${name} is refused: ${String(answer.body.error_message).slice(0, 200)}`);
      expect(answer.body.error_message, name).toMatch(
        /(?:line \d+|root|components|deploymentSpec|pipelineInfo|schemaVersion|the whole text)/,
      );
    }
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const table of ["pipeline", "version", "version_spec", "version_file", "blob"]) {
      expect(client.services.context.db.$client.prepare(`select count(*) from ${table}`).pluck().get(), table).toBe(0);
    }
  },
);
