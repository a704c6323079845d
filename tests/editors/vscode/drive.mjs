// Types citations into a real VS Code and compares what is saved. Stops at the first check that fails twice.
//   node drive.mjs EDITORS URL WORKSPACE SETTINGS SCREENS
// EDITORS is the folder of the installed editors, SETTINGS the file of its settings.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { checksInto, part } from "./checks.mjs";
import {
  buttons, cardOf, cursorOn, firstLine, newPage, notice, openBrowser, openFile, openWorkbench, quietly, runCommand,
  suggestions, typeAnew, typeSlowly, until,
} from "./page.mjs";
import { FEATURES, papers } from "./papers.mjs";
import { Settings } from "./settings.mjs";

const [editors, url, workspace, settingsFile, screens] = process.argv.slice(2);
const settings = new Settings(settingsFile);
const check = checksInto(screens);
const features = (process.env.IBID_TEST_FEATURES ?? "").split(/[\s,]+/).filter((name) => name !== "");
const title = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
const KEY = 80;

// One citation: the text before and after the cursor, the keys, and the line that has to be in the file afterwards.
async function complete(page, { before = "", after = "", keys, expected, accept = "Enter" }) {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(before + after);
  for (const _ of after) await page.keyboard.press("ArrowLeft");
  await typeSlowly(page, keys, KEY);
  await until("a list with Orca on top", async () => (await suggestions(page))[0]?.includes("Orca"));
  await page.screenshot({ path: `${screens}/vscode-list-${keys.replaceAll(/[^a-z]+/gi, "-")}.png` });
  await page.keyboard.press(accept);
  await until("the citation", async () => (await firstLine(page)) === expected, 10000).catch(() => {});
  await page.keyboard.press("Control+S");
  let saved = "";
  await until("the file to be saved", async () => {
    saved = readFileSync(`${workspace}/scratch.md`, "utf8").trimEnd();
    return saved === expected || !(await page.locator(".tab.active.dirty").count());
  });
  assert.equal(saved, expected);
  await quietly(200);
  assert.deepEqual(await suggestions(page), [], "the list came back after the item was accepted");
}

async function dismiss(page) {
  await typeAnew(page, "[[Orc", KEY);
  await until("the list", async () => (await suggestions(page))[0]?.includes("Orca"));
  await page.keyboard.press("Escape");
  await typeSlowly(page, "a", KEY);
  await quietly(600);
  assert.deepEqual(await suggestions(page), [], "the list came back after Escape");
}

async function completions(page, brackets) {
  const cases = {
    "a name": { keys: "[[Orc", expected: "[[Orca]]" },
    "a name, accepted with Tab": { keys: "[[Orc", expected: "[[Orca]]", accept: "Tab" },
    "words with a space": { keys: "[[prog learn", expected: "[[Orca]]" },
    "before text": { before: "See ", after: "tail of it", keys: "[[Orc", expected: "See [[Orca]]tail of it" },
    "after an emoji": { before: "🦀 é ", keys: "[[Orc", expected: "🦀 é [[Orca]]" },
    "after a mended slip": { keys: "[[Orx⌫c", expected: "[[Orca]]" },
    "after a deleted word": { keys: "[[gpt t⌫⌫⌫⌫⌫prog", expected: "[[Orca]]" },
    "a year": { keys: "[[gpt 2023", expected: "[[Orca]]" },
    "after another citation": { before: "[[LoRA]] and ", keys: "[[Orc", expected: "[[LoRA]] and [[Orca]]" },
  };
  for (const [name, typed] of Object.entries(cases)) {
    await check(page, `completion of ${name}, brackets closed ${brackets}`, () => complete(page, typed));
  }
  await check(page, `the list stays closed after Escape, brackets closed ${brackets}`, () => dismiss(page));
}

const card = (page) => cardOf(page, "Explanation traces", "Orca", "thirteen billion parameters");

async function readNote(page) {
  await check(page, "hover shows the title and the abstract", async () => {
    assert.ok((await card(page)).includes(title));
  });
  await check(page, "ibid.toml holds where the editor says nothing", async () => {
    const text = await card(page);
    assert.ok(!text.includes("lags behind"), text);
  });
  await check(page, "a setting wins over ibid.toml at once", async () => {
    const changes = { "editor.autoClosingBrackets": "always", "ibid.hover.abstractChars": 1200 };
    await settings.change(changes, "the whole abstract", async () => (await card(page)).includes("lags behind"));
  });
  await check(page, "F12 jumps to the title line", async () => {
    await cursorOn(page, "Explanation traces", "Orca");
    await page.keyboard.press("F12");
    await page.waitForSelector('.tab.active:has-text("papers.txt")');
    const line = readFileSync(`${workspace}/papers.txt`, "utf8").split("\n").indexOf(title) + 1;
    await page.waitForSelector(`.statusbar-item:has-text("Ln ${line},")`);
  });
  await check(page, "the doctor's report is shown", async () => {
    await runCommand(page, "ibid: Doctor");
    await page.waitForSelector('.tab.active:has-text("ibid doctor.txt")');
    await until("the report's text", async () => (await page.locator(".editor-instance .view-lines").first().innerText()).trim() !== "");
  });
}

// The editor has taken up how it is to close brackets when it does so.
async function closeBrackets(page, mode) {
  const expected = mode === "always" ? "[]" : "[";
  await settings.change({ "editor.autoClosingBrackets": mode }, `brackets closed ${mode}`, async () => {
    await typeAnew(page, "[", KEY);
    return until("the bracket", async () => (await firstLine(page)) === expected, 500).catch(() => false);
  });
}

async function missingProgram(page) {
  const shown = notice(page, 'ibid.server.path names "/nowhere/ibid"');
  await check(page, "a missing program is named, with what to do", async () => {
    await settings.change({ "ibid.server.path": "/nowhere/ibid" }, "the notice", () => shown.isVisible());
    assert.deepEqual(await buttons(shown), ["Open settings", "How to install"]);
  });
  await check(page, "the way to install is shown", async () => {
    await shown.locator(".monaco-button", { hasText: "How to install" }).click();
    await page.waitForSelector('.tab.active:has-text("Preview")');
  });
}

assert.deepEqual(features.filter((name) => !FEATURES.includes(name)), [], `features are ${FEATURES.join(", ")}`);
mkdirSync(screens, { recursive: true });
writeFileSync(`${workspace}/scratch.md`, "scratch\n");
const browser = await openBrowser(editors);
await part("the notes", async () => {
  const page = await newPage(browser);
  settings.write({ "editor.autoClosingBrackets": "always" });
  await openWorkbench(page, url);
  await check(page, "a note opens", () => openFile(page, "note.md", "Explanation traces"));
  await readNote(page);
  await papers(page, check, { workspace, screens, features });
  await check(page, "a second note opens", () => openFile(page, "scratch.md", ""));
  for (const mode of ["always", "never"]) {
    await closeBrackets(page, mode);
    await completions(page, mode);
  }
  await missingProgram(page);
});
await browser.close();
