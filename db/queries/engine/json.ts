/** JSON columns as the engine's plain statements read and write them; SQL NULL and JSON null are the same value. */

export const toText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

export const fromText = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
