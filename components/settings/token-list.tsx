/** API tokens in a list: name, access, how the text begins, and its moments. */
"use client";

import { Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { RelativeTime } from "@/components/ui/time";
import type { TokenView } from "@/server/domain/api-tokens";

export type TokenChange =
  | { readonly kind: "create" }
  | { readonly kind: "rename"; readonly token: TokenView }
  | { readonly kind: "revoke"; readonly token: TokenView };

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <span className="whitespace-nowrap text-xs text-dim max-xl:order-1 xl:w-44">
      {label} {children}
    </span>
  );
}

function Token({ token, onChange }: { readonly token: TokenView; readonly onChange: (change: TokenChange) => void }) {
  const { name, prefix, access, createdAt, expiresAt, lastUsedAt } = token;
  const now = useNow();
  const isExpired = expiresAt !== null && now !== 0 && Date.parse(expiresAt) <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line/60 px-3 py-1.5 last:border-0">
      <span className="flex min-w-0 flex-1 basis-48 items-center gap-2">
        <h2 className="min-w-0 truncate text-sm font-medium" title={name}>
          {name}
        </h2>
        <Badge tone={access === "full" ? "warning" : "neutral"}>
          {access === "full" ? "full access" : "read only"}
        </Badge>
        {isExpired ? <Badge tone="danger">expired</Badge> : null}
      </span>
      <span className="font-mono text-xs text-faint max-xl:order-1">{prefix}…</span>
      <Fact label="created">
        <RelativeTime at={createdAt} />
      </Fact>
      <Fact label={lastUsedAt === null ? "not used yet" : "used"}>
        {lastUsedAt === null ? null : <RelativeTime at={lastUsedAt} />}
      </Fact>
      <Fact label={expiresAt === null ? "never expires" : isExpired ? "expired" : "expires"}>
        {expiresAt === null ? null : <RelativeTime at={expiresAt} />}
      </Fact>
      <span className="flex items-center gap-1">
        <IconButton size="sm" label={`Rename ${name}`} onClick={() => onChange({ kind: "rename", token })}>
          <Pencil />
        </IconButton>
        <Button size="sm" aria-label={`Revoke ${name}`} onClick={() => onChange({ kind: "revoke", token })}>
          Revoke
        </Button>
      </span>
    </li>
  );
}

export function TokenList({
  tokens,
  onChange,
}: {
  readonly tokens: readonly TokenView[];
  readonly onChange: (change: TokenChange) => void;
}) {
  return (
    <ul aria-label="API tokens" className="max-w-6xl rounded-md border border-line">
      {tokens.map((token) => (
        <Token key={token.id} token={token} onChange={onChange} />
      ))}
    </ul>
  );
}
