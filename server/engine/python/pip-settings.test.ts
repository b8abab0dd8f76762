/** What pip says of its configuration, and the same said to uv. */
import { describe, expect, it } from "vitest";
import { buildEnvironment, parsePipConfig } from "./pip-settings";

const LISTED = [
  ":env:.find-links='/opt/wheels'",
  "global.index-url='https://one.invalid/simple'",
  "global.extra-index-url='\\nhttps://two.invalid/simple\\nhttps://three.invalid/simple'",
  "install.index-url='https://install.invalid/simple'",
  "download.index-url='https://download.invalid/simple'",
  "no option at all",
].join("\n");

describe("pip's configuration", () => {
  it("is read with the section of installations over the global one", () => {
    expect(Object.fromEntries(parsePipConfig(LISTED))).toEqual({
      "index-url": "https://install.invalid/simple",
      "extra-index-url": "https://two.invalid/simple https://three.invalid/simple",
      "find-links": "/opt/wheels",
    });
  });

  it("is told to uv, and an index of Penstock's own wins over it", () => {
    const base = { PATH: "/bin", PENSTOCK_TOKEN: "t", PYTHONPATH: "/x" } as unknown as NodeJS.ProcessEnv;
    expect(buildEnvironment(base, parsePipConfig(LISTED), null, "/cache")).toMatchObject({
      PATH: "/bin",
      UV_INDEX_URL: "https://install.invalid/simple",
      UV_FIND_LINKS: "/opt/wheels",
    });
    const names = Object.keys(buildEnvironment(base, new Map(), null, "/cache"));
    expect(names).not.toEqual(expect.arrayContaining(["PENSTOCK_TOKEN"]));
    expect(names).not.toEqual(expect.arrayContaining(["PYTHONPATH"]));
    expect(buildEnvironment(base, parsePipConfig(LISTED), "https://own.invalid", "/cache")).toMatchObject({
      PIP_INDEX_URL: "https://own.invalid",
      UV_INDEX_URL: "https://own.invalid",
    });
  });
});
