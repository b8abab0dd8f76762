/** A real Kubernetes of one node for tests, started by the tool beside the fixtures; says why where there can be none. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { programRoot } from "@/server/platform/root";

/** Set by `npm run kubernetes`: what takes minutes runs too, and the cluster's programs are built where they are not. */
const WANTS_ALL = process.env.PENSTOCK_KUBE_TESTS === "all";

const fixtures = process.env.PENSTOCK_FIXTURES ?? join(programRoot(), "..", "shared", "fixtures");
const TOOL = join(dirname(fixtures), "tools", "kube");
const HOME = process.env.PENSTOCK_KUBE_HOME ?? join(homedir(), ".cache", "penstock-kube");
/** In it for whoever asks the tool to start the cluster. */
const IMAGE = "localhost/busybox:1";

/** Whether the cluster is there in seconds: its programs are built, which takes minutes and a lot of the machine. */
const isBuilt = (): boolean =>
  existsSync(join(HOME, "bin")) && readdirSync(join(HOME, "bin")).some((name) => name.startsWith(".kube-"));

/** Why no cluster can be had here, or not now; null where one can. Whoever `builds` has the minutes that this takes once. */
export function whyNoCluster({ builds = WANTS_ALL } = {}): string | null {
  if (!existsSync(join(TOOL, "up"))) return "the tool that starts a cluster is not beside the fixtures";
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "starting a cluster needs root on Linux";
  if (!existsSync("/dev/kmsg")) return "a cluster needs /dev/kmsg, which this machine does not give";
  if (builds || isBuilt()) return null;
  return "its programs are not built here, which takes minutes; npm run kubernetes does";
}

/** The same for what takes minutes in itself. */
export const whyNotAll = (): string | null =>
  whyNoCluster() ?? (WANTS_ALL ? null : "it takes minutes; npm run kubernetes runs it");

export interface TestCluster {
  readonly kubeconfig: string;
  /** A namespace of this test's own. */
  readonly namespace: string;
  /** An image with a shell and the usual commands. */
  readonly image: string;
  /** Claim in the namespace that holds `shared`. */
  readonly claim: string;
  readonly shared: string;
  /** Makes another claim, on a folder of this machine. */
  readonly share: (name: string, folder: string) => string;
  readonly kubectl: (args: readonly string[], input?: string) => string;
  /** The address by which pods reach a server on this machine's port. */
  readonly reach: (port: number) => string;
  /** Makes an image of a root folder, once. */
  readonly load: (name: string, folder: string) => void;
  readonly pods: () => string[];
  /** Stops the node where it stands, or lets it go on: its containers run meanwhile, and nobody hears of them. */
  readonly silence: (isSilent: boolean) => void;
  readonly close: () => void;
}

function run(program: string, args: readonly string[], input?: string): string {
  const done = spawnSync(program, [...args], { encoding: "utf8", input, maxBuffer: 64 * 2 ** 20 });
  if (done.status === 0) return done.stdout.trim();
  throw new Error(`${program} ${args.join(" ")} ended with ${done.status}: ${done.stderr?.slice(-2_000)}`);
}

const object = (kind: string, metadata: object, rest: object): object => ({
  apiVersion: "v1",
  kind,
  metadata,
  ...rest,
});

/** A volume of the cluster that is a folder of this machine, and the claim on it. */
function sharedFolder(namespace: string, name: string, folder: string): object[] {
  const storage = { storage: "1Gi" };
  const common = { accessModes: ["ReadWriteMany"], storageClassName: "", volumeName: undefined };
  return [
    object(
      "PersistentVolume",
      { name: `${name}-${namespace}` },
      {
        spec: {
          ...common,
          capacity: storage,
          hostPath: { path: folder },
          persistentVolumeReclaimPolicy: "Retain",
          claimRef: { namespace, name },
        },
      },
    ),
    object(
      "PersistentVolumeClaim",
      { name, namespace },
      {
        spec: { ...common, volumeName: `${name}-${namespace}`, resources: { requests: storage } },
      },
    ),
  ];
}

/**
 * Keeps the address of the bridge between the pods. By itself a bridge takes the lowest of its members' addresses, so it
 * changes as pods come and go, and a running pod sends to the old one until it asks anew: half a minute into the void.
 */
function holdBridge(): void {
  const network = process.env.PENSTOCK_KUBE_NS ?? "pkube";
  const hold = 'ip link set dev pods address "$(cat /sys/class/net/pods/address)"';
  run("ip", ["netns", "exec", network, "sh", "-c", hold]);
}

/** The process of the node itself; the file says when it began too, so that another of its number is not taken for it. */
function kubelet(): number {
  const [pid = "", beganAt] = readFileSync(join(HOME, "run", "kubelet.pid"), "utf8")
    .trim()
    .split(" ");
  const [, since = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  if (since.split(" ")[19] !== beganAt) throw new Error("the node of the test cluster is not there any more");
  return Number(pid);
}

/** Starts the cluster where it is not up, with a namespace of its own and a claim on `shared` in it. */
export async function startTestCluster(shared = realpathSync(tmpdir())): Promise<TestCluster> {
  const program = join(HOME, "bin", "kubectl");
  const wasUp = spawnSync(program, ["get", "--raw", "/readyz"], { timeout: 5_000 }).status === 0;
  const kubeconfig = run(join(TOOL, "up"), []);
  holdBridge();
  const namespace = `penstock-${crypto.randomUUID().slice(0, 8)}`;
  const kubectl = (args: readonly string[], input?: string) => run(program, args, input);
  kubectl(["create", "namespace", namespace]);
  const volumes: string[] = [];
  const share = (name: string, folder: string): string => {
    const items = sharedFolder(namespace, name, folder);
    kubectl(["apply", "-f", "-"], JSON.stringify(object("List", {}, { items })));
    volumes.push(`${name}-${namespace}`);
    kubectl(["wait", `pvc/${name}`, "-n", namespace, "--for=jsonpath={.status.phase}=Bound", "--timeout=60s"]);
    return name;
  };
  for (let tries = 0; ; tries++) {
    if (kubectl(["get", "sa", "-n", namespace, "-o", "name"]).includes("default")) break;
    if (tries > 100) throw new Error("the namespace has no service account");
    await delay(100);
  }
  return {
    kubeconfig,
    namespace,
    image: IMAGE,
    claim: share("shared", shared),
    share,
    shared,
    kubectl,
    reach: (port) => `http://${run(join(TOOL, "reach"), [String(port)])}`,
    load(name, folder) {
      mkdirSync(folder, { recursive: true });
      run(join(TOOL, "load"), [name, folder]);
    },
    pods: () =>
      kubectl(["get", "pods", "-n", namespace, "-o", "name"])
        .split("\n")
        .filter((name) => name !== ""),
    silence: (isSilent) => process.kill(kubelet(), isSilent ? "SIGSTOP" : "SIGCONT"),
    close() {
      kubectl(["delete", "namespace", namespace, "--wait=false"]);
      kubectl(["delete", "pv", ...volumes, "--wait=false"]);
      // At rest it takes a quarter of a core, which the tests after it would miss. Who runs all has another file for it.
      if (!wasUp && !WANTS_ALL) run(join(TOOL, "down"), []);
    },
  };
}

/** A folder that is gone afterwards. */
export function scratch(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "penstock-kube-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
