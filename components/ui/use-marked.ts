/** Which entry of a list that changes while one types is marked: the chosen one while it is there, else the first. */
"use client";

import { useState } from "react";

export function useMarked(values: readonly string[]): readonly [marked: string, mark: (value: string) => void] {
  const [marked, mark] = useState("");
  return [values.includes(marked) ? marked : (values[0] ?? ""), mark];
}
