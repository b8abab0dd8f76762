/** The form of a profile. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorSummary, type FieldError } from "@/components/ui/error-summary";
import { Field, type FieldControl } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PairsEditor } from "@/components/ui/pairs-editor";
import { SwitchField } from "@/components/ui/switch-field";
import { toast } from "@/components/ui/toast";
import type { ExecutorKind } from "@/server/domain/profile";
import type { ProfileView } from "@/server/domain/views/surroundings";
import { ContainerFields, ExecutorField, LimitFields } from "./container-fields";
import { PodFields } from "./pod-fields";
import { type ProfileValues, profileFieldId, profileValues, readProfile } from "./profile-values";

const MOUNT_HINTS: { readonly [E in ExecutorKind]: string } = {
  process: "Processes cannot mount volumes or secrets as files at fixed paths.",
  docker: "Of Kubeflow's mounts, containers of this machine are given none; volumes of scripts and notebooks they are.",
  kubernetes: "Pods are given the mounts that a pipeline names outright, and not those that come from other steps.",
};

export function ProfileForm({ profile }: { readonly profile: ProfileView | null }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [values, setValues] = useState<ProfileValues>(() => profileValues(profile));
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [round, setRound] = useState(0);
  const save = useMutation(
    trpc.profiles.save.mutationOptions({
      onSuccess: (saved) => {
        void queryClient.invalidateQueries(trpc.profiles.pathFilter());
        toast({ title: `Profile ${saved.name} saved` });
        router.push("/settings/profiles");
      },
      onError: () => setRound((before) => before + 1),
    }),
  );
  const set = (change: Partial<ProfileValues>) => setValues((before) => ({ ...before, ...change }));
  const errorOf = (field: string) => errors.find((error) => error.fieldId === profileFieldId(field))?.message;
  const submit = () => {
    const read = readProfile(values);
    setErrors(read.ok ? [] : read.errors);
    if (read.ok) save.mutate(read.input);
    else setRound((before) => before + 1);
  };
  const text = (field: "name" | "capacity" | "python" | "grace" | "workingDirectory") => (control: FieldControl) => (
    <Input
      {...control}
      value={values[field]}
      className={field === "python" || field === "workingDirectory" ? "font-mono text-xs" : "max-w-60"}
      inputMode={field === "capacity" || field === "grace" ? "decimal" : "text"}
      onChange={(event) => set({ [field]: event.target.value })}
    />
  );
  const hasContainers = values.executor !== "process";
  const failed = save.error ? callProblem(save.error).message : null;
  return (
    <form
      noValidate
      className="flex max-w-2xl flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) submit();
      }}
    >
      {round > 0 && (errors.length > 0 || failed) ? (
        <ErrorSummary title={failed ?? "The profile cannot be saved like this"} errors={errors} round={round} />
      ) : null}
      {profile === null ? (
        <Field
          id={profileFieldId("name")}
          label="Name"
          required
          hint="Lower-case letters, digits and dashes. It cannot be changed later."
          error={errorOf("name")}
        >
          {text("name")}
        </Field>
      ) : null}
      <ExecutorField values={values} set={set} />
      <SwitchField
        id="profile-default"
        label="Default profile"
        hint={
          profile?.isDefault
            ? "Runs that name no profile take this one. To change that, make another profile the default."
            : "Runs that name no profile take this one."
        }
        checked={values.isDefault}
        onChange={(isDefault) => set({ isDefault: isDefault || profile?.isDefault === true })}
      />
      <div className="grid gap-6 sm:grid-cols-2">
        <Field
          id={profileFieldId("capacity")}
          label="Steps at once"
          hint="Empty: as many as the machine has slots."
          error={errorOf("capacity")}
        >
          {text("capacity")}
        </Field>
        <Field
          id={profileFieldId("graceMs")}
          label="Grace, in seconds"
          hint="How long a step may tidy up between the request to stop and its end."
          error={errorOf("graceMs")}
        >
          {text("grace")}
        </Field>
      </div>
      <Field
        id={profileFieldId("python")}
        label="Interpreter"
        hint={
          hasContainers
            ? "Prepares the packages of Python components; in containers, the image's own interpreter runs. Empty: the server's."
            : "For Python steps and notebooks: a name on the PATH or an absolute path. Empty: the server's."
        }
        error={errorOf("python")}
      >
        {text("python")}
      </Field>
      <Field
        id={profileFieldId("workingDirectory")}
        label="Working directory"
        hint={
          hasContainers
            ? "Where container steps start, inside the container. Empty: where the image says."
            : "Where container steps start. Empty: each in a directory of its own."
        }
        error={errorOf("workingDirectory")}
      >
        {text("workingDirectory")}
      </Field>
      <PairsEditor
        legend="Environment"
        hint="Every step gets these variables. Values are shown here; what must not be seen belongs into a secret."
        pairs={values.environment}
        onChange={(environment) => set({ environment })}
        names={{ label: "Name of a variable", example: "LOG_LEVEL" }}
        values={{ label: "Value", example: "info" }}
        add="Add a variable"
        error={errorOf("environment")}
      />
      <PairsEditor
        legend="Image map"
        hint="Takes another image than the one a step names, for example one from a registry nearby. A * stands for any part of a name: docker.io/* to mirror.local/*."
        pairs={values.imageMap}
        onChange={(imageMap) => set({ imageMap })}
        names={{ label: "Image in the pipeline", example: "python:3.11" }}
        values={{ label: "Image to take", example: "registry.local/python:3.11" }}
        add="Add an image"
        error={errorOf("imageMap")}
      />
      <LimitFields values={values} set={set} errorOf={errorOf} />
      {values.executor === "kubernetes" ? <PodFields values={values} set={set} errorOf={errorOf} /> : null}
      {hasContainers ? <ContainerFields values={values} set={set} errorOf={errorOf} /> : null}
      <SwitchField
        id="profile-mounts"
        label="Run without mounts"
        hint={`${MOUNT_HINTS[values.executor]} Off: a run that asks for what cannot be mounted is refused before it starts. On: it runs, and every mount that was left out is listed on the run as “not applied here”.`}
        checked={values.runsWithoutMounts}
        onChange={(runsWithoutMounts) => set({ runsWithoutMounts })}
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={save.isPending || save.isSuccess}>
          {profile === null ? "Create profile" : "Save"}
        </Button>
        <ButtonLink look="ghost" href="/settings/profiles">
          Leave
        </ButtonLink>
      </div>
    </form>
  );
}
