/** The plain settings of the installation: each saved by itself, each with its default a press away. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { toast } from "@/components/ui/toast";
import { type PlainSettingName, SETTINGS, type Settings } from "@/server/domain/settings";
import { Loaded } from "./loaded";
import { SettingField } from "./setting-field";
import { SettingsFrame } from "./settings-frame";

const GROUPS: readonly { readonly title: string; readonly names: readonly PlainSettingName[] }[] = [
  { title: "Importing", names: ["import-hosts"] },
  { title: "Largest results", names: ["max-artifact-bytes", "max-parameter-bytes", "max-result-bytes"] },
  { title: "Recurring runs", names: ["min-interval-seconds"] },
  { title: "Reuse and disk", names: ["run-identical-steps-once", "max-environment-bytes"] },
];

export function SettingsPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.settings.list.queryOptions());
  useRefresh(["system"], [trpc.settings.list.queryFilter()], 1000);
  return (
    <SettingsFrame title="General" note="They hold for what begins after they were saved.">
      <Loaded query={query} what="settings">
        {(settings) => <Groups settings={settings} />}
      </Loaded>
    </SettingsFrame>
  );
}

function Groups({ settings }: { readonly settings: Settings }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation(
    trpc.settings.save.mutationOptions({
      onSuccess: (all) => {
        queryClient.setQueryData(trpc.settings.list.queryKey(), all);
        toast({ title: "Setting saved" });
      },
    }),
  );
  const failed = save.error ? { name: save.variables?.name, message: callProblem(save.error).message } : null;
  return (
    <div className="flex max-w-2xl flex-col gap-8">
      {GROUPS.map(({ title, names }) => (
        <section key={title}>
          <h2 className="mb-3 text-base font-semibold">{title}</h2>
          <div className="flex flex-col gap-5">
            {names.map((name) => (
              <SettingField
                key={`${name} ${JSON.stringify(settings[name])}`}
                name={name}
                title={SETTINGS[name].title}
                value={settings[name]}
                preset={SETTINGS[name].default}
                error={failed?.name === name ? failed.message : undefined}
                busy={save.isPending && save.variables.name === name}
                onSave={(value) => save.mutate({ name, value })}
              />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
