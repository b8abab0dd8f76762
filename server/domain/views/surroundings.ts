/** What steps are given, in the shapes that leave the server: profiles, secrets, volumes, Python environments. */
import type { ProfileSettings } from "../profile";
import type { IsoTime } from "./shared";

export interface ProfileView extends ProfileSettings {
  readonly name: string;
  readonly isDefault: boolean;
  readonly createdAt: IsoTime;
  readonly updatedAt: IsoTime | null;
}

/** A secret or, when `isShown`, a config map; only a config map's values leave the server. */
export interface SecretView {
  readonly name: string;
  readonly isShown: boolean;
  readonly description: string;
  readonly keys: readonly { readonly name: string; readonly updatedAt: IsoTime; readonly value: string | null }[];
  readonly updatedAt: IsoTime;
}

export interface VolumeView {
  readonly name: string;
  readonly description: string;
  /** Absolute path on the machine that runs the steps. */
  readonly path: string;
  /** Whether Penstock made the directory and keeps it. */
  readonly isManaged: boolean;
  readonly createdAt: IsoTime;
}

/** A Python environment in the cache. */
export interface EnvironmentView {
  readonly key: string;
  readonly state: "ready" | "building" | "failed";
  /** `Python 3.11.9`. */
  readonly python: string;
  /** The pip lines it was built from, in order. */
  readonly lines: readonly (readonly string[])[];
  readonly size: number | null;
  readonly createdAt: IsoTime | null;
  readonly lastUsedAt: IsoTime | null;
  /** Whether a live attempt uses it. */
  readonly isInUse: boolean;
  /** Why it could not be built, where it failed. */
  readonly problem: string | null;
}

/** A Python environment that somebody asked for ahead of time. */
export interface EnvironmentWishView {
  readonly id: string;
  readonly state: "waiting" | "building" | "ready" | "failed";
  readonly key: string | null;
  readonly message: string | null;
  /** What the build has said so far. */
  readonly log: string;
}
