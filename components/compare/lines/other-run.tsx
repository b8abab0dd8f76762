/** Which run stands beside the baseline where only two can be shown at once. */
import { Select } from "@/components/ui/select";
import type { ComparedRun } from "@/server/domain/views/compare";

/** Place of the run beside the baseline: the one chosen, else the first that is not the baseline. */
export function otherPlace(runs: readonly ComparedRun[], baseline: number, chosen: string | null): number {
  const wanted = runs.findIndex((run) => run.id === chosen);
  return wanted >= 0 && wanted !== baseline ? wanted : baseline === 0 ? 1 : 0;
}

export function OtherRun({
  runs,
  baseline,
  other,
  onChange,
}: {
  readonly runs: readonly ComparedRun[];
  readonly baseline: number;
  readonly other: number;
  readonly onChange: (id: string) => void;
}) {
  const options = runs.flatMap((run, place) =>
    place === baseline ? [] : [{ value: run.id, label: `${place + 1} ${run.name}` }],
  );
  return (
    <span className="flex min-w-0 items-center gap-2 text-sm text-dim">
      <span className="min-w-0 truncate">
        from {baseline + 1} {runs[baseline]?.name} to
      </span>
      <Select
        aria-label="Run beside the baseline"
        className="w-52"
        value={runs[other]?.id ?? ""}
        options={options}
        onValueChange={onChange}
      />
    </span>
  );
}
