/** A strict reader of Prometheus' text format for tests: refuses what `promtool check metrics` would. */

export interface Exposition {
  /** Value by name and labels, `name{a="b"}` with labels in order of their names. */
  readonly samples: ReadonlyMap<string, number>;
  value(name: string, labels: { readonly [label: string]: string }): number | undefined;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (nan|[+-]?inf|[-+0-9.e]+)$/i;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

function labelsOf(text: string): [string, string][] {
  const labels: [string, string][] = [];
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`no labels: ${text}`);
    labels.push([match[1] ?? "", match[2] ?? ""]);
  }
  return labels.sort(([a], [b]) => (a < b ? -1 : 1));
}

const keyOf = (name: string, labels: readonly (readonly [string, string])[]): string =>
  `${name}{${labels.map(([label, value]) => `${label}="${value}"`).join(",")}}`;

/** Name of the metric that a sample belongs to. */
const family = (name: string, types: ReadonlyMap<string, string>): string =>
  types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, "");

function checkHistograms(types: ReadonlyMap<string, string>, samples: ReadonlyMap<string, number>): void {
  for (const [name] of [...types].filter(([, type]) => type === "histogram")) {
    const series = new Map<string, { bound: number; count: number }[]>();
    for (const [key, count] of samples) {
      if (!key.startsWith(`${name}_bucket{`)) continue;
      const labels = labelsOf(key.slice(key.indexOf("{") + 1, -1));
      const le = labels.find(([label]) => label === "le")?.[1] ?? "none";
      const rest = keyOf(
        `${name}_count`,
        labels.filter(([label]) => label !== "le"),
      );
      series.set(rest, [...(series.get(rest) ?? []), { bound: le === "+Inf" ? Infinity : Number(le), count }]);
    }
    for (const [rest, buckets] of series) {
      const sorted = [...buckets].sort((a, b) => a.bound - b.bound);
      if (sorted.some(({ count }, at) => count < (sorted[at - 1]?.count ?? 0))) throw new Error(`${rest} falls`);
      if (sorted.at(-1)?.bound !== Infinity || sorted.at(-1)?.count !== samples.get(rest)) {
        throw new Error(`${rest} is not its last bucket`);
      }
    }
  }
}

/** Reads the text; throws at the first thing that a scraper would refuse. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  for (const line of text.split("\n").filter(Boolean)) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, what, name = "", rest = ""] = comment;
      if (what !== "TYPE") continue;
      if (types.has(name)) throw new Error(`${name} has two types`);
      if (rest === "counter" && !name.endsWith("_total")) throw new Error(`the counter ${name} does not end in _total`);
      types.set(name, rest);
      continue;
    }
    const match = SAMPLE.exec(line);
    if (match === null) throw new Error(`no sample: ${line}`);
    const [, name = "", labels = "", value = ""] = match;
    if (!types.has(family(name, types))) throw new Error(`${name} comes before its type`);
    const key = keyOf(name, labelsOf(labels));
    if (samples.has(key)) throw new Error(`${key} comes twice`);
    samples.set(key, Number(value.replace(/inf/i, "Infinity").replace(/nan/i, "NaN")));
  }
  checkHistograms(types, samples);
  return {
    samples,
    value: (name, labels) =>
      samples.get(
        keyOf(
          name,
          Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      ),
  };
}
