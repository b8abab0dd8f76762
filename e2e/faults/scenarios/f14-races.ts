/** F14: a thousand scripted races of people around the moments of recurring runs. */
import { race } from "@/server/engine/testing/recurring-races";
import { testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import type { Scenario } from "../scenario";

/** Races on one database; more of them would only make its lists longer. */
const AT_ONCE = 100;

export const racesScenario: Scenario = {
  id: "F14",
  title: "edit, disable, delete, enable and restore around the moment, two clients at once",
  async run({ slice, seed }) {
    const races = slice ? 20 : 1_000;
    const violations: string[] = [];
    for (let done = 0; done < races; done += AT_ONCE) {
      const services = testServices();
      try {
        const stored = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("p"))] });
        const count = Math.min(AT_ONCE, races - done);
        violations.push(...(await race(services, stored.pipeline.id, count, seed + done)));
      } finally {
        services.close();
      }
    }
    return { violations, figures: { races } };
  },
};
