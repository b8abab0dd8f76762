/** Artifacts, versions and surroundings of compared runs as rows. */
import { formatBytes } from "@/components/ui/format-time";
import { mappedImage } from "@/server/domain/profile";
import type { ArtifactCell, ComparedRun, ComparisonView } from "@/server/domain/views/compare";
import type { SectionName } from "../compare-url";
import { areEqual, type Cell, type Row, stepWords } from "./row";

const shortDigest = (digest: string): string => digest.replace(/^sha256:/, "").slice(0, 12);

/** Of several under one name nobody can say that they are equal without reading them all. */
const artifactIdentity = (cell: ArtifactCell | null, at: number): string =>
  cell === null ? "" : cell.count === 1 && cell.digest !== null ? cell.digest : `unknown ${at}`;

function artifactWords(cell: ArtifactCell): string {
  if (cell.count > 1) return `${cell.count} artifacts`;
  const size = cell.size === null ? "" : formatBytes(cell.size);
  return [cell.digest === null ? "" : shortDigest(cell.digest), size].filter(Boolean).join(" · ") || "there";
}

/** Artifacts by step and name, told apart by their digests. */
export function artifactRows({ runs, artifacts }: ComparisonView): Row[] {
  return artifacts.map(({ step, name, cells }) => ({
    key: `artifacts ${step ?? ""} ${name}`,
    section: "artifacts",
    name,
    note: step === null ? null : stepWords(step),
    isEqual: areEqual(cells.map(artifactIdentity)),
    cells: runs.map((run, at): Cell | null => {
      const cell = cells[at];
      if (!cell) return null;
      return {
        text: artifactWords(cell),
        title: [cell.type, cell.digest].filter(Boolean).join("\n"),
        href: `/runs/${run.id}?task=${cell.task}&tab=values`,
        isCode: true,
      };
    }),
  }));
}

interface Fact {
  readonly name: string;
  readonly note?: string;
  /** Undefined: the run has none. */
  readonly of: (run: ComparedRun) => string | undefined;
  readonly href?: (run: ComparedRun) => string;
  readonly isCode?: boolean;
}

function factRow(section: SectionName, runs: readonly ComparedRun[], fact: Fact): Row {
  const values = runs.map(fact.of);
  return {
    key: `${section} ${fact.name} ${fact.note ?? ""}`,
    section,
    name: fact.name,
    note: fact.note ?? null,
    isEqual: areEqual(values),
    cells: runs.map((run, at): Cell | null => {
      const text = values[at];
      if (text === undefined) return null;
      const href = fact.href?.(run) ?? `/runs/${run.id}?view=details`;
      return { text, title: text, href, ...(fact.isCode && { isCode: true }) };
    }),
  };
}

const versionHref = (run: ComparedRun): string =>
  run.pipeline === null ? `/runs/${run.id}` : `/pipelines/${run.pipeline.id}/versions/${run.version.number}`;

const VERSION_FACTS: readonly Fact[] = [
  { name: "Pipeline", of: (run) => run.pipeline?.name ?? run.pipelineName, href: versionHref },
  { name: "Version", of: (run) => `v${run.version.number}`, href: versionHref },
  { name: "Digest", of: (run) => shortDigest(run.versionDigest), href: versionHref, isCode: true },
];

/** Which version of which pipeline each run executed. */
export const versionRows = ({ runs }: ComparisonView): Row[] =>
  VERSION_FACTS.map((fact) => factRow("versions", runs, fact));

const EXTENT = { all: "all steps", "up-to": "up to", from: "from" } as const;

function extentWords({ extent }: ComparedRun): string {
  return extent.kind === "all" ? EXTENT.all : `${EXTENT[extent.kind]} ${stepWords(extent.step)}`;
}

const SURROUNDINGS: readonly Fact[] = [
  { name: "Experiment", of: (run) => run.experiment.name, href: (run) => `/experiments/${run.experiment.id}` },
  { name: "Profile", of: (run) => run.profile, href: (run) => `/settings/profiles/${run.profile}` },
  { name: "Executor", of: (run) => run.profileSettings?.executor },
  { name: "Interpreter", of: (run) => run.profileSettings?.python ?? "the server's", isCode: true },
  {
    name: "Working directory",
    of: (run) => run.profileSettings?.workingDirectory ?? "the attempt's own",
    isCode: true,
  },
  { name: "Files between steps", of: (run) => run.fileMode },
  { name: "Results", of: (run) => (run.cache === "use" ? "reused where nothing changed" : "not reused") },
  { name: "Extent", of: extentWords },
  { name: "Origin", of: (run) => run.origin },
];

/** Where and how each run ran: its profile as it stood then, and the image of every step that names one. */
export function environmentRows({ runs, images }: ComparisonView): Row[] {
  const variables = [...new Set(runs.flatMap((run) => Object.keys(run.profileSettings?.environment ?? {})))];
  const steps = [...new Set(runs.flatMap((run) => Object.keys(images[run.version.id] ?? {})))];
  const facts: Fact[] = [
    ...SURROUNDINGS,
    ...variables.map((name) => ({
      name,
      note: "variable",
      of: (run: ComparedRun) => run.profileSettings?.environment[name],
      isCode: true,
    })),
    ...steps.map((step) => ({
      name: stepWords(step),
      note: "image",
      of: (run: ComparedRun) => {
        const image = images[run.version.id]?.[step];
        return image === undefined ? undefined : run.profileSettings ? mappedImage(image, run.profileSettings) : image;
      },
      href: (run: ComparedRun) => `/runs/${run.id}?step=${encodeURIComponent(step)}&tab=configuration`,
      isCode: true,
    })),
  ];
  return facts.map((fact) => factRow("environment", runs, fact));
}
