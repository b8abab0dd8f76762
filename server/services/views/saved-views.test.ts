import { afterEach, beforeEach, expect, test } from "vitest";
import { SaveViewInput, ShortenLinkInput } from "@/server/domain/inputs/lists";
import { type TestServices, testServices } from "../testing";
import { deleteView, listViews, restoreView, saveView } from "./saved-views";
import { expandLink, shortenLink } from "./short-links";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const save = (input: object) => saveView(services.context, SaveViewInput.parse({ list: "runs", query: "", ...input }));
const names = () => listViews(services.context, "runs").map(({ name }) => name);

test("views are kept by list and name, changed, deleted and brought back", async () => {
  const mine = await save({ name: "mine", query: "state=failed" });
  await save({ name: "also" });
  await save({ name: "mine", list: "artifacts" });
  expect(names()).toEqual(["also", "mine"]);
  await expect(save({ name: "mine" })).rejects.toThrow(/already/);
  await save({ id: mine.id, name: "ours", query: "q=x" });
  expect(listViews(services.context, "runs")).toContainEqual({ ...mine, name: "ours", query: "q=x" });
  await deleteView(services.context, mine.id);
  expect(names()).toEqual(["also"]);
  await restoreView(services.context, mine.id);
  expect(names()).toEqual(["also", "ours"]);
  await deleteView(services.context, mine.id);
  await save({ name: "ours" });
  await expect(restoreView(services.context, mine.id)).rejects.toThrow(/already/);
  await expect(deleteView(services.context, "gone")).rejects.toThrow(/gone/);
});

test("an address has one short link, and only addresses inside Penstock have any", async () => {
  const { id } = await shortenLink(services.context, "/runs?q=a");
  expect(await shortenLink(services.context, "/runs?q=a")).toEqual({ id });
  expect(expandLink(services.context, id)).toEqual({ address: "/runs?q=a" });
  expect(() => expandLink(services.context, "none")).toThrow(/leads nowhere/);
  for (const address of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a b"]) {
    expect(ShortenLinkInput.safeParse({ address }).success, address).toBe(false);
  }
});
