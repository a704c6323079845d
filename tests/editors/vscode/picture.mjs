// Takes the pictures of the README and of the pages about editors in a real VS Code, on the sample vault.
//   node picture.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the vault. What it writes to SCREENS as readme-*.png is copied to assets/ by hand, when it has changed.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openBrowser, openFile, openWorkbench, placeOf, plainSettings, suggestions, until } from "./page.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const size = { width: 1080, height: 560 };
const note = `# Small models

Explanations teach more than answers do, says [[Orca]]. Small adapters such as
[[LoRA]] keep it cheap, and so do fewer bits: [[QLoRA]].

`;

const themes = { light: "Default Light Modern", dark: "Default Dark Modern" };
const settings = (theme) => ({
  ...plainSettings,
  "ibid.server.path": process.env.IBID_BIN,
  "workbench.colorTheme": theme,
  "window.autoDetectColorScheme": false,
  "editor.minimap.enabled": false,
  "workbench.activityBar.location": "hidden",
  "breadcrumbs.enabled": false,
  "editor.suggest.showStatusBar": false,
});

async function take(browser, name) {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  await openWorkbench(page, `${address}/?folder=${folder}`);
  await openFile(page, "picture.md", "Explanations teach");
  await page.locator(".pane-header", { hasText: /Papers in this note/i }).click();
  await page.locator(".pane-header", { hasText: /sample/i }).first().click();
  await page.locator(".pane .monaco-list-row", { hasText: "Orca" }).first().waitFor({ timeout: 30000 });
  await page.locator(".view-line", { hasText: "fewer bits" }).first().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("A second step came later: [[orca", { delay: 60 });
  await until("the list", async () => (await suggestions(page)).length > 0);
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-details").first().waitFor({ timeout: 5000 }).catch(() => page.keyboard.press("Control+Space"));
  await sleep(700);
  await page.screenshot({ path: `${screens}/readme-completion-${name}.png` });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const card = page.locator(".monaco-hover:visible", { hasText: "authors" }).first();
  await until("the card", async () => {
    const { x, y } = await placeOf(page, "Explanations teach", "Orca");
    await page.mouse.move(x - 100, y + 150);
    await page.mouse.move(x, y);
    return card.waitFor({ timeout: 3000 }).then(() => true, () => false);
  });
  await sleep(500);
  await page.screenshot({ path: `${screens}/readme-card-${name}.png` });
  await page.context().close();
}

mkdirSync(screens, { recursive: true });
execFileSync(process.env.IBID_BIN, ["demo", "--dir", folder], { stdio: "ignore" });
writeFileSync(`${folder}/picture.md`, note);
const browser = await openBrowser(editors);
try {
  for (const [name, theme] of Object.entries(themes)) {
    writeFileSync(settingsFile, JSON.stringify(settings(theme)));
    await take(browser, name);
  }
  console.log("ok   vscode: the pictures of the README");
} catch (error) {
  console.log(`FAIL vscode: the pictures of the README: ${String(error).split("\n")[0]}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
