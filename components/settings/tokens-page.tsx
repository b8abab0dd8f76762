/** API tokens: who may reach this server by a program, what each may do, and when it was last used. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Ticket } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Loaded } from "./loaded";
import { SettingsFrame } from "./settings-frame";
import { CreateTokenDialog } from "./token-create-dialog";
import { RenameTokenDialog, RevokeTokenDialog } from "./token-dialogs";
import { type TokenChange, TokenList } from "./token-list";

export function TokensPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.tokens.list.queryOptions());
  const [change, setChange] = useState<TokenChange | null>(null);
  useRefresh(["system"], [trpc.tokens.list.queryFilter()], 1000);
  const close = () => setChange(null);
  const create = (
    <Button look="primary" onClick={() => setChange({ kind: "create" })}>
      <Plus />
      Create token
    </Button>
  );
  return (
    <SettingsFrame
      title="API tokens"
      note="A token lets a program in: a notebook, a CI job, a scraper of metrics. What it does is written down under its name."
      actions={query.data?.length === 0 ? undefined : create}
    >
      <Loaded query={query} what="tokens">
        {(tokens) =>
          tokens.length === 0 ? (
            <EmptyState icon={<Ticket />} title="No tokens yet" actions={create}>
              Give each program its own: kfp.Client, the penstock command and plain HTTP calls show it as a bearer
              token, and each can be revoked without the others noticing.
            </EmptyState>
          ) : (
            <TokenList tokens={tokens} onChange={setChange} />
          )
        }
      </Loaded>
      {change?.kind === "create" ? <CreateTokenDialog onClose={close} /> : null}
      {change?.kind === "rename" ? <RenameTokenDialog token={change.token} onClose={close} /> : null}
      {change?.kind === "revoke" ? <RevokeTokenDialog token={change.token} onClose={close} /> : null}
    </SettingsFrame>
  );
}
