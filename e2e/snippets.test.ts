/** Every snippet of the table is pasted: the shell with curl, the built command, Python with `kfp`; each does what the page does. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SNIPPETS, type SnippetAction, type Snippets } from "@/server/domain/snippets";
import { type Scenarios, snippetScenarios } from "./snippet-scenarios";
import { apiOf } from "./support/api";
import { isBuilt } from "./support/hard-server";
import { pythonEnv } from "./support/python-env";
import { startServer, type TestServer } from "./support/server";
import { type SnippetRunner, snippetRunner } from "./support/snippet-runner";

const KFP = "kfp==2.17.3";
const ACTIONS = Object.keys(SNIPPETS) as SnippetAction[];

describe("snippets", () => {
  let server: TestServer;
  let runner: SnippetRunner;
  let scenarios: Scenarios;
  let noKfp: string | null = null;

  beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
  beforeAll(async () => {
    if (!isBuilt) return;
    server = await startServer({ env: { PENSTOCK_LOG: "warn", PENSTOCK_SLOTS: "16" } });
    const environment = await pythonEnv([KFP]);
    noKfp = environment.reason;
    runner = snippetRunner(server, environment.python);
    scenarios = snippetScenarios(apiOf(server), runner.folder);
  }, 300_000);
  afterAll(async () => {
    runner?.close();
    await server?.remove();
  });

  /** Makes a fresh situation, pastes the text in one language, and looks; the reason when there is no text. */
  async function paste(action: SnippetAction, language: keyof Snippets): Promise<string | null> {
    const { values, check } = await scenarios[action]();
    // The table's types tie values to actions one by one; a loop over all of them loses that.
    const snippets = SNIPPETS[action] as (origin: string, values: unknown) => Snippets;
    const snippet = snippets(server.url, values)[language];
    if ("reason" in snippet) return snippet.reason;
    expect(snippet.text).not.toContain(server.token);
    if (language === "python") await runner.python(snippet.text);
    else await runner.shell(snippet.text, { VALUE: "it's a 'secret' $HOME" });
    await check();
    expect(existsSync(join(runner.folder, "pwned")), "something of a value was executed").toBe(false);
    return null;
  }

  test.each(ACTIONS)("%s as curl", async (action) => {
    expect(await paste(action, "curl")).toBeNull();
  });

  test.each(ACTIONS)("%s as a command", { timeout: 30_000 }, async (action) => {
    const reason = await paste(action, "command");
    if (reason !== null) expect(reason).toMatch(/^\S.* .*\.$/);
  });

  for (const action of ACTIONS) {
    test(`${action} as Python`, { timeout: 30_000 }, async ({ skip }) => {
      skip(noKfp !== null, `no kfp to paste it into: ${noKfp}`);
      const reason = await paste(action, "python");
      if (reason !== null) expect(reason).toMatch(/^\S.* .*\.$/);
    });
  }
});
