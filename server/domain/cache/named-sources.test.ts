import { expect, test } from "vitest";
import { aFileBody, aStep } from "../planning/testing/graphs";
import { namedSources } from "./named-sources";

const versions = (name: string) => (name === "db" ? { password: "v7" } : null);

test("a secret of the platform document counts by the version of its value, also where its name is an input", () => {
  const keyToEnv = [{ secretKey: "password", envVar: "PASSWORD" }];
  const written = aStep("a", { platform: { secretAsEnv: [{ secretName: "db", keyToEnv }] } });
  expect(namedSources(written, {}, versions)).toEqual([{ part: "environment PASSWORD", name: "db", version: "v7" }]);

  const secretNameParameter = { componentInputParameter: "which" };
  const given = aStep("a", { platform: { secretAsEnv: [{ secretNameParameter, keyToEnv }] } });
  expect(namedSources(given, { "platform:secretAsEnv.0": "db" }, versions)).toEqual([
    { part: "environment PASSWORD", name: "db", version: "v7" },
  ]);
  expect(namedSources(given, { "platform:secretAsEnv.0": "other" }, versions)).toEqual([
    { part: "environment PASSWORD", name: "other", version: null },
  ]);
});

test("mounts count by what the document says of them, labels do not", () => {
  const step = aStep("a", { platform: { pvcMount: [{ mountPath: "/d" }], podMetadata: { labels: { a: "b" } } } });
  expect(namedSources(step, {}, versions).map(({ part }) => part)).toEqual(["mounts"]);
});

test("a file step counts its secrets by version and its volumes by name", () => {
  const step = aStep("a", {
    kind: "python",
    body: aFileBody({
      secrets: [{ env: "PASSWORD", secret: "db", key: "password" }],
      volumes: [{ path: "/data", claim: "shared", subPath: "x" }],
    }),
  });
  expect(namedSources(step, {}, versions)).toEqual([
    { part: "environment PASSWORD", name: "db", version: "v7" },
    { part: "mount /data", name: "shared/x", version: null },
  ]);
});
