/** Makes an API token, and shows its text this once. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import { CreateTokenInput, type NewTokenView, type TokenAccess } from "@/server/domain/api-tokens";
import { tokenSnippets } from "./token-snippets";

const DAY_MS = 24 * 3600 * 1000;
const LIVES = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
] as const;
const ACCESS: readonly { readonly value: TokenAccess; readonly label: string }[] = [
  { value: "full", label: "Full: starts, changes and deletes" },
  { value: "read", label: "Read only: looks, changes nothing" },
];

export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.tokens.create.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries(trpc.tokens.pathFilter()),
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      {create.data ? (
        <NewToken token={create.data} onClose={onClose} />
      ) : (
        <TokenForm
          busy={create.isPending}
          problem={create.error ? callProblem(create.error).message : null}
          onCreate={create.mutate}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function TokenForm({
  busy,
  problem,
  onCreate,
  onClose,
}: {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onCreate: (input: CreateTokenInput) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [access, setAccess] = useState<TokenAccess>("full");
  const [life, setLife] = useState<string>("90");
  const [wasTried, setWasTried] = useState(false);
  const named = CreateTokenInput.shape.name.safeParse(name);
  const submit = () => {
    setWasTried(true);
    if (!named.success || busy) return;
    const expiresAt = life === "never" ? null : new Date(Date.now() + Number(life) * DAY_MS).toISOString();
    onCreate({ name: named.data, access, expiresAt });
  };
  return (
    <DialogContent
      title="Create token"
      footer={
        <>
          <Button onClick={onClose}>Leave</Button>
          <Button look="primary" type="submit" form="token-form" busy={busy}>
            Create token
          </Button>
        </>
      }
    >
      <form
        id="token-form"
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {problem === null ? null : <ErrorState title="No token was made" message={problem} />}
        <Field
          id="token-name"
          label="Name"
          required
          error={wasTried && !named.success ? named.error.issues[0]?.message : undefined}
          hint="Of the program that will hold it. Runs say who terminated them by this name."
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              placeholder="nightly-ci"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          id="token-access"
          label="Access"
          hint="Read only sees runs, logs, artifacts and metrics, but no secrets, settings or tokens."
        >
          {(control) => (
            <Select
              {...control}
              options={ACCESS}
              value={access}
              onValueChange={(value) => setAccess(value === "read" ? "read" : "full")}
            />
          )}
        </Field>
        <Field id="token-life" label="Expires">
          {(control) => <Select {...control} options={LIVES} value={life} onValueChange={setLife} />}
        </Field>
      </form>
    </DialogContent>
  );
}

function NewToken({ token, onClose }: { readonly token: NewTokenView; readonly onClose: () => void }) {
  return (
    <DialogContent
      title={`Token ${token.name} created`}
      description="Copy it now and keep it where secrets are kept: it is not shown again."
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CodeBlock text={token.token} label="the token" />
        <SnippetTabs snippets={tokenSnippets(window.location.origin, token.token)} />
      </div>
    </DialogContent>
  );
}
