/** The exact command of an attempt, ready for a terminal. */
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import type { AttemptView } from "@/server/domain/views";
import { shellCommand } from "../shell-command";
import { PanelBody } from "./facts";

export function Code({ attempt }: { readonly attempt: AttemptView | null }) {
  if (attempt?.command == null) {
    return <EmptyState title="No command yet">The exact command is known once an attempt has been started.</EmptyState>;
  }
  return (
    <PanelBody>
      <p className="mb-2 text-sm text-dim">
        What attempt {attempt.number} ran. Pasted into a terminal on the same machine it does the same; secrets are not
        part of it and have to be set first.
      </p>
      <CodeBlock text={shellCommand(attempt.command)} label="the command" />
    </PanelBody>
  );
}
