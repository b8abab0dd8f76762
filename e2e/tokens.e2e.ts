/** API tokens in the browser: made, shown once, used, renamed and revoked. */
import type { NewTokenView, TokenView } from "@/server/domain/api-tokens";
import { expect, test } from "./fixture";
import type { Api } from "./support/api";

const make = (api: Api, name: string, access = "full"): Promise<NewTokenView> =>
  api.mutate<NewTokenView>("tokens.create", { name, access, expiresAt: null });

test.afterEach(async ({ api }) => {
  for (const { id } of await api.query<TokenView[]>("tokens.list")) await api.mutate("tokens.revoke", { id });
});

test("a token is made by keyboard, shown once with the lines that use it, and opens the door", async ({
  page,
  server,
  expectAccessible,
}) => {
  await page.goto("/settings");
  await page.getByRole("link", { name: "API tokens" }).click();
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await expectAccessible();
  await page.getByRole("button", { name: "Create token" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Create token" });
  await dialog.getByRole("button", { name: "Create token" }).click();
  await expect(dialog.getByText("Give it a name.")).toBeVisible();
  await expectAccessible();
  await dialog.getByLabel("Name").fill("nightly ci");
  await dialog.getByLabel("Access").selectOption({ label: "Read only: looks, changes nothing" });
  await dialog.getByLabel("Name").press("Enter");

  const shown = page.getByRole("dialog", { name: "Token nightly ci created" });
  const token = (await shown.getByRole("region", { name: "the token" }).textContent()) ?? "";
  expect(token).toMatch(/^penstock_[\w-]{43}$/);
  await expect(shown.getByText(`kfp.Client(host="${server.url}", existing_token="${token}")`)).toBeVisible();
  await shown.getByRole("tab", { name: "curl" }).click();
  await expect(shown.getByText(`Authorization: Bearer ${token}`)).toBeVisible();
  await expectAccessible();
  const ask = (method: string) =>
    fetch(`${server.url}/apis/v2beta1/experiments`, { method, headers: { authorization: `Bearer ${token}` } });
  expect([(await ask("GET")).status, (await ask("POST")).status]).toEqual([200, 403]);
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(shown).toHaveCount(0);
  expect(await page.content()).not.toContain(token);
  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "nightly ci" });
  await expect(row).toContainText("read only");
  await expect(row).toContainText(token.slice(0, 15));
  await expect(row).toContainText("used");
  await expectAccessible();
});

test("a token is renamed with undo; one is revoked after a question", async ({ page, api, expectAccessible }) => {
  await make(api, "old name");
  await make(api, "taken");
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Rename old name" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("taken");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("There is a token named taken");
  await page.getByRole("textbox", { name: "Name" }).fill("new name");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "new name" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "old name" })).toBeVisible();

  await page.getByRole("button", { name: "Revoke old name" }).click();
  await expectAccessible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Revoke old name" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByRole("heading", { name: "old name" })).toHaveCount(0);
  const listed = await api.query<TokenView[]>("tokens.list");
  expect(listed.map(({ name }) => name)).toEqual(["taken"]);
});

test("fifty tokens fit a desk and a phone, in both themes", async ({ page, api, expectAccessible }) => {
  for (let number = 0; number < 50; number += 1) {
    await make(
      api,
      number % 7 === 0 ? `${"a long name ".repeat(10)}${number}` : `token ${number}`,
      number % 2 ? "read" : "full",
    );
  }
  for (const [width, scheme] of [
    [1440, "light"],
    [390, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto("/settings/tokens");
    await expect(page.getByRole("listitem").filter({ hasText: "penstock_" })).toHaveCount(50);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible();
  }
});
