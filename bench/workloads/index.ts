/** The workloads in the order in which they run. */
import type { Workload } from "../workload";
import { chainWorkload } from "./w1-chain";
import { fanOutWorkload } from "./w2-fan-out";
import { latticeWorkload } from "./w3-lattice";
import { queueWorkload } from "./w4-queue";
import { startWorkload } from "./w8-start";
import { footprintWorkload } from "./w9-footprint";
import { liveWorkload } from "./w13-live";

export const WORKLOADS: readonly Workload[] = [
  chainWorkload,
  fanOutWorkload,
  latticeWorkload,
  queueWorkload,
  startWorkload,
  footprintWorkload,
  liveWorkload,
];
