/** All profiles: where and how steps run. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { formatDuration } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/time";
import type { ExecutorKind } from "@/server/domain/profile";
import type { ProfileView } from "@/server/domain/views/surroundings";
import { Loaded } from "./loaded";
import { SettingsFrame } from "./settings-frame";

const hrefOf = (profile: ProfileView): string => `/settings/profiles/${encodeURIComponent(profile.name)}`;

const dim = (text: string) => <span className="text-faint">{text}</span>;

const EXECUTOR_WORDS: { readonly [E in ExecutorKind]: string } = {
  process: "processes",
  docker: "containers",
  kubernetes: "pods",
};

const COLUMNS: readonly Column<ProfileView>[] = [
  {
    id: "name",
    header: "Name",
    cell: (profile) => (
      <span className="flex items-center gap-2">
        <Link href={hrefOf(profile)} className="truncate rounded-sm font-medium hover:underline">
          {profile.name}
        </Link>
        {profile.isDefault ? <Badge tone="accent">default</Badge> : null}
      </span>
    ),
  },
  {
    id: "executor",
    header: "Executor",
    className: "w-28 max-md:hidden",
    cell: ({ executor }) => EXECUTOR_WORDS[executor],
  },
  {
    id: "capacity",
    header: "Steps at once",
    className: "w-36",
    cell: ({ capacity }) => (capacity === null ? dim("as the machine") : capacity),
  },
  {
    id: "python",
    header: "Interpreter",
    className: "w-48 max-lg:hidden",
    cell: ({ python }) =>
      python === null ? dim("the server's") : <span className="block truncate font-mono text-xs">{python}</span>,
  },
  {
    id: "environment",
    header: "Variables",
    className: "w-28 max-lg:hidden",
    cell: ({ environment }) => Object.keys(environment).length || dim("none"),
  },
  {
    id: "grace",
    header: "Grace",
    className: "w-24 max-md:hidden",
    cell: ({ graceMs }) => formatDuration(graceMs),
  },
  {
    id: "changed",
    header: "Changed",
    className: "w-32 max-md:hidden",
    cell: ({ updatedAt, createdAt }) => <RelativeTime at={updatedAt ?? createdAt} className="text-dim" />,
  },
];

export function ProfilesPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.profiles.list.queryOptions());
  useRefresh(["system"], [trpc.profiles.list.queryFilter()], 1000);
  return (
    <SettingsFrame
      title="Profiles"
      note="A profile says where and how steps run. A run keeps the settings it was started with."
      actions={
        <ButtonLink look="primary" href="/settings/profiles/new">
          <Plus />
          Create profile
        </ButtonLink>
      }
    >
      <Loaded query={query} what="profiles">
        {(profiles) => (
          <DataTable<ProfileView>
            label="Profiles"
            columns={COLUMNS}
            rows={profiles}
            rowId={(profile) => profile.name}
            rowName={(profile) => profile.name}
            rowHref={hrefOf}
          />
        )}
      </Loaded>
    </SettingsFrame>
  );
}
