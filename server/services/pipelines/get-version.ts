/** Reads one version. */
import type { GetVersionInput } from "@/server/domain/inputs";
import type { VersionView } from "@/server/domain/views";
import type { Context } from "../context";

export function getVersion(_context: Context, _input: GetVersionInput): VersionView {
  throw new Error("not filled yet");
}
export function getVersionById(_context: Context, _versionId: string): VersionView {
  throw new Error("not filled yet");
}
export function getSpecText(_context: Context, _versionId: string): { file: string; text: string } {
  throw new Error("not filled yet");
}
