/** Where the lines of parallel coordinates go: one upright axis per number, one line per run. */
import type { Axis } from "./axes";

export interface PlacedAxis {
  readonly key: string;
  readonly label: string;
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface RunLine {
  readonly place: number;
  /** Parts of the line; a run without a number on an axis has a gap there. */
  readonly parts: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

export interface ParallelModel {
  readonly axes: readonly PlacedAxis[];
  readonly lines: readonly RunLine[];
}

export interface Frame {
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly side: number;
}

/** Ready to draw within a frame; an axis on which all runs agree has them in its middle. */
export function parallelModel(axes: readonly Axis[], runs: number, frame: Frame): ParallelModel {
  const gap = axes.length > 1 ? (frame.width - 2 * frame.side) / (axes.length - 1) : 0;
  const placed = axes.map(({ key, label, values }, at): PlacedAxis => {
    const known = values.filter((value) => value !== null);
    return {
      key,
      label,
      x: axes.length > 1 ? frame.side + at * gap : frame.width / 2,
      low: Math.min(...known),
      high: Math.max(...known),
    };
  });
  const heightOf = ({ low, high }: PlacedAxis, value: number): number =>
    high === low
      ? (frame.top + frame.bottom) / 2
      : frame.bottom - ((value - low) / (high - low)) * (frame.bottom - frame.top);
  const lines = Array.from({ length: runs }, (_, place): RunLine => {
    const parts: { x: number; y: number }[][] = [[]];
    for (const [at, axis] of placed.entries()) {
      const value = axes[at]?.values[place];
      if (value == null) parts.push([]);
      else parts.at(-1)?.push({ x: axis.x, y: heightOf(axis, value) });
    }
    return { place, parts: parts.filter((part) => part.length > 0) };
  });
  return { axes: placed, lines };
}
