/** What can be done to runs from lists and pages: archive and restore with undo, terminate, delete with undo. */
"use client";

import { useEachAction, type VerbWords } from "@/components/actions/use-each-action";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callRuns, type RunVerb } from "./call-runs";

const WORDS: { readonly [verb in RunVerb]: VerbWords<RunVerb> } = {
  archive: { done: "archived", undo: "restore" },
  restore: { done: "restored", undo: "archive" },
  terminate: { done: "will be terminated" },
  "stop hard": { done: "will be stopped hard" },
  retry: { done: "will run again" },
  delete: { done: "deleted", undo: "restore" },
  "move to front": { done: "moved to the front" },
};

export function useRunActions() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useEachAction<RunVerb>({
    noun: "run",
    words: WORDS,
    call: (verb, targets, onReached) => callRuns(client, verb, targets, onReached),
    touches: [trpc.runs, trpc.experiments].map((each) => each.pathFilter()),
  });
}
