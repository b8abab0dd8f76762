/** The fault scenarios in the order in which they run. */
import type { Scenario } from "../scenario";
import { killsScenario } from "./f01-kills";
import { oneEngineScenario } from "./f03-one-engine";
import { processGroupsScenario } from "./f04-process-groups";
import { rebootScenario } from "./f06-reboot";
import { diskFullScenario } from "./f07-disk-full";
import { clockScenario } from "./f11-clock";
import { daylightScenario } from "./f12-daylight-saving";
import { racesScenario } from "./f14-races";
import { containersScenario } from "./f15-containers";
import { nodeLostScenario } from "./f16-node-lost";
import { podsScenario } from "./f16-pods";
import { fuzzScenario } from "./f21-fuzz";
import { cancelStormScenario } from "./f23-cancel-storm";
import { recurringKillsScenario } from "./recurring-kills";
import { clientsScenario } from "./two-hundred-clients";

export const SCENARIOS: readonly Scenario[] = [
  killsScenario,
  oneEngineScenario,
  processGroupsScenario,
  rebootScenario,
  diskFullScenario,
  clockScenario,
  daylightScenario,
  racesScenario,
  containersScenario,
  podsScenario,
  nodeLostScenario,
  recurringKillsScenario,
  fuzzScenario,
  cancelStormScenario,
  clientsScenario,
];
