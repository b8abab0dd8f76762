/** A new token in the lines that use it, ready to paste. */
import type { LabelledSnippet } from "@/components/ui/snippet-tabs";

/** `origin` is the address of this server; a token holds nothing that a shell or Python would read otherwise. */
export function tokenSnippets(origin: string, token: string): readonly LabelledSnippet[] {
  return [
    { label: "Python", text: `import kfp\nclient = kfp.Client(host="${origin}", existing_token="${token}")` },
    {
      label: "penstock",
      text: `export PENSTOCK_URL=${origin} PENSTOCK_TOKEN=${token}\npenstock runs list`,
    },
    { label: "curl", text: `curl -H "Authorization: Bearer ${token}" ${origin}/apis/v2beta1/runs` },
  ];
}
