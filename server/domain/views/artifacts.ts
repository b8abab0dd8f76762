/** Artifacts as they leave the server, alone, in lists, and among the values of a step or run. */
import type { JsonValue } from "@/pipelines/graph";
import type { IsoTime, NamedRef } from "./shared";

export interface ArtifactView {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** Relative to the data directory; null for remote locations. */
  readonly path: string | null;
  readonly uri: string;
  /** Bytes, null when unknown or a directory is not counted. */
  readonly size: number | null;
  readonly digest: string | null;
  readonly isDirectory: boolean;
  readonly metadata: { readonly [key: string]: JsonValue };
}

/** A row of a list of artifacts: with who made it. */
export interface ArtifactItemView extends ArtifactView {
  readonly createdAt: IsoTime;
  readonly run: NamedRef;
  readonly task: { readonly id: number; readonly name: string; readonly step: string };
}

export interface ValuesView {
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: { readonly [name: string]: readonly ArtifactView[] };
}
