/** The same thing said in several languages, each ready to copy, or why one of them cannot say it. */
"use client";

import { useState } from "react";
import { CodeBlock } from "./code-block";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "./tabs";

export type LabelledSnippet = { readonly label: string } & ({ readonly text: string } | { readonly reason: string });

export function SnippetTabs({ snippets }: { readonly snippets: readonly LabelledSnippet[] }) {
  const [shown, setShown] = useState(snippets[0]?.label ?? "");
  return (
    <Tabs value={shown} onValueChange={setShown}>
      <TabsList className="mb-2">
        {snippets.map((snippet) => (
          <TabsTrigger key={snippet.label} value={snippet.label} className="h-8 text-xs">
            {snippet.label}
          </TabsTrigger>
        ))}
      </TabsList>
      {snippets.map((snippet) => (
        <TabsContent key={snippet.label} value={snippet.label}>
          {"text" in snippet ? (
            <CodeBlock text={snippet.text} label={`the ${snippet.label} text`} />
          ) : (
            <p className="py-2 text-sm text-dim">{snippet.reason}</p>
          )}
        </TabsContent>
      ))}
    </Tabs>
  );
}
