/** The names under which the languages of a snippet are shown. */
import type { LabelledSnippet } from "@/components/ui/snippet-tabs";
import type { Snippets } from "@/server/domain/snippets";

/** The three of an action in the order in which they are shown. */
export const labelled = ({ curl, python, command }: Snippets): readonly LabelledSnippet[] => [
  { label: "curl", ...curl },
  { label: "Python", ...python },
  { label: "penstock", ...command },
];
