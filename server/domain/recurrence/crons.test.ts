import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCron } from "./cron-text";
import { cronTimes } from "./cron-times";
import { readKubeflowCron } from "./kubeflow-cron";
import { runName, runNameBase } from "./run-name";

const NOW = Date.parse("2026-11-21T10:00:00Z");

describe("a cron of our own forms", () => {
  it.each([
    ["*/5 * * * *", "0 */5 * * * *"],
    ["  0  9   * * mon-FRI ", "0 0 9 * * mon-FRI"],
    ["30 0 9 * * *", "30 0 9 * * *"],
    ["0 9 L * *", "0 0 9 L * *"],
    ["0 9 * * 5L", "0 0 9 * * 5L"],
    ["0 0 1-5,*/10 * *", "0 0 0 1-5,*/10 * *"],
    ["@Daily", "0 0 0 * * *"],
    ["@midnight", "0 0 0 * * *"],
    ["@every 90s", "@every 90s"],
  ])("%s is stored as %s", (text, cron) => {
    expect(readCron(text, NOW)).toEqual({ ok: true, cron });
  });

  it.each([
    ["", "Write five fields"],
    ["9 9", "has five fields"],
    ["0 0 0 0 0 0 0", "has five fields"],
    ["60 * * * *", "Constraint error, got value 60"],
    ["H * * * *", "Invalid characters"],
    ["0 0 30 2 *", "There is no such day"],
    ["0 0 31 4,6 *", "There is no such day"],
    ["@often", "@often is not known"],
    ["@every soon", "After @every stands a duration"],
    ["@every 10ms", "After @every stands a duration"],
  ])("%j is refused: %s", (text, words) => {
    expect(readCron(text, NOW)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });
});

describe("a cron of the Kubeflow API", () => {
  it.each([
    ["*/5 * * * *", "*/5 * * * * *"],
    ["0 0 2 * * ?", "0 0 2 * * ?"],
    ["1,,2 0 0 1 JAN-mar Sun", "1,2 0 0 1 JAN-mar Sun"],
    ["30/10 * * * * *", "30/10 * * * * *"],
    ["@weekly", "0 0 0 * * 0"],
    ["@every 1h30m", "@every 1h30m"],
  ])("%s is stored as %s", (text, cron) => {
    expect(readKubeflowCron(text, NOW)).toEqual({ ok: true, cron });
  });

  it.each([
    ["", "Empty spec string"],
    ["* * * *", "Expected 5 to 6 fields, found 4: * * * *"],
    ["60 * * * * *", "End of range (60) above maximum (59): 60"],
    ["* * * 0 * *", "Beginning of range (0) below minimum (1): 0"],
    ["* * * * * 7", "End of range (7) above maximum (6): 7"],
    ["5-1 * * * * *", "Beginning of range (5) beyond end of range (1): 5-1"],
    ["1-2-3 * * * * *", "Too many hyphens: 1-2-3"],
    ["1/2/3 * * * * *", "Too many slashes: 1/2/3"],
    ["*/0 * * * * *", "Step of range should be a positive number: */0"],
    ["x * * * * *", 'Failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ["* * * L * *", "Failed to parse int from L"],
    ["* * * 15W * *", "Failed to parse int from 15W"],
    ["* * * * * 1#2", "Failed to parse int from 1#2"],
    ["@fortnightly", "Unrecognized descriptor: @fortnightly"],
    ["@every day", "Failed to parse duration @every day"],
    ["0 0 0 30 2 *", "There is no such day"],
  ])("%j is refused: %s", (text, words) => {
    expect(readKubeflowCron(text, NOW)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });

  it("reads n/step to the end of the field", () => {
    expect(cronTimes("30/10 5/20 * * * *")).toMatchObject({ seconds: [30, 40, 50], minutes: [5, 25, 45] });
  });
});

it("any text at all is read or refused, never thrown at", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(..."0159*/-,?LW#@every mon"), { maxLength: 20 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of [readCron(text, NOW), readKubeflowCron(text, NOW)]) {
        if (read.ok && !read.cron.startsWith("@")) expect(cronTimes(read.cron).seconds.length).toBeGreaterThan(0);
      }
    }),
  );
});

describe("names of runs", () => {
  it("begin with the recurring run's own, in what Kubernetes allows", () => {
    const random = () => 0;
    expect(runNameBase("! HaVe ä £unky name", random)).toBe("haveunkynamebbbbb");
    expect(runNameBase("AloooooooooooooooooongName", random)).toBe("aloooooooooooooooooongnambbbbb");
    expect(runNameBase("", random)).toBe("job-bbbbb");
    expect(runNameBase("hello world", Math.random)).toMatch(/^helloworld[a-z0-9]{5}$/);
  });

  it("end with their number and its hash", () => {
    // What Go's hash/fnv gives as Sum32 of "helloworld-1".
    expect(runName("helloworld", 1)).toBe("helloworld-1-1475410831");
  });
});
