/** The exact command of an attempt, ready for a terminal. */
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { stepCommand, toBeSet } from "@/server/domain/snippets/step-command";
import type { AttemptView, CommandView } from "@/server/domain/views/attempts";
import { PanelBody } from "./facts";

export function Code({ attempt }: { readonly attempt: AttemptView | null }) {
  if (attempt?.command == null) {
    return <EmptyState title="No command yet">The exact command is known once an attempt has been started.</EmptyState>;
  }
  return (
    <PanelBody>
      <p className="mb-2 text-sm text-dim">
        What attempt {attempt.number} ran{WHERE[placeOf(attempt.command)]} {secretWords(attempt.command)}
      </p>
      <CodeBlock text={stepCommand(attempt.command)} label="the command" />
    </PanelBody>
  );
}

type Place = "process" | "container" | "pod";

const placeOf = ({ container }: CommandView): Place => {
  if (container === null) return "process";
  return container.isPod ? "pod" : "container";
};

const WHERE: { readonly [place in Place]: string } = {
  process: ". Pasted into a terminal on the same machine it does the same.",
  container:
    ", with its container. Pasted into a terminal on the same machine it does the same in a container like it.",
  pod: " in its pod, as a container. Pasted into a terminal on this machine it does the same in the same image.",
};

function secretWords(command: CommandView): string {
  const names = toBeSet(command);
  return names.length === 0 ? "" : `Not part of it, and to be set first: ${names.join(", ")}.`;
}
