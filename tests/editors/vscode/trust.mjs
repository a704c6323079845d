// A folder that names a file outside of it, in a real VS Code that trusts no folder of itself: what is said, and what applies
// once the folder is trusted, by ibid's button or by the editor.
//   node trust.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the folders of notes. IBID_CONFIG_DIR is where the server keeps whom the user trusts.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { untrusted } from "../vaults.mjs";
import { checksInto, part } from "./checks.mjs";
import { newPage, notice, numberOfPapers, openBrowser, openFile, openWorkbench, revert, runCommand, until } from "./page.mjs";
import { Settings } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const settings = new Settings(settingsFile);
const check = checksInto(screens);

// The folder names a style that lies outside of it, which prints titles in capitals.
async function trust(browser, name, allow) {
  settings.write({ "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" });
  untrusted(`${folder}/${name}`);
  const page = await newPage(browser);
  await openWorkbench(page, `${address}/?folder=${folder}/${name}/notes`);
  await openFile(page, "note.md", "hopper2024");
  await check(page, `${name}: what an untrusted folder may not have is told`, async () => {
    await notice(page, "leads out of this folder, which is not trusted").waitFor();
    await until("the papers", () => numberOfPapers(page));
    await runCommand(page, "ibid: Insert or refresh reference list");
    await page.locator(".view-line", { hasText: "*A Compiler*" }).first().waitFor();
    await revert(page);
  });
  await check(page, `${name}: then the style applies`, async () => {
    await allow(page);
    await until("the style", async () => {
      await runCommand(page, "ibid: Insert or refresh reference list");
      const isThere = await page.locator(".view-line", { hasText: "A COMPILER!" }).first()
        .waitFor({ timeout: 5000 }).then(() => true, () => false);
      if (!isThere) await revert(page);
      return isThere;
    });
    await revert(page);
  });
  await page.close();
}

async function pressButton(page) {
  const file = `${process.env.IBID_CONFIG_DIR}/ibid.toml`;
  if (existsSync(file)) return;
  await notice(page, "leads out of this folder").locator(".monaco-button", { hasText: "Trust this folder" }).click();
  await until("what the user trusts to be written", () => existsSync(file));
  assert.match(readFileSync(file, "utf8"), /trusted = \[\s*".*\/by-button\/notes"/);
}

async function trustWorkspace(page) {
  await runCommand(page, "Workspaces: Manage Workspace Trust");
  const button = page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust/ }).first();
  await button.click();
  await until("the workspace to be trusted", async () => (await button.count()) === 0);
  await openFile(page, "note.md", "hopper2024");
}

mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
await part("trust by the button", () => trust(browser, "by-button", pressButton));
await part("trust in the workspace", () => trust(browser, "by-workspace", trustWorkspace));
await browser.close();
