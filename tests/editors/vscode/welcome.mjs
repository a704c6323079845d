// The first minute in a real VS Code: a folder without papers, a program that is another one, a broken configuration.
//   node welcome.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the folders of notes.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { checksInto, part } from "./checks.mjs";
import {
  buttons, firstLine, newPage, notice, openBrowser, openFile, openWorkbench, status, suggestions, typeAnew, unfold, until,
} from "./page.mjs";
import { Settings } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const check = checksInto(screens);

async function openNote(browser, name, files, ownSettings = {}) {
  const workspace = `${folder}/${name}`;
  mkdirSync(`${workspace}/.vscode`, { recursive: true });
  for (const [file, text] of Object.entries({ "note.md": "nothing yet\n", ...files })) writeFileSync(`${workspace}/${file}`, text);
  writeFileSync(`${workspace}/.vscode/settings.json`, JSON.stringify(ownSettings));
  const page = await newPage(browser);
  await openWorkbench(page, `${address}/?folder=${workspace}`);
  await openFile(page, "note.md", "nothing yet");
  return { page, workspace };
}

async function withoutPapers(browser) {
  const { page, workspace } = await openNote(browser, "no-papers", {});
  await check(page, "without papers a notice offers a file and a sample", async () => {
    const shown = notice(page, "ibid found no papers in this folder");
    await shown.waitFor();
    assert.deepEqual(await buttons(shown), ["Choose a file of papers", "Open a sample vault"]);
    await status(page, "no papers").waitFor();
  });
  await check(page, "the sample vault opens with its notes", async () => {
    const opened = page.context().waitForEvent("page");
    await page.locator(".notification-toast .monaco-button", { hasText: "Open a sample vault" }).first().click();
    const sample = await opened;
    await sample.waitForSelector('.monaco-list-row:has-text("papers.txt")');
    await sample.close();
  });
  await check(page, "without papers the view offers the same", async () => {
    await unfold(page, /Papers in this note/i);
    const view = page.locator(".pane", { hasText: /Papers in this note/i });
    await view.locator(".monaco-button", { hasText: "Choose a file of papers" }).waitFor();
    await view.locator(".monaco-button", { hasText: "Open a sample vault" }).waitFor();
  });
  await check(page, "a file of papers that comes later is used at once", async () => {
    writeFileSync(`${workspace}/library.bib`, "@misc{hopper2024, author = {Hopper, Grace}, title = {A Compiler}, year = 2024}\n");
    await status(page, "1").waitFor();
    await page.locator(".view-line", { hasText: "nothing yet" }).first().click();
    await typeAnew(page, "[[comp", 60);
    const first = async () => (await suggestions(page))[0] ?? "";
    await until("the paper", async () => (await first()).includes("Hopper 2024"));
    await page.keyboard.press("Enter");
    await until("the citation", async () => (await firstLine(page)) === "[[hopper2024]]");
  });
  await page.close();
}

async function otherProgram(browser) {
  const { page } = await openNote(browser, "other-program", {}, { "ibid.server.path": "/bin/ls" });
  await check(page, "a program that is not ibid is named, with what it says", async () => {
    const shown = notice(page, "is not the program ibid");
    await shown.waitFor();
    assert.match(await shown.innerText(), /\/bin\/ls.*ls \(GNU coreutils\)/s);
    assert.deepEqual(await buttons(shown), ["Open settings", "How to install"]);
  });
  await page.close();
}

async function brokenConfiguration(browser) {
  const { page } = await openNote(browser, "broken", { "ibid.toml": "[hover]\nabstract_chars = 'many'\n" });
  await check(page, "a broken ibid.toml is a notice with its line", async () => {
    await notice(page, "ibid.toml:2").waitFor();
  });
  await page.close();
}

new Settings(settingsFile).write();
mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
await part("the first minute", () => withoutPapers(browser));
await part("another program", () => otherProgram(browser));
await part("a broken configuration", () => brokenConfiguration(browser));
await browser.close();
