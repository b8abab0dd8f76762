/** What is read from a pod, state by state, as clusters tell them. */
import { describe, expect, it } from "vitest";
import { type LookFacts, lookAt } from "./look";
import type { ContainerState, Pod } from "./pod";
import { withEvents } from "./words";

const NOW = Date.UTC(2026, 0, 1, 12);
const FACTS: LookFacts = {
  image: "img:1",
  helperImage: "help:1",
  memoryLimitBytes: 2 ** 25,
  isStopped: false,
  nowMs: NOW,
};

const pod = (status: Pod["status"] = {}, metadata: Partial<Pod["metadata"]> = {}): Pod => ({
  metadata: { name: "p", uid: "u", resourceVersion: "1", ...metadata },
  spec: { nodeName: "node-a" },
  status,
});
const main = (state: ContainerState): Pod["status"] => ({ containerStatuses: [{ name: "main", state }] });
const ended = (exitCode: number, more: object = {}) => main({ terminated: { exitCode, ...more } });
const waiting = (reason: string, message = "") => main({ waiting: { reason, message } });
const disrupted = (reason: string, exitCode: number): Pod["status"] => ({
  ...ended(exitCode),
  conditions: [{ type: "DisruptionTarget", status: "True", reason, message: "by the cluster" }],
});

describe("a pod is read as", () => {
  it.each<[string, Pod, object]>([
    ["new", pod(), { is: "waiting", words: null, isHopeless: false }],
    ["running", pod(main({ running: {} })), { is: "running", words: null }],
    [
      "running, not yet ready",
      pod({
        ...main({ running: {} }),
        conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady" }],
      }),
      { is: "running", words: null },
    ],
    [
      "running on a node that fell silent",
      pod({ ...main({ running: {} }), conditions: [{ type: "Ready", status: "False" }] }),
      { is: "running", words: expect.stringMatching(/^The node node-a does not answer\. The step goes on when/) },
    ],
    [
      "ended well",
      pod(ended(0, { finishedAt: "2026-01-01T11:00:00Z" })),
      { is: "ended", code: 0, reason: null, atMs: NOW - 3_600_000 },
    ],
    [
      "ended well, with what it took",
      pod(ended(0, { message: "penstock: used 1234 56789\n" })),
      { is: "ended", code: 0, reason: null, usage: { cpuMs: 1_234, peakBytes: 56_789 } },
    ],
    [
      "ended well, with what could be told",
      pod(ended(0, { message: "penstock: used 12 -\n" })),
      { is: "ended", usage: { cpuMs: 12, peakBytes: null } },
    ],
    ["ended badly", pod(ended(3)), { is: "ended", code: 3, reason: null }],
    [
      "out of memory",
      pod(ended(137, { reason: "OOMKilled" })),
      {
        code: 137,
        reason: {
          code: "out-of-memory",
          message: expect.stringMatching(/OOMKilled, exit code 137\); its limit is 33.6 MB/),
        },
      },
    ],
    [
      "deleted by hand",
      pod(ended(143), { deletionTimestamp: "2026-01-01T11:59:59Z" }),
      { code: 143, reason: { code: "lost", message: expect.stringMatching(/deleted from outside/) } },
    ],
    [
      "done before it was deleted",
      pod(ended(0), { deletionTimestamp: "2026-01-01T11:59:59Z" }),
      { code: 0, reason: null },
    ],
    [
      "evicted",
      pod({ phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory" }),
      {
        is: "ended",
        code: null,
        reason: {
          code: "lost",
          message: expect.stringMatching(/evicted the step's pod. The node was low on resource: memory\. Raise/),
        },
      },
    ],
    [
      "preempted",
      pod(disrupted("PreemptionByScheduler", 143)),
      { reason: { code: "lost", message: expect.stringMatching(/higher priority/) } },
    ],
    [
      "drained",
      pod(disrupted("EvictionByEvictionAPI", 137)),
      { reason: { code: "lost", message: expect.stringMatching(/drained/) } },
    ],
    [
      "of unknown end",
      pod(ended(137, { reason: "ContainerStatusUnknown" })),
      { code: null, reason: { code: "lost", message: expect.stringMatching(/node node-a does not answer/) } },
    ],
    [
      "on a node that is lost",
      pod(main({ running: {} }), { deletionTimestamp: "2026-01-01T11:50:00Z" }),
      { is: "ended", code: null, reason: { code: "lost", message: expect.stringMatching(/does not answer/) } },
    ],
    ["about to go", pod(main({ running: {} }), { deletionTimestamp: "2026-01-01T11:59:30Z" }), { is: "running" }],
    [
      "without its program",
      pod(ended(128, { reason: "StartError", message: 'exec: "nosuch": executable file not found in $PATH' })),
      { reason: { code: "command-not-found", message: expect.stringMatching(/img:1 has no program "nosuch"/) } },
    ],
    [
      "refused by its node",
      pod({ phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource" }),
      { code: null, reason: { code: "cannot-start", message: expect.stringMatching(/OutOfcpu/) } },
    ],
    [
      "without its files",
      pod({
        initContainerStatuses: [
          {
            name: "fetch",
            state: { terminated: { exitCode: 1, message: "The step's files could not be fetched from x: refused" } },
          },
        ],
      }),
      { code: null, reason: { code: "cannot-start", message: expect.stringMatching(/could not be fetched from x/) } },
    ],
    [
      "undelivered",
      pod(ended(1, { message: "penstock: code 0, nothing delivered to p:80: HTTP/1.1 401 Unauthorized" })),
      {
        code: 1,
        reason: {
          code: "bad-output",
          message: expect.stringMatching(
            /ended with code 0, and what it left could not be brought to Penstock at p:80: HTTP\/1.1 401/,
          ),
        },
      },
    ],
    [
      "without its image",
      pod(waiting("ErrImageNeverPull")),
      { is: "waiting", isHopeless: true, words: expect.stringMatching(/img:1 is not on the node/) },
    ],
    [
      "pulling in vain",
      pod(waiting("ImagePullBackOff", "Back-off pulling image")),
      { is: "waiting", isHopeless: false, words: expect.stringMatching(/could not be pulled \(ImagePullBackOff\)/) },
    ],
    ["of no such image", pod(waiting("ErrImagePull", "manifest unknown")), { is: "waiting", isHopeless: true }],
    [
      "lacking a config map",
      pod(waiting("CreateContainerConfigError", 'configmap "c" not found')),
      { is: "waiting", isHopeless: true, words: expect.stringMatching(/configmap "c" not found/) },
    ],
    [
      "without a node",
      pod({
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available: insufficient cpu",
          },
        ],
      }),
      {
        is: "waiting",
        isHopeless: false,
        words: expect.stringMatching(/No node of the cluster can take the step's pod: 0\/1 nodes/),
      },
    ],
  ])("%s", (_, subject, look) => {
    expect(lookAt(subject, FACTS)).toMatchObject(look);
  });

  it("no more than its code where Penstock itself ended it", () => {
    const subject = pod(ended(143), { deletionTimestamp: "2026-01-01T11:59:59Z" });
    expect(lookAt(subject, { ...FACTS, isStopped: true })).toMatchObject({ code: 143, reason: null });
  });
});

it("events of the pod are added once, where the reason does not say them already", () => {
  const reason = { code: "lost", message: "No node: 0/1 nodes are available.", subject: null } as const;
  const events = [
    { type: "Normal", reason: "Pulled", message: "fine" },
    { type: "Warning", reason: "FailedScheduling", message: "0/1 nodes are available." },
    { type: "Warning", reason: "FailedMount", message: "no such volume" },
    { type: "Warning", reason: "FailedMount", message: "no such volume" },
  ];
  expect(withEvents(reason, events).message).toBe(
    "No node: 0/1 nodes are available. Events of the pod: FailedMount: no such volume",
  );
});
