/** Choices kept in this browser: what keeps one, and how everything that shows it hears of it, in every tab. */

const listeners = new Set<() => void>();

/** Calls `listener` after any choice has changed; gives what ends that. */
export function listenToKept(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** Keeps `text` under `key`. */
export function keep(key: string, text: string): void {
  localStorage.setItem(key, text);
  for (const listener of listeners) listener();
}
