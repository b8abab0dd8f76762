/** `penstock pipelines diff`: two versions of a pipeline, step by step and line by line. */
import { createTwoFilesPatch } from "diff";
import type { GraphDiff, NamedStep } from "@/server/domain/views/compare";
import { EXIT, refused } from "./exit";
import { idOf } from "./references";
import type { Session } from "./session";
import { versionShape } from "./shapes";
import { versionOf } from "./versions";

const stepText = ({ name, path }: NamedStep): string => (name === path ? name : `${name} (${path})`);

function stepLines({ added, removed, changed, equal }: GraphDiff): readonly string[] {
  return [
    ...added.map((step) => `+ ${stepText(step)}`),
    ...removed.map((step) => `- ${stepText(step)}`),
    ...changed.map((step) => `~ ${stepText(step)}: ${step.parts.join(", ")}`),
    equal === 1 ? "1 step is the same." : `${equal} steps are the same.`,
  ];
}

/** Without numbers the newest version is held against the one before it. */
export async function diffVersions(
  { output, connect }: Session,
  given: string,
  from: string | undefined,
  to: string | undefined,
): Promise<number> {
  const connection = connect();
  const { api } = connection;
  const id = await idOf(connection, "pipeline", given);
  const after = await versionOf(connection, id, to);
  if (from === undefined && after.number === 1) throw refused("There is no version before the first. Name another.");
  const before = await versionOf(connection, id, from ?? String(after.number - 1));
  const graph = await api.compare.versions.query({ from: before.id, to: after.id });
  const [old, fresh] = await Promise.all(
    [before, after].map(({ id: versionId }) => api.pipelines.specText.query({ versionId })),
  );
  const patch = createTwoFilesPatch(
    `version ${before.number}/${old?.file ?? ""}`,
    `version ${after.number}/${fresh?.file ?? ""}`,
    old?.text ?? "",
    fresh?.text ?? "",
    undefined,
    undefined,
    { context: 3 },
  );
  const isSame = old?.text === fresh?.text;
  const shape = { from: versionShape(before), to: versionShape(after), steps: graph, patch: isSame ? "" : patch };
  const words = [
    `Version ${before.number} to ${after.number}`,
    ...stepLines(graph),
    isSame ? "The texts are the same." : patch,
  ];
  output.print(shape, words.join("\n").replace(/\n$/, ""));
  return EXIT.ok;
}
