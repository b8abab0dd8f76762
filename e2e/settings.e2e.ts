/** The pages of the settings: what is saved is there again, and the value of a secret never comes back. */
import { expect, test } from "./fixture";
import { oneStep } from "./pipelines";

const VALUE = "hunter2-do-not-show";

test("the value of a secret goes in and never comes out", async ({ page, expectAccessible }) => {
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    // A body that is no longer there belongs to a page that was left; what that page showed is looked at itself.
    if (response.url().includes("/api/trpc/secrets")) answers.push(response.text().catch(() => ""));
  });
  await page.goto("/settings/secrets");
  await page.getByRole("button", { name: "Create secret" }).first().click();
  await page.getByLabel("Name").fill("warehouse");
  await page.getByLabel("Key").fill("password");
  await page.getByLabel("Value").fill(VALUE);
  await expectAccessible();
  await page.getByRole("button", { name: "Create secret" }).last().click();
  await expect(page.getByRole("heading", { name: "warehouse" })).toBeVisible();
  await page.reload();
  await expect(page.getByText("sealed", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Set password of warehouse" }).click();
  await expect(page.getByLabel("New value")).toHaveValue("");
  await page.keyboard.press("Escape");
  expect(await page.content()).not.toContain(VALUE);
  const said = await Promise.all(answers);
  expect(said.length).toBeGreaterThan(1);
  for (const text of said) expect(text).not.toContain(VALUE);
  await expectAccessible();

  await page.getByRole("button", { name: "Remove password of warehouse" }).click();
  await page.getByRole("button", { name: "Remove key" }).click();
  await expect(page.getByText("It holds no keys yet.")).toBeVisible();
  await page.getByRole("button", { name: "Delete warehouse" }).click();
  await page.getByRole("button", { name: "Delete secret" }).click();
  await expect(page.getByRole("heading", { name: "warehouse" })).toHaveCount(0);
});

test("a config map shows its values, and a removed one comes back with undo", async ({ page }) => {
  await page.goto("/settings/secrets");
  await page.getByRole("button", { name: "Create config map" }).first().click();
  await page.getByLabel("Name").fill("endpoints");
  await page.getByLabel("Key").fill("url");
  await page.getByLabel("Value").fill("https://api.example.org");
  await page.getByRole("button", { name: "Create config map" }).last().click();
  await expect(page.getByText("https://api.example.org")).toBeVisible();
  await page.getByRole("button", { name: "Remove url of endpoints" }).click();
  await expect(page.getByText("https://api.example.org")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("https://api.example.org")).toBeVisible();
});

test("a profile is made, refused with its reasons, chosen for a run and deleted with undo", async ({
  page,
  expectAccessible,
}) => {
  await page.goto("/settings/profiles");
  await page.getByRole("link", { name: "Create profile" }).click();
  await page.getByRole("textbox", { name: "Name", exact: false }).first().fill("Night Shift");
  await page.getByLabel("Steps at once").fill("none");
  await page.getByRole("button", { name: "Create profile" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "cannot be saved like this" });
  await expect(summary).toContainText("Name");
  await expect(summary).toContainText("Steps at once");
  await expectAccessible();
  await page.getByLabel("Name", { exact: false }).first().fill("night");
  await page.getByLabel("Steps at once").fill("1");
  await page.getByRole("button", { name: "Add a variable" }).click();
  await page.getByLabel("Name of a variable").fill("LEVEL");
  await page.getByLabel("Value of LEVEL").fill("low");
  await page.getByRole("button", { name: "Create profile" }).click();
  await expect(page.getByRole("row", { name: /night processes 1/ })).toBeVisible();
  await page.getByRole("link", { name: "night" }).click();
  await expect(page.getByLabel("Value of LEVEL")).toHaveValue("low");
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("row", { name: /night/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("row", { name: /night processes 1/ })).toBeVisible();
  await page.getByRole("link", { name: "local" }).click();
  await page.getByRole("button", { name: "Delete" }).focus();
  await expect(page.getByRole("tooltip")).toContainText("default profile");
});

test("a profile is told to run containers, and its test says what is missing", async ({ page, expectAccessible }) => {
  await page.goto("/settings/profiles/new");
  await page.getByLabel("Name", { exact: false }).first().fill("containers");
  await page.getByLabel("Steps run as").selectOption("docker");
  await page.getByLabel("Container engine").fill("ssh://elsewhere");
  await page.getByLabel("Memory", { exact: true }).fill("plenty");
  await page.getByLabel("Folders that may be mounted").fill("data");
  await page.getByRole("button", { name: "Create profile" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "cannot be saved like this" });
  await expect(summary).toContainText("Write a size of at least 4Mi");
  await expect(summary).toContainText("Give absolute paths");
  await page.getByLabel("Memory", { exact: true }).fill("512Mi");
  await page.getByLabel("Folders that may be mounted").fill("/data");
  await expectAccessible();
  await page.getByRole("button", { name: "Create profile" }).click();
  await expect(page.getByRole("row", { name: /containers containers/ })).toBeVisible();
  await page.getByRole("link", { name: "containers", exact: true }).click();
  await expect(page.getByLabel("Memory", { exact: true })).toHaveValue("512Mi");
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByRole("region", { name: "Test" })).toContainText("ssh://elsewhere is not on this machine");
  await expectAccessible();

  await page.goto("/settings/profiles/local");
  await page.getByRole("button", { name: "Test" }).click();
  await page.getByRole("link", { name: "It works" }).click();
  await expect(page.getByRole("heading", { name: "Test of the profile local" })).toBeVisible();
});

test("a profile is told to run pods, and its test says what is missing", async ({ page, expectAccessible }) => {
  await page.goto("/settings/profiles/new");
  await page.getByLabel("Name", { exact: false }).first().fill("cluster");
  await page.getByLabel("Steps run as").selectOption("kubernetes");
  await page.getByLabel("Kubeconfig").fill("/no/such/kubeconfig");
  await page.getByLabel("Address of Penstock for pods").fill("penstock:80");
  await page.getByLabel("Every pod has").fill("hostNetwork: true");
  await page.getByRole("button", { name: "Create profile" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "cannot be saved like this" });
  await expect(summary).toContainText("Give http://host:port");
  await expect(summary).toContainText("hostNetwork");
  await page.getByLabel("Address of Penstock for pods").fill("http://10.0.0.1:4270");
  await page.getByLabel("Every pod has").fill("tolerations: [{ key: gpu, operator: Exists }]");
  await expectAccessible();
  await page.getByRole("button", { name: "Create profile" }).click();
  await page.getByRole("link", { name: "cluster", exact: true }).click();
  await expect(page.getByLabel("Every pod has")).toHaveValue(/key: gpu/);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByRole("region", { name: "Test" })).toContainText("/no/such/kubeconfig cannot be read");
  await expectAccessible();
});

test("a volume and the plain settings are saved, and a wrong one is refused in words", async ({
  page,
  folder,
  expectAccessible,
}) => {
  await page.goto("/settings/volumes");
  await page.getByRole("button", { name: "Create volume" }).first().click();
  await page.getByLabel("Name").fill("datasets");
  await page.getByLabel("Directory").fill(`${folder}/nowhere`);
  await page.getByRole("button", { name: "Create volume" }).last().click();
  await expect(page.getByRole("alert")).toContainText("does not exist");
  await page.getByLabel("Directory").fill(folder);
  await page.getByRole("button", { name: "Create volume" }).last().click();
  await expect(page.getByRole("heading", { name: "datasets" })).toBeVisible();
  await expectAccessible();

  await page.goto("/settings");
  await page.getByLabel(/Hosts that importer steps/).fill("data.example.org, mirror.local:8080");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await page.getByLabel("Largest output parameter").fill("a lot");
  await expect(page.getByText("Write a size")).toBeVisible();
  await page.getByRole("button", { name: "Keep as it was" }).click();
  await page.reload();
  await expect(page.getByLabel(/Hosts that importer steps/)).toHaveValue("data.example.org\nmirror.local:8080");
  await expectAccessible();
});

test("Python environments have a page of their own", async ({ page, expectAccessible }) => {
  await page.goto("/settings/environments");
  await expect(page.getByRole("heading", { name: "Python environments" })).toBeVisible();
  await expectAccessible();
});

test("what a rule would take is told before it is saved; the trash gives back, and removes for good", async ({
  page,
  api,
  expectAccessible,
}) => {
  const { version } = await api.upload({ "swept.json": oneStep("swept", "echo quince") });
  const [kept, gone] = [
    await api.createRun(version.id, {}, "kept run"),
    await api.createRun(version.id, {}, "gone run"),
  ];
  for (const { id } of [kept, gone]) await api.finished(id);
  await api.mutate("runs.delete", { ids: [kept.id, gone.id] });
  const other = await api.createRun(version.id, {}, "ruled run");
  await api.finished(other.id);

  await page.goto("/settings/storage");
  const trash = page.getByRole("list", { name: "Runs in the trash" });
  await trash.getByRole("listitem").filter({ hasText: "kept run" }).getByRole("button", { name: "Restore" }).click();
  await expect(trash).not.toContainText("kept run");
  await trash
    .getByRole("listitem")
    .filter({ hasText: "gone run" })
    .getByRole("button", { name: "Remove for good" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove for good" }).click();
  await expect(page.getByText("The trash is empty")).toBeVisible();

  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByLabel("Days after their end").fill("0");
  await page.getByLabel("But the newest").fill("1");
  await page.getByText(/^Would take [1-9]/).click();
  const taken = page.getByRole("list", { name: "Runs that would go" });
  await expect(taken).toContainText("kept run");
  await expect(taken).not.toContainText("ruled run");
  await expectAccessible();
  await page.getByRole("button", { name: "By kind" }).click();
  await page.getByRole("button", { name: "Save the rules" }).click();
  await expect.poll(() => api.query("settings.list")).toMatchObject({ "retention-rules": [{ afterDays: 0 }] });
  await page.reload();
  await page.getByRole("button", { name: "Remove this rule" }).click();
  await page.getByRole("button", { name: "Save the rules" }).click();
  await expect.poll(() => api.query("settings.list")).toMatchObject({ "retention-rules": [] });
});
