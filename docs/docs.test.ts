/** The documents against the tree: what they cite is there, decisions are numbered once, and every command is told. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";

const root = programRoot();
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const decisions = readdirSync(join(root, "docs/decisions")).sort();
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/kubeflow-interface.md",
  "docs/daylight-saving.md",
  ...decisions.map((name) => `docs/decisions/${name}`),
];
const ROOMS = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

test("decisions are numbered without gaps or doubles, in name and title, and the architecture lists them all", () => {
  const list = read("docs/architecture.md");
  for (const [at, name] of decisions.entries()) {
    const number = at + 1;
    expect(name).toMatch(new RegExp(`^${String(number).padStart(4, "0")}-`));
    const title = read(`docs/decisions/${name}`).split("\n", 1)[0]?.replace(`# ${number}. `, "");
    expect(list).toContain(`${number}. [${title}](decisions/${name})`);
  }
});

test.each(DOCUMENTS)("whatever %s links to or cites by its path is there", (document) => {
  const text = read(document);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map((match) =>
    join(dirname(document), match[1] ?? ""),
  );
  const cited = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)]
    .map((match) => match[1] ?? "")
    .filter((path) => ROOMS.includes(path.split("/")[0] ?? "") && !path.startsWith("bench/results"));
  expect([...links, ...cited].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("every script is told where one looks", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: { [name: string]: string } };
  const text = read("README.md") + read("CONTRIBUTING.md");
  expect(Object.keys(scripts).filter((name) => !text.includes(`\`${name}\``) && !text.includes(`npm ${name}`))).toEqual(
    [],
  );
});
