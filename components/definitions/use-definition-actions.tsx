/** What is done to pipelines, versions and experiments from lists, pages and the trash. */
"use client";

import { oneByOne } from "@/components/actions/outcome";
import { useEachAction, type VerbWords } from "@/components/actions/use-each-action";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import type { DefinitionKind } from "@/server/domain/retention";

export type DefinitionVerb = "archive" | "restore" | "delete";

type Call = (client: ReturnType<typeof useTRPCClient>, id: string) => Promise<unknown>;

/** What each kind takes; `restore` undoes a deletion, else takes out of the archive. */
const CALLS: { readonly [kind in DefinitionKind]: { readonly [verb in DefinitionVerb]?: Call } } = {
  pipeline: {
    delete: ({ pipelines }, id) => pipelines.delete.mutate({ id }),
    restore: ({ pipelines }, id) => pipelines.restore.mutate({ id }),
  },
  version: {
    delete: ({ pipelines }, versionId) => pipelines.deleteVersion.mutate({ versionId }),
    restore: ({ pipelines }, versionId) => pipelines.restoreVersion.mutate({ versionId }),
  },
  experiment: {
    archive: ({ experiments }, id) => experiments.archive.mutate({ id }),
    delete: ({ experiments }, id) => experiments.delete.mutate({ id }),
    restore: ({ experiments }, id) => experiments.restore.mutate({ id }),
  },
};

const WORDS: { readonly [verb in DefinitionVerb]: VerbWords<DefinitionVerb> } = {
  archive: { done: "archived", more: "With its runs; its recurring runs are disabled.", undo: "restore" },
  restore: { done: "restored" },
  delete: { done: "deleted", more: "Its runs are kept.", undo: "restore" },
};

export function useDefinitionActions(kind: DefinitionKind) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useEachAction<DefinitionVerb>({
    noun: kind,
    words: WORDS,
    call: (verb, targets, onReached) =>
      oneByOne(
        targets,
        (id) => (CALLS[kind][verb] ?? (() => Promise.resolve()))(client, id),
        (error) => callProblem(error).message,
        onReached,
      ),
    touches: [trpc.pipelines, trpc.experiments, trpc.runs, trpc.retention].map((each) => each.pathFilter()),
  });
}
