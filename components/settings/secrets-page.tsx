/** Secrets and config maps: names, keys and when they changed; the values of secrets go in and never come out. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Loaded } from "./loaded";
import { SecretBox } from "./secret-box";
import { type SecretChange, SecretDialog } from "./secret-dialog";
import { SettingsFrame } from "./settings-frame";

export function SecretsPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.secrets.list.queryOptions());
  const [change, setChange] = useState<SecretChange | null>(null);
  useRefresh(["system"], [trpc.secrets.list.queryFilter()], 1000);
  const create = (
    <>
      <Button onClick={() => setChange({ kind: "create", isShown: true })}>
        <Plus />
        Create config map
      </Button>
      <Button look="primary" onClick={() => setChange({ kind: "create", isShown: false })}>
        <Plus />
        Create secret
      </Button>
    </>
  );
  return (
    <SettingsFrame
      title="Secrets and config maps"
      note="Named values that steps receive. A secret is kept sealed, is never shown again and is hidden in logs; a config map is shown."
      actions={query.data?.length === 0 ? undefined : create}
    >
      <Loaded query={query} what="secrets">
        {(secrets) =>
          secrets.length === 0 ? (
            <EmptyState icon={<KeyRound />} title="No secrets yet" actions={create}>
              A password or a token that a step needs stays out of the pipeline: the step names the secret and its key.
            </EmptyState>
          ) : (
            <ul className="flex max-w-4xl flex-col gap-4">
              {secrets.map((secret) => (
                <SecretBox key={secret.name} secret={secret} onChange={setChange} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <SecretDialog
        key={change === null ? "" : JSON.stringify(change)}
        change={change}
        onClose={() => setChange(null)}
      />
    </SettingsFrame>
  );
}
