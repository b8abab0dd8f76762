/** What is written down of a started command, so that it can be run again by hand: the command, and what it ran in. */
import { sep } from "node:path";
import type { CommandView, ContainerView } from "@/server/domain/views/attempts";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { ContainerOrder, PodOrder, StartSpec } from "../executors/executor";

/** The record of what is started; secrets are still in it. */
export const commandRecord = (spec: StartSpec): Omit<CommandView, "secrets"> => ({
  argv: spec.argv,
  cwd: spec.cwd,
  env: spec.env,
  container: spec.container === undefined ? null : containerView(spec, spec.container),
});

function containerView(
  { memoryLimitBytes, engine }: Pick<StartSpec, "memoryLimitBytes" | "engine">,
  order: ContainerOrder,
): ContainerView {
  const { pod } = order;
  const given = order.mounts.map((mount) => ({ ...mount, target: mount.target ?? mount.path }));
  const isOwn = ({ path }: { readonly path: string }): boolean => path.split(sep).includes(ATTEMPT_FILES.mounted);
  const [own, kept] = [given.filter(isOwn), given.filter((mount) => !isOwn(mount))];
  const volumes = pod === undefined ? [] : pod.volumes.map(volumeOf);
  return {
    isPod: pod !== undefined,
    image: order.image,
    usesEntrypoint: order.usesEntrypoint,
    engine: pod === undefined ? (engine ?? null) : null,
    user: order.user ?? userOf(pod),
    cwd: order.cwd,
    network: order.network,
    isReadOnly: order.isReadOnly,
    memoryBytes: memoryLimitBytes ?? null,
    cpus: order.cpus,
    sharedMemoryBytes: order.sharedMemoryBytes,
    gpus: order.gpus,
    mounts: kept,
    // Folders that were made empty for the step are as good in memory.
    memory: [
      ...(order.memory ?? []),
      ...[...own.filter((mount) => mount.isWritable), ...volumes.filter((one) => one.isEmpty)].map(({ target }) => ({
        target,
        bytes: null,
      })),
    ],
    brought: [...own.filter((mount) => !mount.isWritable), ...volumes.filter((one) => !one.isEmpty)].map(
      ({ target }) => target,
    ),
  };
}

const volumeOf = ({ volume, mount }: PodOrder["volumes"][number]) => ({
  target: String(mount.mountPath),
  isEmpty: volume.emptyDir !== undefined || volume.ephemeral !== undefined,
});

const userOf = (pod: PodOrder | undefined): string | null => {
  const { runAsUser, runAsGroup } = pod?.security ?? {};
  if (runAsUser === undefined) return null;
  return runAsGroup === undefined ? String(runAsUser) : `${runAsUser}:${runAsGroup}`;
};
