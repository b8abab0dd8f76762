/** The part of a profile's form about pods: the cluster, how files travel, and what every pod has. */
import { Field, type FieldControl } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { POD_DEFAULTS } from "@/server/domain/pod";
import { POD_LABELS, type PodValues } from "./pod-values";
import { profileFieldId } from "./profile-values";

interface PodFieldsProps {
  readonly values: PodValues;
  readonly set: (change: Partial<PodValues>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

type TextName = Exclude<keyof PodValues, "template">;

const EXAMPLE = `nodeSelector:
  disk: ssd
tolerations:
  - key: gpu
    operator: Exists
volumes:
  - claim: datasets
    mountPath: /data
    readOnly: true
requests:
  cpu: 500m`;

export function PodFields({ values, set, errorOf }: PodFieldsProps) {
  const line = (name: TextName, hint: string, isWide = false) => (
    <Field id={profileFieldId(name)} label={POD_LABELS[name] ?? name} hint={hint} error={errorOf(name)}>
      {(control: FieldControl) => (
        <Input
          {...control}
          value={values[name]}
          className={isWide ? "font-mono text-xs" : "max-w-60"}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="flex flex-col gap-6">
      <legend className="mb-3 text-sm font-medium">Pods</legend>
      {line(
        "kubeconfig",
        "A file of this machine. Empty: KUBECONFIG, ~/.kube/config, or the pod Penstock runs in.",
        true,
      )}
      <div className="grid gap-6 sm:grid-cols-2">
        {line("context", "Empty: the current one.")}
        {line("namespace", "Empty: the context's, else default.")}
        {line("serviceAccount", "Of the steps. Empty: the namespace's own, without a token.")}
        {line("patienceMs", "Minutes that a pod may wait for a node and its images.")}
      </div>
      {line(
        "address",
        "Files travel over it: http://host:port, as pods see this server. Its host has to be among PENSTOCK_ALLOWED_HOSTS.",
        true,
      )}
      {line(
        "claim",
        "Files are shared over it instead: a claim that holds Penstock's whole data directory. Empty: they travel.",
      )}
      {line(
        "helperImage",
        `Has a static /bin/busybox, which stands before each command. Empty: ${POD_DEFAULTS.helperImage}.`,
        true,
      )}
      <Field
        id={profileFieldId("template")}
        label={POD_LABELS.template ?? ""}
        hint="YAML in the words of Kubernetes: labels, annotations, nodeSelector, tolerations, affinity, imagePullSecrets, volumes, securityContext, requests, priorityClassName, runtimeClassName."
        error={errorOf("template")}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={10}
            className="font-mono text-xs"
            placeholder={EXAMPLE}
            value={values.template}
            onChange={(event) => set({ template: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}
