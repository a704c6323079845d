// Types many queries into a real VS Code, quickly and slowly, accepts the first paper of each and types on. The line has
// to be what the server ranks first, and the cursor behind it.
//   node queries.mjs EDITORS ADDRESS FOLDER EXPECTED SETTINGS SCREENS
// FOLDER has the folders of the notes, EXPECTED is what expected.mjs has written. Windows type at the same time.
import assert from "node:assert/strict";
import { mkdirSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { part } from "./checks.mjs";
import {
  firstLine, newPage, numberOfPapers, openBrowser, openFile, openWorkbench, suggestions, typeAnew, until,
} from "./page.mjs";
import { Settings } from "./settings.mjs";

const [editors, address, folder, expectedFile, settingsFile, screens] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, "utf8"));
const library = new URL("../queries/library.bib", import.meta.url);
// All queries take five minutes. Without being asked for all, every fourth is typed quickly and a few slowly.
const isWhole = process.env.IBID_TYPED_QUERIES === "all";
const WINDOWS_PER_MODE = isWhole ? 2 : 1;
const chosen = (delay) => expected.filter((_, i) => isWhole || i % (delay < 100 ? 4 : 12) === 1);

// What failed in both tries fails; what failed once is reported.
function report(name, problems) {
  const told = problems.filter((it) => !it.isLasting).map((it) => it.text);
  const lasting = problems.filter((it) => it.isLasting).map((it) => it.text);
  if (lasting.length > 0) process.exitCode = 1;
  const second = told.length === 0 ? "" : ` (second try for ${told.length}; at first: ${told.join("; ")})`;
  console.log(lasting.length === 0 ? `ok   vscode: ${name}${second}` : `FAIL vscode: ${name}: ${lasting.join("; ")}${second}`);
}

// Asks for a problem a second time where there was one.
async function problemsOf(problem) {
  const first = await problem();
  if (first === undefined) return [];
  const second = await problem();
  return [{ text: second ?? first, isLasting: second !== undefined }];
}

// A window of its own with a note in it.
async function openWindow(browser, name, ownSettings) {
  const workspace = `${folder}/${name}`;
  mkdirSync(`${workspace}/.vscode`, { recursive: true });
  copyFileSync(library, `${workspace}/library.bib`);
  writeFileSync(`${workspace}/note.md`, "nothing yet\n");
  writeFileSync(`${workspace}/.vscode/settings.json`, JSON.stringify(ownSettings));
  const page = await newPage(browser, 900, 600);
  await openWorkbench(page, `${address}/?folder=${workspace}`);
  await openFile(page, "note.md", "nothing yet");
  await until("the papers", () => numberOfPapers(page));
  return page;
}

const listed = async (page) => (await suggestions(page)).length > 0;

async function typed(page, keys, delay) {
  await page.keyboard.press("Escape");
  await typeAnew(page, keys, delay);
}

const soon = (question) => until("it", question, 10000).then(() => true, () => false);

// What is wrong with the line after a query was typed, its first paper accepted, and more typed.
async function wrongLine(page, query, citation, delay) {
  await typed(page, `[[${query}`, delay);
  if (!(await soon(() => listed(page)))) return `no list for "${query}"`;
  await page.keyboard.press("Enter");
  await soon(async () => (await firstLine(page)).includes("]]") && !(await listed(page)));
  await page.keyboard.type(" and");
  await soon(async () => (await firstLine(page)).includes(" and"));
  const line = await firstLine(page);
  return line === `${citation} and` ? undefined : `"${query}" gives "${line}", not "${citation} and"`;
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
        const problems = await inTurn(own, ([query, citation]) =>
          problemsOf(() => wrongLine(page, query, citation, delay)));
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

async function wrongUndo({ page, mode }) {
  await typed(page, "[[orca 2", 40);
  await until("a list", () => listed(page));
  await page.keyboard.press("Enter");
  if (!(await soon(async () => (await firstLine(page)) === "[[Orca 2]]"))) return `"${await firstLine(page)}" is no citation`;
  await page.keyboard.press("Control+Z");
  const before = mode === "always" ? "[[orca 2]]" : "[[orca 2";
  const isRight = await soon(async () => (await firstLine(page)) === before);
  return isRight ? undefined : `"[[Orca 2]]" became "${await firstLine(page)}"`;
}

// Enter comes while the answer for the last keys is under way: the paper of the list on the screen no longer fits. After a
// letter the list stays open, and Enter waits. At a trigger character the editor closes it, and Enter is a new line.
async function late(browser) {
  const page = await openWindow(browser, "late", {
    "editor.autoClosingBrackets": "always",
    "ibid.server.path": `${folder}/slow-ibid`,
  });
  const open = () => Number(readFileSync(`${folder}/slow-ibid.open`, "utf8"));
  const problems = await inTurn(
    [
      ["whales in ", "winter", "[[smith2020]]"],
      ["whales in ", "spring", "[[smith2021]]"],
      ["phi t", "ech", "[[abdin2024]]"],
      ["phi t", "ext", "[[Phi-1.5]]"],
      ["orca", " 2", "[[Orca 2]]", "[[orca 2"],
      ["smith", " 2020", "[[smith2020]]", "[[smith 2020"],
    ],
    ([start, rest, ...right]) => problemsOf(() => wrongHaste(page, open, start, rest, right)),
  );
  report("Enter before the list is there takes no paper of the one before", problems);
  await page.screenshot({ path: `${screens}/vscode-late.png` });
  await page.close();
}

async function wrongHaste(page, open, start, rest, right) {
  await typed(page, `[[${start}`, 40);
  // The answers to the last keys come after the first list.
  if (!(await soon(async () => open() === 0 && (await listed(page))))) return `no list for "${start}"`;
  await page.keyboard.type(rest);
  await page.keyboard.press("Enter");
  await soon(async () => /\]\]/.test(await firstLine(page)) && !(await listed(page)));
  const line = await firstLine(page);
  return right.includes(line) ? undefined : `"${start}${rest}" gives "${line}", not "${right[0]}"`;
}

new Settings(settingsFile).write();
mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
await part("late answers", () => late(browser));
await part("typed queries", async () => {
  const windows = await table(browser);
  for (const window of [windows[0], windows.at(-1)]) {
    report(`one undo takes the citation back, brackets closed ${window.mode}`, await problemsOf(() => wrongUndo(window)));
  }
  await windows[0].page.screenshot({ path: `${screens}/vscode-queries.png` });
});
await browser.close();
