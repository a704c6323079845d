// Takes the pictures of the README and of the pages about editors in a real VS Code, on the sample vault.
//   node picture.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the vault. What it writes to SCREENS as readme-*.png is copied to assets/ by hand, when it has changed.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { checksInto, part } from "./checks.mjs";
import { cardOf, newPage, openBrowser, openFile, openWorkbench, revert, suggestions, typeSlowly, unfold, until } from "./page.mjs";
import { inTheme, Settings, themes } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const settings = new Settings(settingsFile);
const check = checksInto(screens);
const note = `# Small models

Explanations teach more than answers do, says [[Orca]]. Small adapters such as
[[LoRA]] keep it cheap, and so do fewer bits: [[QLoRA]].

`;

const calm = {
  "workbench.activityBar.location": "hidden",
  "breadcrumbs.enabled": false,
  "editor.suggest.showStatusBar": false,
};

async function take(browser, theme) {
  settings.write({ ...inTheme(theme), ...calm });
  const page = await newPage(browser, 1080, 560);
  const picture = (name) => page.screenshot({ path: `${screens}/readme-${name}-${theme}.png`, animations: "disabled" });
  await openWorkbench(page, `${address}/?folder=${folder}`);
  await check(page, `the pictures of the README, ${theme}`, async () => {
    await openFile(page, "picture.md", "Explanations teach");
    await revert(page);
    await unfold(page, /Papers in this note/i);
    await unfold(page, /^sample/i, false);
    await page.locator(".pane .monaco-list-row", { hasText: "Orca" }).first().waitFor();
    await page.locator(".view-line", { hasText: "fewer bits" }).first().click();
    await page.keyboard.press("Control+End");
    await typeSlowly(page, "A second step came later: [[orca", 60);
    await until("the list", async () => (await suggestions(page)).length > 0);
    const details = page.locator(".suggest-details:visible").first();
    await until("the details", async () => {
      await page.keyboard.press("Control+Space");
      return details.filter({ hasText: "Orca" }).waitFor({ timeout: 5000 }).then(() => true, () => false);
    });
    await picture("completion");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await cardOf(page, "Explanations teach", "Orca", "authors");
    await picture("card");
  });
  await page.close();
}

mkdirSync(screens, { recursive: true });
execFileSync(process.env.IBID_BIN, ["demo", "--dir", folder], { stdio: "ignore" });
writeFileSync(`${folder}/picture.md`, note);
const browser = await openBrowser(editors);
for (const theme of Object.keys(themes)) await part("the pictures of the README", () => take(browser, theme));
await browser.close();
