/** What earlier runs of the pipeline tell of a failed one: the last good run, what is different since, how many failed before. */
"use client";

import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import type { JsonValue } from "@/pipelines/graph";
import type { EarlierRunsView, RunDifference } from "@/server/domain/views/earlier-runs";

/** More than these are a matter of comparing the two runs. */
const SHOWN = 3;
const LONGEST_VALUE = 40;

function Value({ value }: { readonly value: JsonValue | undefined }) {
  if (value === undefined) return <span className="text-faint">none</span>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return <span className="font-mono text-xs text-ink">{short === "" ? '""' : short}</span>;
}

function Difference({ difference }: { readonly difference: RunDifference }) {
  const sides = (name: string, from: ReactNode, to: ReactNode) => (
    <span className="whitespace-normal">
      {name} {from}{" "}
      <span role="img" aria-label="became">
        →
      </span>{" "}
      {to}
    </span>
  );
  switch (difference.what) {
    case "version":
      return sides("version", `v${difference.from}`, `v${difference.to}`);
    case "profile":
      return sides("profile", difference.from, difference.to);
    case "parameter":
      return sides(difference.name, <Value value={difference.from} />, <Value value={difference.to} />);
  }
}

const ordinal = (count: number): string => {
  const last = count % 100;
  const ending = last >= 11 && last <= 13 ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
  return `${count}${ending}`;
};

export function EarlierLine({ earlier }: { readonly earlier: EarlierRunsView }) {
  const { lastGood, failedBefore } = earlier;
  if (lastGood === null && failedBefore === 0) return null;
  const shown = lastGood?.differences.slice(0, SHOWN) ?? [];
  const more = (lastGood?.differences.length ?? 0) - shown.length;
  return (
    <p className="text-sm text-dim [overflow-wrap:anywhere]">
      {lastGood === null ? (
        "No run of this pipeline has succeeded before. "
      ) : (
        <>
          {shown.length === 0 ? "Asked for exactly as " : "Asked for as "}
          <Link
            href={`/runs/${lastGood.run.id}`}
            className="text-ink underline decoration-line-strong underline-offset-2"
          >
            {lastGood.run.name}
          </Link>
          , which succeeded last
          {shown.map((difference, at) => (
            <Fragment key={difference.what === "parameter" ? `p ${difference.name}` : difference.what}>
              {at === 0 ? ", but " : ", "}
              <Difference difference={difference} />
            </Fragment>
          ))}
          {more > 0 ? ` and ${more} more` : ""}.{" "}
        </>
      )}
      {failedBefore > 0 ? `This is the ${ordinal(failedBefore + 1)} failure in a row.` : null}
    </p>
  );
}
