/** A long text of a machine to read: numbered, coloured by its grammar, folded, searched; only what is seen is drawn. */
"use client";

import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

export type CodeLanguage = "yaml" | "json";

const GRAMMARS: { readonly [language in CodeLanguage]: () => Extension } = { yaml, json };

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--state-running)" },
  { tag: [tags.comment, tags.meta], color: "var(--text-faint)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.brace], color: "var(--text-dim)" },
]);

const LOOK = EditorView.theme({
  "&": { maxHeight: "70vh", fontSize: "12px", backgroundColor: "var(--surface-code)", color: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-code)",
    color: "var(--text-faint)",
    borderRight: "1px solid var(--border)",
  },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--surface-hover)",
    border: "1px solid var(--border-strong)",
    color: "var(--text-dim)",
    padding: "0 4px",
  },
  ".cm-panels": { backgroundColor: "var(--surface-sunken)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--border)" },
  ".cm-panel.cm-search": { padding: "6px 32px 6px 12px" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { fontSize: "12px" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "4px", marginLeft: "8px" },
  ".cm-panel.cm-search [name=close]": { width: "24px", height: "24px", top: "6px", right: "6px" },
  // Marks every match to be written over, which nobody can here.
  ".cm-panel.cm-search [name=select]": { display: "none" },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--border-control)" },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--surface-raised)",
    border: "1px solid var(--border-control)",
  },
  ".cm-searchMatch, .cm-searchMatch *": { backgroundColor: "var(--state-queued)", color: "var(--state-on-fill)" },
  ".cm-searchMatch-selected, .cm-searchMatch-selected *": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--surface-selected)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--surface-selected)" },
});

const WORDS = { next: "Next", previous: "Previous", "match case": "Match case", regexp: "Pattern", "by word": "Words" };

/** Reads only. Find with Ctrl-F, fold with Ctrl-Shift-[ and the marks beside the numbers. */
export function CodeView({
  text,
  language,
  label,
}: {
  readonly text: string;
  readonly language: CodeLanguage;
  /** What it is, for readers. */
  readonly label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorState.readOnly.of(true),
          EditorState.phrases.of(WORDS),
          // A text that cannot be written is still reached by Tab, and walked by its keys.
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true", "aria-label": label }),
          lineNumbers(),
          foldGutter(),
          search({ top: true }),
          highlightSelectionMatches(),
          keymap.of([...searchKeymap, ...foldKeymap]),
          GRAMMARS[language](),
          syntaxHighlighting(COLOURS),
          LOOK,
        ],
      }),
    });
    return () => view.destroy();
  }, [text, language, label]);
  return <div ref={place} className="overflow-hidden rounded-b-md" />;
}
