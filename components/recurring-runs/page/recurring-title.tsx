/** The head of a recurring run: name, state, when it is due next, and what can be done with it. */
"use client";

import { useQuery } from "@tanstack/react-query";
import {
  CalendarCheck2,
  CalendarOff,
  Copy,
  Ellipsis,
  Hash,
  Pencil,
  Play,
  SquareTerminal,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useCopyAs } from "@/components/copy-as/copy-as-button";
import { recurringChoices } from "@/components/copy-as/recurring-choices";
import { PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { Button, ButtonLink, IconButton } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { RelativeTime } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import { RecurringState } from "../recurring-state";
import { ScheduleText } from "../schedule-text";
import { useRecurringActions } from "../use-recurring-actions";
import { useOwnPreview } from "./use-own-preview";

/** What enabling would start and record, before it does. */
function EnablingLine({ one }: { readonly one: RecurringRunView }) {
  const { data } = useOwnPreview(one);
  if (data === undefined) return null;
  const starts = data.starts === 0 ? "no missed run" : "its run at once";
  return (
    <p className="text-sm text-dim">
      Enabling starts {starts}
      {data.skips > 0
        ? ` and records the ${data.skips.toLocaleString("en")} moments that passed meanwhile as skipped`
        : ""}
      .
    </p>
  );
}

/** Why its next run would be refused, long before the moment comes. */
function RefusalLine({ one }: { readonly one: RecurringRunView }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.recurringRuns.figures.queryOptions({ id: one.id }));
  const words = one.disabledReason ?? data?.refusal ?? null;
  if (words === null) return null;
  const which = one.version === null && data?.version ? `The latest version (v${data.version.number})` : "Its version";
  return (
    <p role="status" className="flex items-start gap-2 rounded-md bg-queued-soft px-3 py-2 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-queued" />
      <span className="min-w-0">
        <span className="font-medium">
          {one.disabledReason === null ? `${which} does not run with what is set here.` : "It was disabled by itself."}
        </span>{" "}
        {words} Edit it, then {one.state === "disabled" ? "enable it again" : "its next moment makes a run"}.
      </span>
    </p>
  );
}

export function RecurringTitle({ one }: { readonly one: RecurringRunView }) {
  const actions = useRecurringActions();
  const router = useRouter();
  const copyAs = useCopyAs({ of: "this recurring run", choices: recurringChoices(one) });
  const target = [{ id: one.id, name: one.name }];
  const isOff = one.state === "disabled";
  const switchIt = () => void actions.run(isOff ? "enable" : "disable", target);
  const remove = async () => {
    if ((await actions.run("delete", target)).done.length > 0) router.push("/recurring-runs");
  };
  return (
    <>
      <PageTitle
        title={one.name}
        after={<RecurringState state={one.state} />}
        note={
          <>
            <ScheduleText of={one} />
            {one.nextAt === null ? null : (
              <>
                {" · next "}
                <RelativeTime at={one.nextAt} />
              </>
            )}
            {one.description ? <p className="mt-1 max-w-3xl whitespace-pre-line">{one.description}</p> : null}
          </>
        }
        actions={
          <>
            <Button look="primary" busy={actions.isBusy} onClick={() => void actions.run("run", target)}>
              <Play />
              Run now
            </Button>
            <Button busy={actions.isBusy} onClick={switchIt}>
              {isOff ? <CalendarCheck2 /> : <CalendarOff />}
              {isOff ? "Enable" : "Disable"}
            </Button>
            <ButtonLink href={`/recurring-runs/${one.id}/edit`}>
              <Pencil />
              Edit
            </ButtonLink>
            <DropdownMenu>
              <DropdownMenuTrigger asChild>
                <IconButton look="secondary" label="More actions">
                  <Ellipsis />
                </IconButton>
              </DropdownMenuTrigger>
              <DropdownMenuContent>
                <DropdownMenuItem onSelect={() => router.push(`/recurring-runs/new?cloneFrom=${one.id}`)}>
                  <Copy /> Clone
                </DropdownMenuItem>
                <DropdownMenuItem
                  onSelect={() =>
                    void navigator.clipboard.writeText(one.id).then(() => toast({ title: "Recurring run id copied" }))
                  }
                >
                  <Hash /> Copy id
                </DropdownMenuItem>
                <DropdownMenuItem onSelect={copyAs.open}>
                  <SquareTerminal /> Copy as curl, Python or command
                </DropdownMenuItem>
                <DropdownMenuSeparator />
                <DropdownMenuItem danger onSelect={() => void remove()}>
                  <Trash2 /> Delete
                </DropdownMenuItem>
              </DropdownMenuContent>
            </DropdownMenu>
          </>
        }
      />
      {isOff ? <EnablingLine one={one} /> : null}
      <RefusalLine one={one} />
      {copyAs.dialog}
    </>
  );
}
