/** The same thing said in several languages, each ready to copy. */
"use client";

import { useState } from "react";
import { CodeBlock } from "./code-block";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "./tabs";

export interface Snippet {
  readonly label: string;
  readonly text: string;
}

export function SnippetTabs({ snippets }: { readonly snippets: readonly Snippet[] }) {
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
          <CodeBlock text={snippet.text} label={`the ${snippet.label} text`} />
        </TabsContent>
      ))}
    </Tabs>
  );
}
