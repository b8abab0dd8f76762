/** The direction of imports: a layer imports only what stands below it. There is no list of exceptions, on purpose. */

/** What each room may import besides itself; paths from the root. */
const BELOW = {
  pipelines: [],
  "server/domain": ["pipelines"],
  "server/platform": ["pipelines"],
  db: ["server/domain", "server/platform", "pipelines"],
  "server/auth": ["db", "server/domain", "server/platform"],
  "server/services": ["db", "server/domain", "server/platform", "pipelines"],
  "server/engine": ["server/services", "db", "server/domain", "server/platform", "pipelines"],
  "server/api": ["server/services", "server/auth", "server/domain", "server/platform", "pipelines"],
  "server/rest": ["server/services", "server/auth", "server/domain", "server/platform", "pipelines"],
  "server/http": ["server/services", "server/auth", "server/domain", "server/platform", "pipelines"],
  "server/reference": ["server/rest", "server/http", "server/services", "server/domain", "pipelines"],
  "server/web": [
    "server/api",
    "server/rest",
    "server/http",
    "server/services",
    "server/auth",
    "server/domain",
    "server/platform",
    "db",
  ],
  "server/supervisor": ["server/platform", "db"],
  "server/cli": ["server/supervisor", "db", "server/domain", "server/platform", "pipelines"],
  components: ["server/domain", "pipelines"],
  app: ["components", "server/reference", "server/domain", "pipelines"],
};

/** Rooms that talk to the API and so know its types. */
const KNOW_API_TYPES = ["components", "server/cli"];

const OURS = "^(app|components|server|db|pipelines|e2e|bench)/";
const TESTS = "\\.(test|contract|e2e)\\.tsx?$|/testing\\.ts$|/testing/";
const asPattern = (rooms) => rooms.map((room) => `^${room}/`).join("|");

const direction = (room, below) => ({
  name: `${room.replace("server/", "")} imports only what is below`,
  comment: `${room} may import ${below.length > 0 ? below.join(", ") : "nothing of ours"}: move the code down, or pass it in.`,
  severity: "error",
  from: { path: `^${room}/`, pathNot: TESTS },
  to: { path: OURS, pathNot: asPattern([room, ...below]) },
});

const NO_CYCLES = {
  name: "no cycles",
  comment: "Two files that need each other are one file, or need a third.",
  severity: "error",
  from: {},
  to: { circular: true },
};

/** Rules for what is imported at run time. */
const atRunTime = [
  ...Object.entries(BELOW).map(([room, below]) => direction(room, below)),
  NO_CYCLES,
  {
    name: "only db knows SQL",
    comment: "Write a query in db/queries and call that.",
    severity: "error",
    from: { path: OURS, pathNot: `^db/|${TESTS}` },
    to: { path: "node_modules/(drizzle-orm|better-sqlite3(-napi)?)/" },
  },
  {
    name: "the engine is nobody's library",
    comment: "The engine is its own process; speak to it through rows.",
    severity: "error",
    from: { path: "^(app|components|server|db|pipelines)/", pathNot: `^server/engine/|${TESTS}` },
    to: { path: "^server/engine/" },
  },
  {
    name: "executors stand alone",
    comment: "What executors share stands beside them in executors/ itself.",
    severity: "error",
    from: { path: "^server/engine/executors/([^/]+)/" },
    to: { path: "^server/engine/executors/([^/]+)/", pathNot: "^server/engine/executors/$1/" },
  },
  {
    name: "every import leads somewhere",
    comment: "The file or package is not there.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true, pathNot: "\\.css$|^@fontsource" },
  },
];

/** Rules for imports of types as well: the same, but that types of the API may be known to those who talk to it. */
const withTypes = [
  ...Object.entries(BELOW).map(([room, below]) =>
    direction(room, KNOW_API_TYPES.includes(room) ? [...below, "server/api"] : below),
  ),
  NO_CYCLES,
];

module.exports = { atRunTime, withTypes };
