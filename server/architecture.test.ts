/** Checks the direction of imports over the whole program, with the rules of `.dependency-cruiser.cjs`. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type IForbiddenRuleType } from "dependency-cruiser";
import { expect, test } from "vitest";
import { programRoot } from "./platform/root";

/** The whole program is read twice; how long that takes on a busy machine says nothing about the imports. */
const WHOLE_PROGRAM = { timeout: 180_000 };

const FOLDERS = ["app", "components", "server", "db", "pipelines", "e2e", "bench"];

interface Specifier {
  readonly isTypeOnly?: boolean;
}
interface Statement {
  readonly type: string;
  readonly typeOnly?: boolean;
  readonly specifiers?: readonly Specifier[];
}
interface Parser {
  parseFileSync(file: string, options: object): { body: readonly Statement[] };
}

const require = createRequire(import.meta.url);
const rules: { atRunTime: IForbiddenRuleType[]; withTypes: IForbiddenRuleType[] } = require(
  `${programRoot()}/.dependency-cruiser.cjs`,
);

const isErased = ({ type, typeOnly, specifiers = [] }: Statement): boolean =>
  /^(Import|Export)/.test(type) &&
  (typeOnly === true || (specifiers.length > 0 && specifiers.every(({ isTypeOnly }) => isTypeOnly === true)));

/**
 * dependency-cruiser reads TypeScript through this parser, without JSX and without telling types apart. It looks the
 * function up anew for each file, so both are mended here.
 */
function parseWith(options: { readonly dropsTypes: boolean }): () => void {
  const parser: Parser = require("@swc/core");
  const parseFileSync = parser.parseFileSync;
  parser.parseFileSync = (file, given) => {
    const tree = parseFileSync(file, { ...given, tsx: file.endsWith(".tsx") });
    return options.dropsTypes ? { ...tree, body: tree.body.filter((statement) => !isErased(statement)) } : tree;
  };
  return () => {
    parser.parseFileSync = parseFileSync;
  };
}

async function violations(forbidden: IForbiddenRuleType[], dropsTypes: boolean, root: string): Promise<string[]> {
  const restore = parseWith({ dropsTypes });
  try {
    const { output } = await cruise(
      FOLDERS.filter((folder) => existsSync(join(root, folder))),
      {
        baseDir: root,
        parser: "swc",
        ruleSet: { forbidden },
        validate: true,
        doNotFollow: { path: "node_modules" },
        exclude: { path: "\\.mjs$" },
      },
      {
        alias: { "@": root },
        extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
        conditionNames: ["import", "require", "node", "default", "types"],
        exportsFields: ["exports"],
      },
    );
    if (typeof output === "string") throw new Error(output);
    expect(output.summary.totalCruised).toBeGreaterThan(1);
    return output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  } finally {
    restore();
  }
}

test(
  "imports point downwards, nothing is circular, SQL stays in db, the engine is nobody's library",
  WHOLE_PROGRAM,
  async () => {
    expect(await violations(rules.atRunTime, true, programRoot())).toEqual([]);
  },
);

test(
  "types are imported from below as well; those of the API are known to the pages and the command",
  WHOLE_PROGRAM,
  async () => {
    expect(await violations(rules.withTypes, false, programRoot())).toEqual([]);
  },
);

test("each rule catches what it is for", WHOLE_PROGRAM, async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "penstock-imports-")));
  const files = {
    "pipelines/up.ts": 'import { a } from "@/server/domain/a";\nexport const up = a;',
    "server/domain/a.ts": 'import { b } from "./b";\nexport const a = b;',
    "server/domain/b.ts": 'import { a } from "./a";\nexport const b = a;',
    "server/domain/c.ts": 'import type { D } from "./d";\nexport type C = D;',
    "server/domain/d.ts": 'import type { C } from "./c";\nexport type D = C;',
    "server/services/sql.ts": 'import "drizzle-orm";\nimport "@/server/engine/main";\nimport "@/nowhere";',
    "server/engine/main.ts": 'import "./executors/one/x";',
    "server/engine/executors/one/x.ts": 'import "../two/y";',
    "server/engine/executors/two/y.ts": "export {};",
    "server/api/root.ts": "export type Router = 1;\nexport const router = 1;",
    "components/allowed.tsx":
      'import type { Router } from "@/server/api/root";\nexport const A = () => <p>{String({} as Router)}</p>;',
    "components/value.tsx": 'import { router } from "@/server/api/root";\nexport const B = () => <p>{router}</p>;',
    "components/typed.ts": 'import type { S } from "@/server/services/sql";\nexport type T = S;',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  symlinkSync(join(programRoot(), "node_modules"), join(root, "node_modules"));
  const found = [
    ...(await violations(rules.atRunTime, true, root)),
    ...(await violations(rules.withTypes, false, root)),
  ];
  rmSync(root, { recursive: true });
  expect([...new Set(found)].sort()).toEqual([
    "components imports only what is below: components/typed.ts → server/services/sql.ts",
    "components imports only what is below: components/value.tsx → server/api/root.ts",
    "every import leads somewhere: server/services/sql.ts → @/nowhere",
    "executors stand alone: server/engine/executors/one/x.ts → server/engine/executors/two/y.ts",
    "no cycles: server/domain/a.ts → server/domain/b.ts",
    "no cycles: server/domain/c.ts → server/domain/d.ts",
    expect.stringMatching(/^only db knows SQL: server\/services\/sql.ts → .*drizzle-orm/),
    "pipelines imports only what is below: pipelines/up.ts → server/domain/a.ts",
    "services imports only what is below: server/services/sql.ts → server/engine/main.ts",
    "the engine is nobody's library: server/services/sql.ts → server/engine/main.ts",
  ]);
});
