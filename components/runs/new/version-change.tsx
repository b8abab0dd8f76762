/** What another version asks for differently: what was kept, and each parameter that is new, gone or of another type. */
import { Badge } from "@/components/ui/badge";
import type { ParameterSpec } from "@/pipelines/graph";
import { keptCount, type ParameterChange } from "./parameter-changes";

const WORDS: { readonly [what in ParameterChange["what"]]: string } = {
  new: "new",
  removed: "not taken any more",
  retyped: "another type",
  default: "another default",
};

export function VersionChange({
  from,
  to,
  before,
  changes,
}: {
  /** Numbers of the versions. */
  readonly from: number;
  readonly to: number;
  readonly before: readonly ParameterSpec[];
  readonly changes: readonly ParameterChange[];
}) {
  const kept = keptCount(before, changes);
  return (
    <section
      aria-label={`Version ${to} instead of ${from}`}
      className="rounded-md border border-line bg-sunken px-3 py-2 text-sm"
    >
      <p>
        Version {to} instead of {from}:{" "}
        {changes.length === 0
          ? "it takes the same parameters, and every value is kept."
          : `${kept === 1 ? "1 parameter is" : `${kept} parameters are`} kept with ${kept === 1 ? "its value" : "their values"}.`}
      </p>
      {changes.length === 0 ? null : (
        <ul className="mt-1.5 flex flex-col gap-1">
          {changes.map(({ what, name, text }) => (
            <li key={`${what} ${name}`} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
              <span className="font-mono text-xs">{name}</span>
              <Badge>{WORDS[what]}</Badge>
              <span className="min-w-0 font-mono text-xs text-dim [overflow-wrap:anywhere]">{text}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
