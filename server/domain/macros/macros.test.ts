/** Macros say what Kubeflow's say, character by character. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { expandMacros, expandParameters, type MacroFacts } from "./macros";

const FACTS: MacroFacts = {
  runId: "some-run-uuid",
  scheduledAt: new Date(25_000),
  now: new Date(26_000),
  index: 27,
};

test.each([
  ["FOO [[RunUUID]] FOO", "FOO some-run-uuid FOO"],
  ["[[ScheduledTime]]", "19700101000025"],
  ["[[CurrentTime]]", "19700101000026"],
  ["[[Index]]", "27"],
  ["[[ScheduledTime.15-04-05]]", "00-00-25"],
  ["[[CurrentTime.15-04-05]]", "00-00-26"],
  ["[[ScheduledTime]] [[RunUUID]] [[ScheduledTime]] [[Index]]", "19700101000025 some-run-uuid 19700101000025 27"],
  ["{{$.scheduledTime.strftime('%Y-%m-%d %H:%M:%S')}}", "1970-01-01 00:00:25"],
  ["{{$.currentTime.strftime('%s')}}", "26"],
  ['{{$.currentTime.strftime("%F")}}', "1970-01-01"],
  ["[[CurrentTime.]]", ""],
  ["[[Nothing]] [[runuuid]] [[ Index ]] {{$.inputs}}", "[[Nothing]] [[runuuid]] [[ Index ]] {{$.inputs}}"],
  ["[[[Index]]]", "[27]"],
  ["", ""],
])("%j becomes %j", (text, expanded) => {
  expect(expandMacros(text, FACTS)).toBe(expanded);
});

const AT = new Date("2026-03-07T13:04:09.876Z");

test.each([
  ["2006-01-02T15:04:05Z07:00", "2026-03-07T13:04:09Z"],
  ["Mon Jan _2 15:04:05 2006", "Sat Mar  7 13:04:09 2026"],
  ["Monday, 02-Jan-06 15:04:05 MST", "Saturday, 07-Mar-26 13:04:09 UTC"],
  ["1/2/06 3:04PM -0700", "3/7/26 1:04PM +0000"],
  ["January 2006, 002 __2 pm -07:00 -07", "March 2026, 066  66 pm +00:00 +00"],
  ["05.000 05.999 _2006", "09.000 09 _2026"],
  ["Janet Monica", "Janet Monica"],
])("the Go layout %j is %j", (layout, text) => {
  expect(expandMacros(`[[CurrentTime.${layout}]]`, { runId: "r", now: AT })).toBe(text);
});

test.each([
  ["%a %A %b %B %h", "Sat Saturday Mar March Mar"],
  ["%C %d %e %H %I %j %k %l", "20 07  7 13 01 066 13  1"],
  ["%M %m %p %R %r %S %T", "04 03 PM 13:04 01:04:09 PM 09 13:04:09"],
  ["%U %u %V %W %w", "09 6 10 09 6"],
  ["%c|%v|%x|%X|%D", " 7-Mar-2026 13:04:09| 7-Mar-2026|03/07/26|13:04:09|03/07/26"],
  ["%y %Y %Z %z %% %n%t", "26 2026 UTC +0000 % \n\t"],
  ["%s %Q %é %", "1772888649 %Q %é %"],
])("the strftime format %j is %j", (format, text) => {
  expect(expandMacros(`{{$.currentTime.strftime('${format}')}}`, { runId: "r", now: AT })).toBe(text);
});

test("what a manual run has no value for stays in the text", () => {
  const text = "[[ScheduledTime]] [[ScheduledTime.2006]] {{$.scheduledTime.strftime('%Y')}} [[Index]]";
  expect(expandMacros(text, { runId: "r", now: AT })).toBe(text);
});

test("only values that are texts themselves are filled in", () => {
  const inner = { text: "[[RunUUID]]", list: ["[[RunUUID]]"], struct: { key: "[[RunUUID]]" }, number: 1, none: null };
  expect(expandParameters(inner, FACTS)).toEqual({ ...inner, text: "some-run-uuid" });
});

test("a text without brackets is never touched, and no text makes it throw", () => {
  fc.assert(
    fc.property(
      fc.string(),
      (text) => expandMacros(text.replaceAll(/[[{]/g, ""), FACTS) === text.replaceAll(/[[{]/g, ""),
    ),
  );
  const pieces = fc.array(
    fc.constantFrom("[[", "]]", "CurrentTime", ".", "2006", "RunUUID", "{{$.", "strftime('", "')}}", "%"),
  );
  fc.assert(fc.property(pieces, (parts) => typeof expandMacros(parts.join(""), FACTS) === "string"));
});
