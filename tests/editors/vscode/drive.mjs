// Types citations into a real VS Code and compares what is saved. Stops at the first failure.
//   node drive.mjs EDITORS URL WORKSPACE SETTINGS SCREENS
// EDITORS is the folder of the installed editors, SETTINGS the file of its settings.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { FEATURES, papers } from "./papers.mjs";
import { openBrowser, openFile, openWorkbench, placeOf, plainSettings, runCommand, suggestions, until } from "./page.mjs";

const [editors, url, workspace, settingsFile, screens] = process.argv.slice(2);
const features = (process.env.IBID_TEST_FEATURES ?? "").split(/[\s,]+/).filter((name) => name !== "");
const title = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";

function writeSettings(changes) {
  writeFileSync(settingsFile, JSON.stringify({ ...plainSettings, "ibid.server.path": process.env.IBID_BIN, ...changes }, null, 2));
}

async function check(page, name, run) {
  const file = `${screens}/vscode-${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}`;
  try {
    await run();
    console.log(`ok   vscode: ${name}`);
  } catch (error) {
    console.log(`FAIL vscode: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    throw new Error("stopped at the first failure", { cause: error });
  } finally {
    await page.screenshot({ path: `${file}.png` });
    writeFileSync(`${file}.txt`, await page.locator(".monaco-workbench").innerText().catch(() => ""));
  }
}

// One citation: the text before and after the cursor, the keys, and the line that has to be in the file afterwards.
async function complete(page, { before = "", after = "", keys, expected, accept = "Enter" }) {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(before + after);
  for (const _ of after) await page.keyboard.press("ArrowLeft");
  await typeSlowly(page, keys);
  await until("a list with Orca on top", async () => (await suggestions(page))[0]?.includes("Orca"));
  await sleep(300);
  await page.screenshot({ path: `${screens}/vscode-list-${keys.replaceAll(/[^a-z]+/gi, "-")}.png` });
  await page.keyboard.press(accept);
  await sleep(300);
  await page.keyboard.press("Control+S");
  let saved = "";
  await until("the file to be saved", async () => {
    saved = readFileSync(`${workspace}/scratch.md`, "utf8").trimEnd();
    return saved === expected || !(await page.locator(".tab.active.dirty").count());
  });
  assert.equal(saved, expected);
  assert.deepEqual(await suggestions(page), [], "the list came back after the item was accepted");
}

async function typeSlowly(page, keys) {
  for (const key of keys) {
    await (key === "⌫" ? page.keyboard.press("Backspace") : page.keyboard.type(key));
    await sleep(80);
  }
}

async function dismiss(page) {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await typeSlowly(page, "[[Orc");
  await until("the list", async () => (await suggestions(page))[0]?.includes("Orca"));
  await page.keyboard.press("Escape");
  await typeSlowly(page, "a");
  await sleep(600);
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

// Moves the mouse onto the citation until its card shows, and gives the card's text.
async function card(page) {
  const shown = page.locator(".monaco-hover:visible", { hasText: "thirteen billion parameters" }).first();
  await until("the card", async () => {
    const { x, y } = await placeOf(page, "Explanation traces", "Orca");
    await page.mouse.move(x - 200, y + 250);
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    return shown.waitFor({ timeout: 3000 }).then(() => true, () => false);
  });
  return shown.innerText();
}

async function readNote(page) {
  await check(page, "hover shows the title and the abstract", async () => {
    assert.ok((await card(page)).includes(title));
  });
  await check(page, "ibid.toml holds where the editor says nothing", async () => {
    const text = await card(page);
    assert.ok(!text.includes("lags behind"), text);
  });
  await check(page, "a setting wins over ibid.toml at once", async () => {
    writeSettings({ "editor.autoClosingBrackets": "always", "ibid.hover.abstractChars": 1200 });
    await until("the whole abstract", async () => {
      await page.mouse.move(700, 600);
      await page.keyboard.press("Escape");
      return (await card(page)).includes("lags behind");
    });
  });
  await check(page, "F12 jumps to the title line", async () => {
    const { x, y } = await placeOf(page, "Explanation traces", "Orca");
    await page.mouse.click(x, y);
    await page.keyboard.press("F12");
    await page.waitForSelector('.tab.active:has-text("papers.txt")', { timeout: 15000 });
    const line = readFileSync(`${workspace}/papers.txt`, "utf8").split("\n").indexOf(title) + 1;
    await page.waitForSelector(`.statusbar-item:has-text("Ln ${line},")`, { timeout: 10000 });
  });
  await check(page, "the doctor's report is shown", async () => {
    await runCommand(page, "ibid: Doctor");
    await page.waitForSelector('.tab.active:has-text("ibid doctor.txt")', { timeout: 30000 });
    await until("the report's text", async () => (await page.locator(".editor-instance .view-lines").first().innerText()).trim() !== "");
  });
}

assert.deepEqual(features.filter((name) => !FEATURES.includes(name)), [], `features are ${FEATURES.join(", ")}`);
mkdirSync(screens, { recursive: true });
writeFileSync(`${workspace}/scratch.md`, "scratch\n");
const browser = await openBrowser(editors);
try {
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 700 } })).newPage();
  writeSettings({ "editor.autoClosingBrackets": "always" });
  await openWorkbench(page, url);
  await check(page, "a note opens", () => openFile(page, "note.md", "Explanation traces"));
  await readNote(page);
  await papers(page, check, { workspace, screens, features });
  await check(page, "a second note opens", () => openFile(page, "scratch.md", ""));
  await completions(page, "always");
  writeSettings({ "editor.autoClosingBrackets": "never" });
  await sleep(1000);
  await completions(page, "never");
  await check(page, "a missing program is named, with what to do", async () => {
    writeSettings({ "ibid.server.path": "/nowhere/ibid" });
    const notice = page.locator(".notification-toast", { hasText: 'ibid.server.path names "/nowhere/ibid"' }).first();
    await notice.waitFor({ timeout: 20000 });
    const buttons = await notice.locator(".monaco-button").allInnerTexts();
    assert.deepEqual(buttons.map((text) => text.trim()), ["Open settings", "How to install"]);
  });
  await check(page, "the way to install is shown", async () => {
    await page.locator(".notification-toast .monaco-button", { hasText: "How to install" }).first().click();
    await page.waitForSelector('.tab.active:has-text("Preview")', { timeout: 20000 });
  });
} catch (error) {
  if (!(error instanceof Error && error.cause)) console.log(`FAIL vscode: ${String(error)}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
