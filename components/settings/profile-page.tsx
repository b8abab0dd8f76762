/** One profile, or a new one. */
"use client";

import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import type { ProfileView } from "@/server/domain/views/surroundings";
import { Loaded } from "./loaded";
import { ProfileForm } from "./profile-form";
import { SettingsFrame } from "./settings-frame";
import { TestProfile } from "./test-profile";

/** `name` null makes a new one. */
export function ProfilePage({ name }: { readonly name: string | null }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.profiles.get.queryOptions(name === null ? skipToken : { name }));
  if (name === null) {
    return (
      <SettingsFrame title="Create profile" crumbs={[{ label: "Create" }]}>
        <ProfileForm profile={null} />
      </SettingsFrame>
    );
  }
  return (
    <SettingsFrame
      title={name}
      after={query.data?.isDefault ? <Badge tone="accent">default</Badge> : undefined}
      crumbs={[{ label: name }]}
      actions={query.data ? <RemoveProfile profile={query.data} /> : undefined}
    >
      <Loaded query={query} what="profile">
        {(profile) => (
          <div className="flex flex-col gap-8">
            <ProfileForm key={profile.updatedAt ?? profile.createdAt} profile={profile} />
            <TestProfile profile={profile} />
          </div>
        )}
      </Loaded>
    </SettingsFrame>
  );
}

function RemoveProfile({ profile }: { readonly profile: ProfileView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const refresh = () => void queryClient.invalidateQueries(trpc.profiles.pathFilter());
  const restore = useMutation(trpc.profiles.save.mutationOptions({ onSettled: refresh }));
  const remove = useMutation(
    trpc.profiles.remove.mutationOptions({
      onSuccess: ({ createdAt: _, updatedAt: __, isDefault: ___, ...settings }) => {
        router.push("/settings/profiles");
        toast({
          title: `Profile ${settings.name} deleted`,
          action: { label: "Undo", run: () => restore.mutate(settings) },
        });
      },
      onError: (error) =>
        toast({ tone: "error", title: "It was not deleted", description: callProblem(error).message }),
      onSettled: refresh,
    }),
  );
  return (
    <Button
      busy={remove.isPending}
      reason={profile.isDefault ? "This is the default profile. Make another one the default first." : undefined}
      onClick={() => remove.mutate({ name: profile.name })}
    >
      <Trash2 />
      Delete
    </Button>
  );
}
