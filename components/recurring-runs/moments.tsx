/** The next moments of a schedule: each in its own zone and in UTC, with what the clock and earlier runs do to it. */
import { Clock, Layers } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format-time";
import type { SchedulePreviewView } from "@/server/domain/views/recurring-runs";

type Moment = SchedulePreviewView["moments"][number];

const NOTES: { readonly [note in NonNullable<Moment["note"]>]: string } = {
  moved: "the clock skips its time that day: due at the end of the gap",
  twice: "the clock shows this time twice: this is the first",
  again: "the clock shows this time again",
};

const OVERLAPS: { readonly [does in Exclude<Moment["does"], "run">]: string } = {
  wait: "waits for an earlier run",
  skip: "skipped: an earlier run still goes on",
  cancel: "cancels an earlier run",
};

/** Date and clock of a moment in a zone: `Sun 29 Mar 2026`, `03:00`, `GMT+2`. */
function told(at: string, timeZone: string): { readonly day: string; readonly clock: string; readonly offset: string } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
    timeZone,
  }).formatToParts(Date.parse(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  const seconds = part("second") === "00" ? "" : `:${part("second")}`;
  return {
    day: `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}`,
    clock: `${part("hour")}:${part("minute")}${seconds}`,
    offset: part("timeZoneName"),
  };
}

function Note({
  tone,
  icon,
  children,
}: {
  readonly tone: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex items-start gap-1 rounded-sm px-1 text-xs [&_svg]:mt-0.5 [&_svg]:size-3 [&_svg]:shrink-0",
        tone,
      )}
    >
      {icon}
      {children}
    </span>
  );
}

export function Moments({
  preview: { moments, timeZone, usual },
}: {
  readonly preview: Pick<SchedulePreviewView, "moments" | "timeZone" | "usual">;
}) {
  const overlaps = moments.filter(({ does }) => does !== "run").length;
  return (
    <>
      <table aria-label="Next moments" className="w-full border-separate border-spacing-0 text-sm">
        <thead className="text-left text-xs text-dim">
          <tr>
            <th className="border-b py-1 pr-2 font-medium">{timeZone}</th>
            <th className="w-36 border-b py-1 pl-2 font-medium max-sm:w-24">{timeZone === "UTC" ? "" : "UTC"}</th>
          </tr>
        </thead>
        <tbody>
          {moments.map(({ at, note, does }) => {
            const own = told(at, timeZone);
            const utc = told(at, "UTC");
            return (
              <tr key={at} className={does === "run" ? undefined : "bg-hatched"}>
                <td className="border-b py-1 pr-2">
                  <time dateTime={at} className="tabular-nums">
                    {own.day} <span className="font-medium">{own.clock}</span>{" "}
                    <span className="text-xs text-faint">{timeZone === "UTC" ? "" : own.offset}</span>
                  </time>
                  {note === null && does === "run" ? null : (
                    <span className="flex flex-wrap gap-1">
                      {note === null ? null : (
                        <Note tone="bg-queued-soft text-queued" icon={<Clock aria-hidden />}>
                          {NOTES[note]}
                        </Note>
                      )}
                      {does === "run" ? null : (
                        <Note tone="bg-canceled-soft text-canceled" icon={<Layers aria-hidden />}>
                          {OVERLAPS[does]}
                        </Note>
                      )}
                    </span>
                  )}
                </td>
                <td className="border-b py-1 pl-2 align-top text-dim tabular-nums">
                  {timeZone === "UTC" ? null : (
                    <>
                      {utc.day === own.day ? null : <span className="max-sm:hidden">{utc.day.slice(0, -5)} </span>}
                      {utc.clock}
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {usual === null ? (
        <p className="mt-2 text-xs text-faint">Overlaps are forecast once a run of this pipeline has succeeded.</p>
      ) : (
        <p className="mt-2 text-xs text-dim">
          {overlaps === 0 ? "No overlap is to be expected" : `${overlaps} of these would meet an earlier run`}: runs
          took {formatDuration(usual.ms)} on average ({usual.runs === 1 ? "1 run" : `the last ${usual.runs} runs`} of{" "}
          {usual.of === "pipeline" ? "the pipeline" : "this recurring run"}).
        </p>
      )}
    </>
  );
}
