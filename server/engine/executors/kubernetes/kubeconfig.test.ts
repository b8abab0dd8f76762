/** Which cluster is found, from kubeconfigs as they are written and from the pod that Penstock may run in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stringify } from "yaml";
import { credentialsOf } from "./credentials";
import { type Around, clusterAccess } from "./kubeconfig";

let home: string;
let around: Around;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "penstock-kubeconfig-"));
  around = { env: {}, home, serviceAccount: join(home, "sa") };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const NOBODY = { kubeconfig: null, context: null, namespace: null };

function config(name: string, changes: object = {}, user: object = { token: "t" }, cluster: object = {}): string {
  const path = join(home, name);
  mkdirSync(join(path, ".."), { recursive: true });
  const written = {
    "current-context": "main",
    contexts: [{ name: "main", context: { cluster: "c", user: "u", namespace: "lab" } }],
    clusters: [{ name: "c", cluster: { server: "https://one:6443/", ...cluster } }],
    users: [{ name: "u", user }],
    ...changes,
  };
  writeFileSync(path, stringify(written));
  return path;
}

it("the usual file is found, and one that is named comes before it", () => {
  config(".kube/config");
  expect(clusterAccess(NOBODY, around)).toMatchObject({ server: "https://one:6443", namespace: "lab", token: "t" });
  const other = config("other", {}, { token: "o" });
  expect(clusterAccess({ ...NOBODY, kubeconfig: other, namespace: "mine" }, around)).toMatchObject({
    token: "o",
    namespace: "mine",
  });
});

it("several files are one, in which the first to name a thing wins", () => {
  const first = config("a", { contexts: [], clusters: [] }, { token: "first" });
  const second = config("b", { "current-context": "none" }, { token: "second" });
  const env = { KUBECONFIG: `${first}:${join(home, "missing")}:${second}` };
  expect(clusterAccess(NOBODY, { ...around, env })).toMatchObject({ token: "first", namespace: "lab" });
});

it("certificates stand in the file or beside it", () => {
  writeFileSync(join(home, "ca.pem"), "CA");
  const data = {
    "client-certificate-data": Buffer.from("CERT").toString("base64"),
    "client-key-data": Buffer.from("KEY").toString("base64"),
  };
  const path = config("c", {}, data, { "certificate-authority": "ca.pem", "tls-server-name": "name" });
  expect(clusterAccess({ ...NOBODY, kubeconfig: path }, around)).toMatchObject({
    ca: "CA",
    certificate: { cert: "CERT", key: "KEY" },
    serverName: "name",
  });
});

it("a pod knows its own cluster, and reads its token anew each time", async () => {
  mkdirSync(around.serviceAccount);
  for (const [name, text] of [
    ["token", "one\n"],
    ["namespace", "inside"],
    ["ca.crt", "CA"],
  ] as const) {
    writeFileSync(join(around.serviceAccount, name), text);
  }
  const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
  const access = clusterAccess(NOBODY, { ...around, env });
  expect(access).toMatchObject({ server: "https://10.0.0.1:443", namespace: "inside", ca: "CA" });
  const credentials = credentialsOf(access);
  expect((await credentials.current()).authorization).toBe("Bearer one");
  writeFileSync(join(around.serviceAccount, "token"), "two");
  expect((await credentials.current()).authorization).toBe("Bearer two");
});

it.each<[string, () => string | null, RegExp]>([
  ["there is none", () => null, /there is no kubeconfig .* runs in no pod/],
  ["the file is not there", () => "/no/such", /\/no\/such cannot be read/],
  ["the file is something else", () => config("x", { clusters: "no" }), /is no kubeconfig: .*clusters/s],
  ["no context is chosen", () => config("x", { "current-context": "" }), /no current context; it has main/],
  ["its context is not there", () => config("x", { "current-context": "gone" }), /no context "gone"; it has main/],
  ["its cluster is not there", () => config("x", { clusters: [] }), /names the cluster "c", which is not there/],
  ["its sign-in is one of old", () => config("x", {}, { "auth-provider": { name: "gcp" } }), /auth-provider "gcp"/],
])("where %s, that is said", (_, path, words) => {
  expect(() => clusterAccess({ ...NOBODY, kubeconfig: path() }, around)).toThrow(words);
});

it("a program that hands out tokens is asked again when they have expired, and told of where it fails", async () => {
  const counter = join(home, "count");
  const script = `echo x >>${counter}; printf '{"status":{"token":"%s","expirationTimestamp":"2026-01-01T01:00:00Z"}}' "$(wc -l <${counter})"`;
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script] };
  let now = Date.UTC(2026, 0, 1);
  const path = config("e", {}, { exec });
  const credentials = credentialsOf(clusterAccess({ ...NOBODY, kubeconfig: path }, around), () => now);
  const token = async () => (await credentials.current()).authorization?.trim();
  expect([await token(), await token()]).toEqual(["Bearer 1", "Bearer 1"]);
  now += 3_600_000;
  expect(await token()).toBe("Bearer 2");
  const broken = config("b", {}, { exec: { ...exec, args: ["-c", "exit 4"], installHint: "Install it." } });
  const failing = credentialsOf(clusterAccess({ ...NOBODY, kubeconfig: broken }, around));
  await expect(failing.current()).rejects.toThrow(
    /sh, which the kubeconfig asks for credentials, failed: .*Install it/s,
  );
});
