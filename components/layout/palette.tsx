/** ⌘K: go anywhere, find a run or a pipeline, do the few things that are always possible. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { BookOpen, CalendarClock, Copy, Keyboard, Moon, Play, Sun, Upload, Workflow } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useDeferredValue, useState } from "react";
import { RunStatus } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { toast } from "@/components/ui/toast";
import { useFocusReturn } from "@/components/ui/use-focus-return";
import { useMarked } from "@/components/ui/use-marked";
import { PLACES } from "./places";
import { useHeldEnter } from "./use-held-enter";

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onShowKeys: () => void;
}

export function Palette({ open, onOpenChange, onShowKeys }: PaletteProps) {
  const focus = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          {...focus}
          className="fixed inset-x-4 top-[14vh] z-50 mx-auto max-w-xl animate-appear overflow-hidden rounded-lg border border-line bg-raised shadow-float outline-none"
        >
          <Radix.Title className="sr-only">Search</Radix.Title>
          <PaletteBody close={() => onOpenChange(false)} onShowKeys={onShowKeys} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteBody({ close, onShowKeys }: { readonly close: () => void; readonly onShowKeys: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const { resolvedTheme, setTheme } = useTheme();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const runs = useQuery(
    trpc.runs.list.queryOptions({ ...(search ? { search } : {}), limit: 6 }, { placeholderData: keepPreviousData }),
  );
  const pipelines = useQuery(
    trpc.pipelines.list.queryOptions(
      { ...(search ? { search } : {}), limit: 5 },
      { placeholderData: keepPreviousData },
    ),
  );
  const go = (href: string) => {
    close();
    router.push(href);
  };
  const isMatch = (label: string) => label.toLowerCase().includes(search.toLowerCase());
  const isDark = resolvedTheme === "dark";
  const actions: readonly { readonly label: string; readonly icon: ReactNode; readonly run: () => void }[] = [
    { label: "Create a run", icon: <Play />, run: () => go("/runs/new") },
    { label: "Create a recurring run", icon: <CalendarClock />, run: () => go("/recurring-runs/new") },
    { label: "Upload a pipeline", icon: <Upload />, run: () => go("/pipelines/new") },
    { label: "Read the API reference", icon: <BookOpen />, run: () => go("/api-reference") },
    {
      label: "Copy a link to this page",
      icon: <Copy />,
      run: () => {
        close();
        void navigator.clipboard.writeText(location.href).then(() => toast({ title: "Link copied" }));
      },
    },
    {
      label: isDark ? "Use the light theme" : "Use the dark theme",
      icon: isDark ? <Sun /> : <Moon />,
      run: () => {
        close();
        setTheme(isDark ? "light" : "dark");
      },
    },
    {
      label: "Show keyboard shortcuts",
      icon: <Keyboard />,
      run: () => {
        close();
        onShowKeys();
      },
    },
  ];
  const places = PLACES.filter((place) => isMatch(place.label) && place.href !== pathname);
  const wanted = actions.filter((action) => isMatch(action.label));
  const entries = new Map<string, () => void>([
    ...places.map(({ href }) => [href, () => go(href)] as const),
    ...(runs.data?.items ?? []).map(({ id }) => [`run ${id}`, () => go(`/runs/${id}`)] as const),
    ...(pipelines.data?.items ?? []).map(({ id }) => [`pipeline ${id}`, () => go(`/pipelines/${id}`)] as const),
    ...wanted.map((action) => [action.label, action.run] as const),
  ]);
  const [marked, mark] = useMarked([...entries.keys()]);
  // Nothing has come yet where one types at once; what was found before stands in for a while otherwise.
  const isThere = [runs, pipelines].every(({ isPending, isPlaceholderData }) => !isPending && !isPlaceholderData);
  const isSettled = text.trim() === search && isThere;
  const held = useHeldEnter(isSettled, () => entries.get(marked)?.());
  return (
    <Command shouldFilter={false} loop label="Search" value={marked} onValueChange={mark} onKeyDown={held.onKeyDown}>
      <Command.Input
        value={text}
        onValueChange={(next) => {
          held.letGo();
          setText(next);
        }}
        placeholder="Search runs and pipelines, or say what to do"
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="scroll-thin max-h-[52vh] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-8 text-center text-sm text-dim">
          Nothing is called “{text}”. Runs can also be found by their id.
        </Command.Empty>
        <Group heading="Go to">
          {places.map((place) => (
            <Item key={place.href} value={place.href} onSelect={() => go(place.href)} icon={<place.icon />}>
              {place.label}
            </Item>
          ))}
        </Group>
        <Group heading={search ? "Runs" : "Recent runs"}>
          {runs.data?.items.map((run) => (
            <Item
              key={run.id}
              value={`run ${run.id}`}
              onSelect={() => go(`/runs/${run.id}`)}
              icon={<RunStatus state={run.state} compact />}
              aside={run.pipeline?.name ?? run.pipelineName}
            >
              {run.name}
            </Item>
          ))}
        </Group>
        <Group heading="Pipelines">
          {pipelines.data?.items.map((pipeline) => (
            <Item
              key={pipeline.id}
              value={`pipeline ${pipeline.id}`}
              onSelect={() => go(`/pipelines/${pipeline.id}`)}
              icon={<Workflow />}
              aside={pipeline.latestVersion ? `v${pipeline.latestVersion.number}` : undefined}
            >
              {pipeline.name}
            </Item>
          ))}
        </Group>
        <Group heading="Do">
          {wanted.map((action) => (
            <Item key={action.label} value={action.label} onSelect={action.run} icon={action.icon}>
              {action.label}
            </Item>
          ))}
        </Group>
      </Command.List>
    </Command>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  if (!Array.isArray(children) || children.length === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  onSelect,
  icon,
  aside,
  children,
}: {
  readonly value: string;
  readonly onSelect: () => void;
  readonly icon: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2 text-sm data-[selected=true]:bg-accent-soft [&_svg]:size-4 [&_svg]:shrink-0 [&>svg]:text-faint"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside ? <span className="max-w-40 shrink-0 truncate text-xs text-faint">{aside}</span> : null}
    </Command.Item>
  );
}
