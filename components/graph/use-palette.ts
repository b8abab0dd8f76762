/** The theme's colours for drawings on a canvas, renewed when the theme changes. */
import { useMemo, useSyncExternalStore } from "react";
import { type Palette, readPalette } from "./paint";

function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

const theme = () => document.documentElement.dataset.theme ?? "";

/** Null before the page is alive. */
export function usePalette(): Palette | null {
  const name = useSyncExternalStore(onTheme, theme, () => null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's name stands for the colours that are read
  return useMemo(() => (typeof document === "undefined" ? null : readPalette(document.documentElement)), [name]);
}
