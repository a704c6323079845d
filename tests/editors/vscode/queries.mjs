// Types many queries into a real VS Code, quickly and slowly, accepts the first paper of each and types on. The line has
// to be what the server ranks first, and the cursor behind it.
//   node queries.mjs EDITORS ADDRESS FOLDER EXPECTED SETTINGS SCREENS
// FOLDER has the folders of the notes, EXPECTED is what expected.mjs has written. Windows type at the same time.
import assert from "node:assert/strict";
import { mkdirSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { firstLine, openBrowser, openFile, openWorkbench, plainSettings, suggestions, until } from "./page.mjs";

const [editors, address, folder, expectedFile, settingsFile, screens] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, "utf8"));
const library = new URL("../queries/library.bib", import.meta.url);
// All queries take five minutes. Without being asked for all, every fourth is typed quickly and a few slowly.
const isWhole = process.env.IBID_TYPED_QUERIES === "all";
const WINDOWS_PER_MODE = isWhole ? 2 : 1;
const chosen = (delay) => expected.filter((_, i) => isWhole || i % (delay < 100 ? 4 : 12) === 1);
let failed = false;

function report(name, problems) {
  failed ||= problems.length > 0;
  console.log(problems.length === 0 ? `ok   vscode: ${name}` : `FAIL vscode: ${name}: ${problems.join("; ")}`);
}

// A window of its own with a note in it.
async function openWindow(browser, name, settings) {
  const workspace = `${folder}/${name}`;
  mkdirSync(`${workspace}/.vscode`, { recursive: true });
  copyFileSync(library, `${workspace}/library.bib`);
  writeFileSync(`${workspace}/note.md`, "nothing yet\n");
  writeFileSync(`${workspace}/.vscode/settings.json`, JSON.stringify(settings));
  const page = await (await browser.newContext({ viewport: { width: 900, height: 600 } })).newPage();
  await openWorkbench(page, `${address}/?folder=${workspace}`);
  await openFile(page, "note.md", "nothing yet");
  // The first list comes when the papers are read.
  await until("the first list", async () => {
    await typed(page, "[[orca", 40);
    return until("a list", () => listed(page), 1000).catch(() => false);
  });
  return page;
}

const listed = async (page) => (await suggestions(page)).length > 0;

async function typed(page, keys, delay) {
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  for (const key of keys) {
    await page.keyboard.type(key);
    await sleep(delay);
  }
}

// What is wrong with the line after a query was typed, its first paper accepted, and more typed.
async function wrongLine(page, query, citation, delay) {
  await typed(page, `[[${query}`, delay);
  try {
    await until("a list", () => listed(page), 5000);
  } catch {
    return [`no list for "${query}"`];
  }
  await page.keyboard.press("Enter");
  await until("the brackets", async () => (await firstLine(page)).includes("]]") && !(await listed(page)), 5000).catch(() => {});
  await page.keyboard.type(" and");
  await until("the text", async () => (await firstLine(page)).includes(" and"), 5000).catch(() => {});
  const line = await firstLine(page);
  return line === `${citation} and` ? [] : [`"${query}" gives "${line}", not "${citation} and"`];
}

async function inTurn(items, run) {
  const results = [];
  for (const item of items) results.push(...(await run(item)));
  return results;
}

// Every mode has windows that share the queries.
async function table(browser) {
  for (const [query, citation] of expected) assert.ok(citation, `the server has no answer to ${query}`);
  const modes = ["always", "never"];
  const windows = [];
  // One after the other: the time to open one is limited.
  for (const mode of modes) {
    for (let part = 0; part < WINDOWS_PER_MODE; part++) {
      const page = await openWindow(browser, `${mode}-${part}`, { "editor.autoClosingBrackets": mode });
      windows.push({ mode, part, page });
    }
  }
  for (const delay of [40, 400]) {
    const queries = chosen(delay);
    const found = await Promise.all(
      windows.map(async ({ mode, part, page }) => {
        const own = queries.filter((_, i) => i % WINDOWS_PER_MODE === part);
        const problems = await inTurn(own, ([query, citation]) => wrongLine(page, query, citation, delay));
        return { mode, problems };
      }),
    );
    for (const mode of modes) {
      const problems = found.filter((it) => it.mode === mode).flatMap((it) => it.problems);
      report(`${queries.length} queries typed at ${delay} ms a key, brackets closed ${mode}`, problems);
    }
  }
  return windows;
}

async function undo({ page, mode }) {
  await typed(page, "[[orca 2", 40);
  await until("a list", () => listed(page));
  await page.keyboard.press("Enter");
  await until("the citation", async () => (await firstLine(page)) === "[[Orca 2]]", 5000).catch(() => {});
  const cited = await firstLine(page);
  await page.keyboard.press("Control+Z");
  await sleep(500);
  const line = await firstLine(page);
  const before = mode === "always" ? "[[orca 2]]" : "[[orca 2";
  const isRight = cited === "[[Orca 2]]" && line === before;
  report(`one undo takes the citation back, brackets closed ${mode}`, isRight ? [] : [`"${cited}" became "${line}"`]);
}

// Enter comes while the answer for the last keys is under way: the paper of the list on the screen no longer fits. After a
// letter the list stays open, and Enter waits. At a trigger character the editor closes it, and Enter is a new line.
async function late(browser) {
  const settings = { "editor.autoClosingBrackets": "always", "ibid.server.path": `${folder}/slow-ibid` };
  const page = await openWindow(browser, "late", settings);
  const problems = [];
  for (const [start, rest, ...right] of [
    ["whales in ", "winter", "[[smith2020]]"],
    ["whales in ", "spring", "[[smith2021]]"],
    ["phi t", "ech", "[[abdin2024]]"],
    ["phi t", "ext", "[[Phi-1.5]]"],
    ["orca", " 2", "[[Orca 2]]", "[[orca 2"],
    ["smith", " 2020", "[[smith2020]]", "[[smith 2020"],
  ]) {
    await typed(page, `[[${start}`, 40);
    try {
      await until("a list", () => listed(page), 10000);
      // The answers to the last keys come after the first list.
      await sleep(1500);
      await until("the last list", () => listed(page), 10000);
    } catch {
      problems.push(`no list for "${start}"`);
      continue;
    }
    await page.keyboard.type(rest);
    await page.keyboard.press("Enter");
    await until("the citation", async () => /\]\]/.test(await firstLine(page)) && !(await listed(page)), 8000).catch(() => {});
    const line = await firstLine(page);
    if (!right.includes(line)) problems.push(`"${start}${rest}" gives "${line}", not "${right[0]}"`);
  }
  report("Enter before the list is there takes no paper of the one before", problems);
  await page.screenshot({ path: `${screens}/vscode-late.png` });
}

writeFileSync(settingsFile, JSON.stringify({ ...plainSettings, "ibid.server.path": process.env.IBID_BIN }));
mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
try {
  await late(browser);
  const windows = await table(browser);
  await undo(windows[0]);
  await undo(windows.at(-1));
  await windows[0].page.screenshot({ path: `${screens}/vscode-queries.png` });
} catch (error) {
  report("typed queries", [String(error)]);
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;
