/** The name of the key that combinations start with, as it stands on this keyboard. */
"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** `⌘` on Apple machines, else `Ctrl`; on the server, before anything is known, `Ctrl`. */
export const useModKey = (): string =>
  useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
