/** The part of a profile's form about limits, and about containers where the profile runs them. */
import { Field, type FieldControl } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch-field";
import type { ExecutorKind } from "@/server/domain/profile";
import { CONTAINER_LABELS, type ContainerValues } from "./container-values";
import type { PodValues } from "./pod-values";
import { profileFieldId } from "./profile-values";

interface FieldsProps {
  readonly values: ContainerValues;
  readonly set: (change: Partial<ContainerValues>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

type TextName = Exclude<keyof ContainerValues, "executor" | "pull" | "isReadOnly" | "mounts" | keyof PodValues>;

const EXECUTORS = [
  { value: "process", label: "Processes" },
  { value: "docker", label: "Containers (Docker or Podman)" },
  { value: "kubernetes", label: "Pods (Kubernetes)" },
] as const;

const EXECUTOR_HINTS: { readonly [E in ExecutorKind]: string } = {
  process: "Steps run as processes of the machine on which Penstock runs; images are not used.",
  docker: "Steps with an image run in it, through the container engine of the machine on which Penstock runs.",
  kubernetes: "Steps with an image run in it, each as a pod of a cluster.",
};
const PULLS = [
  { value: "missing", label: "Pull what is missing" },
  { value: "always", label: "Pull before every step" },
  { value: "never", label: "Never pull" },
];

function TextField({
  name,
  hint,
  isWide = false,
  ...props
}: FieldsProps & { readonly name: TextName; readonly hint: string; readonly isWide?: boolean }) {
  return (
    <Field id={profileFieldId(name)} label={CONTAINER_LABELS[name] ?? name} hint={hint} error={props.errorOf(name)}>
      {(control: FieldControl) => (
        <Input
          {...control}
          value={props.values[name]}
          className={isWide ? "font-mono text-xs" : "max-w-60"}
          onChange={(event) => props.set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

export function ExecutorField({ values, set }: Pick<FieldsProps, "values" | "set">) {
  return (
    <Field id="profile-executor" label="Steps run as" hint={EXECUTOR_HINTS[values.executor]}>
      {(control) => (
        <Select
          {...control}
          value={values.executor}
          options={EXECUTORS}
          className="max-w-72"
          onValueChange={(value) => set({ executor: EXECUTORS.find((one) => one.value === value)?.value ?? "process" })}
        />
      )}
    </Field>
  );
}

export function LimitFields(props: FieldsProps) {
  const hasContainers = props.values.executor !== "process";
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="text-sm font-medium">Limits</legend>
      <p className="text-xs text-dim">
        For steps that name none. {hasContainers ? "" : "Processes are held to the memory alone."}
      </p>
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField {...props} name="memoryBytes" hint="Such as 512Mi or 2Gi. Empty: no limit." />
        {hasContainers ? (
          <>
            <TextField {...props} name="cpus" hint="Fractions are allowed. Empty: no limit." />
            <TextField {...props} name="sharedMemoryBytes" hint="Such as 256Mi. Empty: what the engine gives, 64Mi." />
            <TextField {...props} name="gpus" hint="How many a step gets. Empty: none." />
          </>
        ) : null}
      </div>
      <p className="text-xs text-dim">
        For all steps at once. Each counts for what it may take, named by itself or here; what is in the queue waits
        until the next one fits.
      </p>
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField {...props} name="totalMemoryBytes" hint="Such as 64Gi. Empty: no limit." />
        <TextField {...props} name="totalCpus" hint="Empty: no limit." />
      </div>
    </fieldset>
  );
}

export function ContainerFields(props: FieldsProps) {
  const { values, set, errorOf } = props;
  const hasEngine = values.executor === "docker";
  return (
    <fieldset className="flex flex-col gap-6">
      <legend className="mb-3 text-sm font-medium">Containers</legend>
      {hasEngine ? (
        <TextField
          {...props}
          name="engine"
          isWide
          hint="Its socket, such as unix:///var/run/docker.sock. Empty: DOCKER_HOST, the context in use, or the first socket found."
        />
      ) : null}
      <TextField
        {...props}
        name="image"
        isWide
        hint="For scripts and notebooks that name no image, such as python:3.11. Empty: they are refused."
      />
      <div className="grid gap-6 sm:grid-cols-2">
        <Field id="profile-pull" label="Images" hint="How far a pull has come is in the log of the step.">
          {(control) => (
            <Select
              {...control}
              value={values.pull}
              options={PULLS}
              className="max-w-60"
              onValueChange={(pull) => set({ pull: pull === "always" || pull === "never" ? pull : "missing" })}
            />
          )}
        </Field>
        {hasEngine ? (
          <>
            <TextField
              {...props}
              name="registrySecret"
              hint="Its username and password are used to pull. Empty: none."
            />
            <TextField
              {...props}
              name="network"
              hint="A network of the engine; none: no network. Empty: the engine's own."
            />
          </>
        ) : null}
        <TextField
          {...props}
          name="user"
          hint={
            hasEngine
              ? "As user or user:group. Empty: the user that runs Penstock."
              : "As numbers, user or user:group. Empty: the user of the image."
          }
        />
        <TextField {...props} name="keepMs" hint="Minutes that a container stays after its end, to be looked into." />
      </div>
      <SwitchField
        id="profile-read-only"
        label="Read-only containers"
        hint="Steps can write to their own folders and /tmp alone."
        checked={values.isReadOnly}
        onChange={(isReadOnly) => set({ isReadOnly })}
      />
      <Field
        id={profileFieldId("mounts")}
        label={CONTAINER_LABELS.mounts ?? ""}
        hint="Absolute paths, one a line. Volumes and imported files of this machine are given to containers only from here and from Penstock's own data."
        error={errorOf("mounts")}
      >
        {(control) => (
          <Textarea {...control} value={values.mounts} onChange={(event) => set({ mounts: event.target.value })} />
        )}
      </Field>
    </fieldset>
  );
}
