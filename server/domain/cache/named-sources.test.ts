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

test("what is mounted by name counts by the versions of its values, also where its name is an input", () => {
  const reference = { componentInputParameter: "which" };
  const step = (platform: object) => aStep("a", { platform: platform as never });
  const versionOf = (platform: object, inputs = {}) => namedSources(step(platform), inputs, versions)[0]?.version;
  const written = versionOf({ secretAsVolume: [{ secretName: "db", mountPath: "/s" }] });
  expect(written).toContain("v7");
  const given = { secretAsVolume: [{ secretNameParameter: reference, mountPath: "/s" }] };
  expect(versionOf(given, { "platform:secretAsVolume.0": "db" })).toBe(written);
  expect(versionOf(given, { "platform:secretAsVolume.0": "other" })).not.toBe(written);
  const claim = { pvcMount: [{ pvcNameParameter: reference, mountPath: "/d" }] };
  expect(versionOf(claim, { "platform:pvcMount.0": "one" })).not.toBe(
    versionOf(claim, { "platform:pvcMount.0": "two" }),
  );
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
