/** The windows of the secrets page: make one, set a value, and the questions before what cannot be undone. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { SaveSecretInput } from "@/server/domain/inputs/surroundings";

export type SecretChange =
  | { readonly kind: "create"; readonly isShown: boolean }
  | {
      readonly kind: "set";
      readonly secret: string;
      readonly isShown: boolean;
      /** Null for a key that is to be added. */
      readonly key: string | null;
      /** What it holds now, where that is shown. */
      readonly value: string | null;
    }
  | { readonly kind: "remove-key"; readonly secret: string; readonly key: string }
  | { readonly kind: "remove"; readonly secret: string; readonly isShown: boolean };

const noun = (isShown: boolean): string => (isShown ? "config map" : "secret");

interface Actions {
  readonly save: (input: SaveSecretInput, done: string) => void;
  readonly remove: (name: string) => void;
  readonly busy: boolean;
  readonly problem: ReactNode;
  readonly onClose: () => void;
}

function useSecretActions(onClose: () => void): Actions {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = { onSettled: () => void queryClient.invalidateQueries(trpc.secrets.pathFilter()) };
  const save = useMutation(trpc.secrets.save.mutationOptions(settled));
  const remove = useMutation(trpc.secrets.remove.mutationOptions(settled));
  const ended = (title: string) => ({
    onSuccess: () => {
      toast({ title });
      onClose();
    },
  });
  const error = save.error ?? remove.error;
  return {
    save: (input, done) => save.mutate(input, ended(done)),
    remove: (name) => remove.mutate({ name }, ended(`${name} deleted`)),
    busy: save.isPending || remove.isPending,
    problem: error ? <ErrorState title="Nothing was changed" message={callProblem(error).message} /> : null,
    onClose,
  };
}

/** The first thing that is wrong with each field, by the schema that the server reads with. */
function problemsOf(input: unknown): { readonly [field: string]: string } {
  const read = SaveSecretInput.safeParse(input);
  if (read.success) return {};
  return Object.fromEntries(read.error.issues.reverse().map((issue) => [String(issue.path[0]), issue.message]));
}

export function SecretDialog({
  change,
  onClose,
}: {
  readonly change: SecretChange | null;
  readonly onClose: () => void;
}) {
  const actions = useSecretActions(onClose);
  return (
    <Dialog open={change !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {change === null ? null : change.kind === "create" || change.kind === "set" ? (
        <ValueForm change={change} actions={actions} />
      ) : (
        <Question change={change} actions={actions} />
      )}
    </Dialog>
  );
}

type Filling = Extract<SecretChange, { kind: "create" | "set" }>;

function titleOf(change: Filling): string {
  if (change.kind === "create") return `Create ${noun(change.isShown)}`;
  return change.key === null ? `Add a key to ${change.secret}` : `Set ${change.key}`;
}

function ValueForm({ change, actions }: { readonly change: Filling; readonly actions: Actions }) {
  const isNew = change.kind === "create";
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [key, setKey] = useState(isNew ? "" : (change.key ?? ""));
  const [value, setValue] = useState(isNew ? "" : (change.value ?? ""));
  const [wasTried, setWasTried] = useState(false);
  const target = isNew ? name : change.secret;
  const input = {
    name: target,
    ...(isNew ? { isShown: change.isShown, ...(description.trim() ? { description: description.trim() } : {}) } : {}),
    values: { [key]: value },
  };
  const problems = wasTried ? problemsOf(input) : {};
  const submit = () => {
    setWasTried(true);
    const read = SaveSecretInput.safeParse(input);
    if (read.success && !actions.busy) actions.save(read.data, isNew ? `${target} created` : `${key} set`);
  };
  const isKeyFixed = !isNew && change.key !== null;
  return (
    <DialogContent
      title={titleOf(change)}
      description={
        change.isShown
          ? "Everyone who can open this page sees the value."
          : "The value is sealed when it is saved. Nobody can read it here again; it can only be set anew."
      }
      footer={
        <>
          <Button onClick={actions.onClose}>Leave</Button>
          <Button look="primary" type="submit" form="secret-form" busy={actions.busy}>
            {isNew ? `Create ${noun(change.isShown)}` : "Set value"}
          </Button>
        </>
      }
    >
      <form
        id="secret-form"
        noValidate
        autoComplete="off"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {actions.problem}
        {isNew ? (
          <>
            <Field
              id="secret-name"
              label="Name"
              required
              error={problems.name}
              hint="As pipelines name it: lower-case letters, digits, dots and dashes."
            >
              {(control) => (
                <Input
                  {...control}
                  value={name}
                  className="font-mono text-xs"
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field id="secret-description" label="Description">
              {(control) => (
                <Input {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
              )}
            </Field>
          </>
        ) : null}
        {isKeyFixed ? null : (
          <Field id="secret-key" label="Key" required error={problems.values}>
            {(control) => (
              <Input
                {...control}
                value={key}
                className="font-mono text-xs"
                placeholder="password"
                onChange={(event) => setKey(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field id="secret-value" label={isKeyFixed && !change.isShown ? "New value" : "Value"}>
          {(control) =>
            change.isShown ? (
              <Textarea
                {...control}
                value={value}
                className="font-mono text-xs"
                onChange={(event) => setValue(event.target.value)}
              />
            ) : (
              <SealedInput control={control} value={value} onChange={setValue} />
            )
          }
        </Field>
      </form>
    </DialogContent>
  );
}

/** Dots unless one asks to see what was just typed; keys and certificates have many lines, so it is no password field. */
function SealedInput({
  control,
  value,
  onChange,
}: {
  readonly control: object;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [isSeen, setSeen] = useState(false);
  return (
    <div className="flex flex-col items-start gap-1">
      <Textarea
        {...control}
        value={value}
        rows={2}
        autoComplete="off"
        data-1p-ignore
        className={`font-mono text-xs ${isSeen ? "" : "[-webkit-text-security:disc]"}`}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button size="sm" look="ghost" aria-pressed={isSeen} onClick={() => setSeen(!isSeen)}>
        {isSeen ? "Hide what is typed" : "Show what is typed"}
      </Button>
    </div>
  );
}

type Removal = Extract<SecretChange, { kind: "remove" | "remove-key" }>;

function Question({ change, actions }: { readonly change: Removal; readonly actions: Actions }) {
  const isKey = change.kind === "remove-key";
  const what = isKey ? `${change.key} from ${change.secret}` : change.secret;
  return (
    <DialogContent
      title={isKey ? `Remove ${what}?` : `Delete ${what}?`}
      description={
        isKey
          ? "Its value is gone then. Steps that ask for this key are refused from then on."
          : `Its values are gone then. Runs that name this ${noun(change.isShown)} are refused from then on.`
      }
      footer={
        <>
          <Button onClick={actions.onClose}>Keep it</Button>
          <Button
            look="danger"
            busy={actions.busy}
            onClick={() =>
              isKey
                ? actions.save({ name: change.secret, values: { [change.key]: null } }, `${change.key} removed`)
                : actions.remove(change.secret)
            }
          >
            {isKey ? "Remove key" : `Delete ${noun(change.isShown)}`}
          </Button>
        </>
      }
    >
      {actions.problem}
    </DialogContent>
  );
}
