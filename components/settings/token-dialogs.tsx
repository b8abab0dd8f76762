/** The windows that rename an API token, and ask before one is revoked. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { RenameTokenInput, type TokenView } from "@/server/domain/api-tokens";

interface TokenDialogProps {
  readonly token: TokenView;
  readonly onClose: () => void;
}

export function RenameTokenDialog({ token, onClose }: TokenDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(token.name);
  const [wasTried, setWasTried] = useState(false);
  const settled = { onSettled: () => void queryClient.invalidateQueries(trpc.tokens.pathFilter()) };
  const undo = useMutation(trpc.tokens.rename.mutationOptions(settled));
  const rename = useMutation(
    trpc.tokens.rename.mutationOptions({
      ...settled,
      onSuccess: (renamed) => {
        toast({
          title: `${token.name} is now ${renamed.name}`,
          action: { label: "Undo", run: () => undo.mutate({ id: token.id, name: token.name }) },
        });
        onClose();
      },
    }),
  );
  const named = RenameTokenInput.shape.name.safeParse(name);
  const submit = () => {
    setWasTried(true);
    if (named.success && !rename.isPending) rename.mutate({ id: token.id, name: named.data });
  };
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={`Rename ${token.name}`}
        footer={
          <>
            <Button onClick={onClose}>Leave</Button>
            <Button look="primary" type="submit" form="token-rename" busy={rename.isPending}>
              Rename
            </Button>
          </>
        }
      >
        <form
          id="token-rename"
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {rename.error ? <ErrorState title="It keeps its name" message={callProblem(rename.error).message} /> : null}
          <Field
            id="token-new-name"
            label="Name"
            required
            error={wasTried && !named.success ? named.error.issues[0]?.message : undefined}
            hint="What was done under the old name keeps that."
          >
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}

export function RevokeTokenDialog({ token, onClose }: TokenDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.tokens.revoke.mutationOptions({
      onSuccess: () => {
        toast({ title: `${token.name} revoked` });
        onClose();
      },
      onSettled: () => void queryClient.invalidateQueries(trpc.tokens.pathFilter()),
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={`Revoke ${token.name}?`}
        description="Programs that show it are refused at once, and what they watch ends. It cannot be brought back; a new token can take its name."
        footer={
          <>
            <Button onClick={onClose}>Keep it</Button>
            <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate({ id: token.id })}>
              Revoke token
            </Button>
          </>
        }
      >
        {revoke.error ? <ErrorState title="It was not revoked" message={callProblem(revoke.error).message} /> : null}
      </DialogContent>
    </Dialog>
  );
}
