/** The workloads in the order in which they run. */
import type { Workload } from "../workload";
import { chainWorkload } from "./w1-chain";
import { fanOutWorkload } from "./w2-fan-out";
import { loopWorkload } from "./w2-loop";
import { latticeWorkload } from "./w3-lattice";
import { queueWorkload } from "./w4-queue";
import { listsWorkload } from "./w5-lists";
import { logsWorkload } from "./w6-logs";
import { recurringWorkload } from "./w7-recurring";
import { startWorkload } from "./w8-start";
import { footprintWorkload } from "./w9-footprint";
import { graphWorkload } from "./w10-graph";
import { compareWorkload } from "./w11-compare";
import { containersWorkload } from "./w12-containers";
import { liveWorkload } from "./w13-live";
import { metricsWorkload } from "./w14-metrics";
import { pythonStepsWorkload } from "./w15-python-steps";

export const WORKLOADS: readonly Workload[] = [
  chainWorkload,
  fanOutWorkload,
  loopWorkload,
  latticeWorkload,
  queueWorkload,
  listsWorkload,
  logsWorkload,
  recurringWorkload,
  startWorkload,
  footprintWorkload,
  graphWorkload,
  compareWorkload,
  containersWorkload,
  liveWorkload,
  metricsWorkload,
  pythonStepsWorkload,
];
