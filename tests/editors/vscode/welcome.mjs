// The first minute in a real VS Code: a folder without papers, a program that is another one, a broken configuration.
//   node welcome.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the folders of notes.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { checksInto, firstLine, openBrowser, openFile, openWorkbench, plainSettings, suggestions, until } from "./page.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const check = checksInto(screens);

async function openNote(browser, name, files, settings = {}) {
  const workspace = `${folder}/${name}`;
  mkdirSync(`${workspace}/.vscode`, { recursive: true });
  for (const [file, text] of Object.entries({ "note.md": "nothing yet\n", ...files })) writeFileSync(`${workspace}/${file}`, text);
  writeFileSync(`${workspace}/.vscode/settings.json`, JSON.stringify(settings));
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 700 } })).newPage();
  await openWorkbench(page, `${address}/?folder=${workspace}`);
  await openFile(page, "note.md", "nothing yet");
  return { page, workspace };
}

const notice = (page, text) => page.locator(".notification-toast", { hasText: text }).first();
const status = (page, text) => page.locator(".statusbar-item", { hasText: text }).first();
const buttons = async (locator) => (await locator.locator(".monaco-button").allInnerTexts()).map((text) => text.trim());

async function withoutPapers(browser) {
  const { page, workspace } = await openNote(browser, "no-papers", {});
  await check(page, "without papers a notice offers a file and a sample", async () => {
    const shown = notice(page, "ibid found no papers in this folder");
    await shown.waitFor({ timeout: 30000 });
    assert.deepEqual(await buttons(shown), ["Choose a file of papers", "Open a sample vault"]);
    await status(page, "no papers").waitFor({ timeout: 10000 });
  });
  await check(page, "the sample vault opens with its notes", async () => {
    const opened = page.context().waitForEvent("page", { timeout: 60000 });
    await page.locator(".notification-toast .monaco-button", { hasText: "Open a sample vault" }).first().click();
    const sample = await opened;
    await sample.waitForSelector('.monaco-list-row:has-text("papers.txt")', { timeout: 60000 });
    await sample.close();
  });
  await check(page, "without papers the view offers the same", async () => {
    await page.locator(".pane-header", { hasText: /Papers in this note/i }).click();
    const view = page.locator(".pane", { hasText: /Papers in this note/i });
    await view.locator(".monaco-button", { hasText: "Choose a file of papers" }).waitFor({ timeout: 10000 });
    await view.locator(".monaco-button", { hasText: "Open a sample vault" }).waitFor({ timeout: 10000 });
  });
  await check(page, "a file of papers that comes later is used at once", async () => {
    writeFileSync(`${workspace}/library.bib`, "@misc{hopper2024, author = {Hopper, Grace}, title = {A Compiler}, year = 2024}\n");
    await status(page, "1").waitFor({ timeout: 20000 });
    await page.locator(".view-line", { hasText: "nothing yet" }).first().click();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.type("[[comp", { delay: 60 });
    const first = async () => (await suggestions(page))[0] ?? "";
    await until("the paper", async () => (await first()).includes("Hopper 2024"));
    await page.keyboard.press("Enter");
    await until("the citation", async () => (await firstLine(page)) === "[[hopper2024]]");
  });
  await page.context().close();
}

async function otherProgram(browser) {
  const { page } = await openNote(browser, "other-program", {}, { "ibid.server.path": "/bin/ls" });
  await check(page, "a program that is not ibid is named, with what it says", async () => {
    const shown = notice(page, "is not the program ibid");
    await shown.waitFor({ timeout: 30000 });
    assert.match(await shown.innerText(), /\/bin\/ls.*ls \(GNU coreutils\)/s);
    assert.deepEqual(await buttons(shown), ["Open settings", "How to install"]);
  });
  await page.context().close();
}

async function brokenConfiguration(browser) {
  const { page } = await openNote(browser, "broken", { "ibid.toml": "[hover]\nabstract_chars = 'many'\n" });
  await check(page, "a broken ibid.toml is a notice with its line", async () => {
    await notice(page, "ibid.toml:2").waitFor({ timeout: 30000 });
  });
  await page.context().close();
}

writeFileSync(settingsFile, JSON.stringify({ ...plainSettings, "ibid.server.path": process.env.IBID_BIN }));
mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
try {
  await withoutPapers(browser);
  await otherProgram(browser);
  await brokenConfiguration(browser);
} catch (error) {
  process.exitCode = 1;
  console.log(`FAIL vscode: the first minute: ${String(error)}`);
} finally {
  await browser.close();
}
