/** What is written down of containers and pods. */
import { expect, it } from "vitest";
import type { ContainerOrder, PodOrder, StartSpec } from "../executors/executor";
import { commandRecord } from "./command-record";

const SPEC: StartSpec = {
  id: "r/1/1",
  directory: "/d/1",
  graceMs: 1,
  memoryLimitBytes: 2 ** 20,
  engine: "/x.sock",
  argv: ["a"],
  cwd: "/d/1/work",
  env: { A: "b" },
};

const ORDER: ContainerOrder = {
  image: "i",
  usesEntrypoint: false,
  cwd: null,
  mounts: [
    { path: "/d/1/work", isWritable: true },
    { path: "/d/1/mounted/0", target: "/etc/creds", isWritable: false },
    { path: "/d/1/mounted/1", target: "/scratch", isWritable: true },
  ],
  memory: [{ target: "/dev/shm", bytes: 1_024 }],
  pull: "never",
  credentials: { username: "u", password: "p" },
  network: null,
  user: null,
  isReadOnly: false,
  cpus: 0.5,
  sharedMemoryBytes: null,
  gpus: null,
  labels: {},
};

it("a process has no container", () => {
  expect(commandRecord(SPEC)).toEqual({ argv: ["a"], cwd: "/d/1/work", env: { A: "b" }, container: null });
});

it("a container has all that it takes to make another, and no credentials; what was there for the step alone is told", () => {
  expect(commandRecord({ ...SPEC, container: ORDER }).container).toEqual({
    isPod: false,
    image: "i",
    usesEntrypoint: false,
    engine: "/x.sock",
    user: null,
    cwd: null,
    network: null,
    isReadOnly: false,
    memoryBytes: 2 ** 20,
    cpus: 0.5,
    sharedMemoryBytes: null,
    gpus: null,
    mounts: [{ path: "/d/1/work", target: "/d/1/work", isWritable: true }],
    memory: [
      { target: "/dev/shm", bytes: 1_024 },
      { target: "/scratch", bytes: null },
    ],
    brought: ["/etc/creds"],
  });
});

it("a pod is told as a container of this machine, without what only its cluster has", () => {
  const volumes = [
    { volume: { name: "a", emptyDir: {} }, mount: { name: "a", mountPath: "/empty" } },
    { volume: { name: "b", secret: { secretName: "s" } }, mount: { name: "b", mountPath: "/secret" } },
    { volume: { name: "c", persistentVolumeClaim: { claimName: "c" } }, mount: { name: "c", mountPath: "/claim" } },
  ];
  const pod = { volumes, security: { runAsUser: 7 } } as unknown as PodOrder;
  expect(commandRecord({ ...SPEC, container: { ...ORDER, mounts: [], memory: [], pod } }).container).toMatchObject({
    isPod: true,
    engine: null,
    user: "7",
    memory: [{ target: "/empty", bytes: null }],
    brought: ["/secret", "/claim"],
  });
});
