/** Where in which loops a task stands, read from its path: `outer/[2]/inner/[0]/train`. */

const isIteration = (segment: string): boolean => segment.startsWith("[");

/** `[2] [0]` for a task inside iterations, an empty text for any other. */
export const iterationText = (path: string): string => path.split("/").filter(isIteration).join(" ");

export interface InnermostIteration {
  /** Path of the loop. */
  readonly loop: string;
  readonly index: number;
  /** Path of the iteration itself. */
  readonly path: string;
  /** What follows it; empty for the iteration itself. */
  readonly rest: readonly string[];
}

/** The innermost iteration that holds a task, or is it; null outside loops. */
export function innermostIteration(path: string): InnermostIteration | null {
  const segments = path.split("/");
  const at = segments.findLastIndex(isIteration);
  if (at < 0) return null;
  return {
    loop: segments.slice(0, at).join("/"),
    index: Number.parseInt(segments[at]?.slice(1) ?? "0", 10),
    path: segments.slice(0, at + 1).join("/"),
    rest: segments.slice(at + 1),
  };
}

/** The same place in another iteration of the innermost loop. */
export const inIteration = ({ loop, rest }: InnermostIteration, index: number): string =>
  [loop, `[${index}]`, ...rest].join("/");
