/** Metrics and their series as they leave the server. */
import type { IsoTime, NamedRef } from "./shared";

export interface MetricView {
  readonly name: string;
  readonly value: number;
  readonly index: number | null;
  readonly format: "raw" | "percentage";
  readonly task: number | null;
}

/** A series of a run, thinned to what a chart can show: each part of a long one by its lowest and highest point. */
export interface SeriesView {
  readonly name: string;
  readonly task: number | null;
  readonly isThinned: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** The last value of one metric in each of the last runs that have it; the oldest run first. */
export interface MetricTrendView {
  readonly points: readonly { readonly run: NamedRef; readonly createdAt: IsoTime; readonly value: number }[];
}
