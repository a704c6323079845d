// Papers outside of the text: the picker, the view of the note's papers, symbols and findings. What the server can do
// besides is checked where IBID_TEST_FEATURES names it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import {
  cursorOn, leaveCards, notice, notices, openFile, placeOf, quietly, revert, runCommand, suggestions, unfold, until,
} from "./page.mjs";

const orca = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
const lora = "LoRA: Low-Rank Adaptation of Large Language Models";
const toolformer = "Toolformer: Language Models Can Teach Themselves to Use Tools";

/** What a server may be able to do; which of it is to be checked, IBID_TEST_FEATURES says. */
export const FEATURES = ["bib", "references", "rename", "literature-note", "reference-list", "export", "check"];

/** Checks that work with every server, and those of the features that were named. */
export async function papers(page, check, { workspace, screens, features }) {
  await noteView(page, check);
  await picker(page, check, workspace, screens);
  await corpusFiles(page, check);
  const checks = { bib, references, rename, "literature-note": literatureNote, "reference-list": referenceList, export: exported };
  for (const [name, run] of Object.entries(checks)) {
    if (features.includes(name)) await run(page, check);
  }
  await (features.includes("check") ? checkNotes(page, check, workspace) : checkUnknown(page, check));
}

const pickerInput = (page) => page.locator(".quick-input-widget input").first();
const rowsOf = (locator) => locator.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
const pickerRows = (page) => rowsOf(page.locator(".quick-input-list .monaco-list-row"));
const view = (page) => page.locator(".pane", { has: page.locator(".pane-header", { hasText: /Papers in this note/i }) });
const viewRows = (page) => rowsOf(view(page).locator(".monaco-list-row"));

async function openPicker(page, command, title) {
  await runCommand(page, command);
  await page.locator(".quick-input-title:visible", { hasText: title }).waitFor();
}

async function startsWith(what, rows, expected) {
  let last = [];
  await until(what, async () => {
    last = await rows();
    return expected.every((text, i) => last[i]?.includes(text));
  }).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
}

async function noteView(page, check) {
  await check(page, "the papers of a note are listed beside it", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    // The editor starts with the views of extensions folded, and gives most of the place to the files.
    await unfold(page, /Papers in this note/i);
    await unfold(page, /^notes/i, false);
    await startsWith("the papers", () => viewRows(page), [orca, lora, "QLoRA", "Unclear", "Toolfromer", "Related"]);
    assert.ok((await viewRows(page))[0].startsWith("6 authors 2023 · Orca"));
  });
  await check(page, "a misspelt name is underlined", async () => {
    await page.waitForSelector(".squiggly-warning");
  });
  await check(page, "a click on a paper goes to its first citation", async () => {
    await view(page).locator(".monaco-list-row", { hasText: "Orca:" }).click();
    await page.waitForSelector('.statusbar-item:has-text("Ln 3, Col 39 (8 selected)")');
  });
  await check(page, "a paper in the list shows its card", async () => {
    const row = view(page).locator(".monaco-list-row", { hasText: "LoRA: Low" }).first();
    const card = page.locator(".monaco-hover:visible", { hasText: "thin matrices" }).first();
    await until("the card", async () => {
      await leaveCards(page);
      await row.hover();
      return card.waitFor({ timeout: 5000 }).then(() => true, () => false);
    });
    await leaveCards(page);
  });
  await check(page, "the list follows what is typed", async () => {
    await page.keyboard.press("Control+1");
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText("See [[Textbooks Are All You Need]].");
    await startsWith("the new paper", () => viewRows(page), [orca, lora, "QLoRA", "Textbooks Are All You Need"]);
    await revert(page);
    await startsWith("the old list", () => viewRows(page), [orca, lora, "QLoRA", "Unclear"]);
  });
  await check(page, "papers related to those of the note are listed on demand", async () => {
    await view(page).locator(".monaco-list-row", { hasText: "Related" }).click();
    await until("related papers", async () => (await viewRows(page)).length > 6);
    const related = (await viewRows(page)).slice(6);
    assert.ok(related.some((row) => row.includes("Toolformer")), related.join("\n"));
    assert.ok(!related.some((row) => row.includes("Orca")), related.join("\n"));
  });
}

async function picker(page, check, workspace, screens) {
  const find = async () => {
    await openPicker(page, "ibid: Find paper", "Find paper");
    await pickerInput(page).pressSequentially("models", { delay: 30 });
    // What the notes cite comes first within a kind of match; the letters of the titles would give another order.
    await startsWith("the papers", () => pickerRows(page), [lora, toolformer, orca, "Textbooks", "QLoRA"]);
  };
  const showCards = async () => {
    await page.locator('.quick-input-titlebar .action-label[aria-label*="card"]').click();
    await page.waitForSelector('.view-line:has-text("8 authors · Jun 17, 2021")');
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('.view-line:has-text("8 authors · Feb 9, 2023")');
  };
  await check(page, "find keeps the order of the server", find);
  await check(page, "find shows the card of the selected paper", showCards, find);
  await check(page, "find opens the entry", async () => {
    await page.keyboard.press("Enter");
    await page.waitForSelector('.tab.active:has-text("papers.txt")');
    const line = readFileSync(`${workspace}/papers.txt`, "utf8").split("\n").indexOf(toolformer) + 1;
    await page.waitForSelector(`.statusbar-item:has-text("Ln ${line},")`);
    await until("the card to be closed", async () => (await page.locator('.tab:has-text("Paper card")').count()) === 0);
  }, async () => {
    await find();
    await showCards();
  });
  await check(page, "a citation is inserted into open brackets", async () => {
    await openFile(page, "scratch.md", "");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText("See [[tool");
    await until("the list of completions", async () => (await suggestions(page)).length > 0);
    await page.keyboard.press("Escape");
    await openPicker(page, "ibid: Insert citation", "Insert citation");
    await startsWith("the paper", () => pickerRows(page), [toolformer]);
    assert.equal(await pickerInput(page).inputValue(), "tool");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.view-line:has-text("See [[Toolformer]]")');
    // The text is there before the cursor has moved behind it and the editor has the keyboard again.
    await page.waitForSelector('.statusbar-item:has-text("Ln 1, Col 19")');
    await page.waitForSelector(".monaco-editor.focused .view-lines");
    await page.keyboard.insertText(".");
    await page.waitForSelector('.view-line:has-text("See [[Toolformer]].")');
    await page.keyboard.press("Control+S");
    await until("the file", () => readFileSync(`${workspace}/scratch.md`, "utf8").trimEnd() === "See [[Toolformer]].");
  });
  await check(page, "related papers of the citation at the cursor are listed, and one is inserted", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await cursorOn(page, "Back to", "Orca");
    await openPicker(page, "ibid: Related papers", "Related to Orca");
    await until("related papers", async () => (await pickerRows(page)).length >= 3);
    assert.ok(!(await pickerRows(page)).some((row) => row.includes(orca)));
    await pickerInput(page).fill("textbooks");
    await startsWith("one paper", () => pickerRows(page), ["Textbooks Are All You Need"]);
    await page.screenshot({ path: `${screens}/vscode-related-picker.png` });
    const row = page.locator(".quick-input-list .monaco-list-row").first();
    await row.hover();
    await row.locator('.action-label[aria-label*="Insert citation"]').click();
    await page.waitForSelector('.view-line:has-text("Back to [[Textbooks Are All You Need]] once")');
    await revert(page);
    await page.waitForSelector('.view-line:has-text("Back to [[Orca]] once")');
  });
  await check(page, "the editor's menu of a note has ibid's commands", async () => {
    const { x, y } = await placeOf(page, "Back to", "Orca");
    await page.mouse.click(x, y, { button: "right" });
    await page.locator(".context-view .action-label", { hasText: /^ibid$/ }).hover();
    await page.locator(".monaco-submenu .action-label", { hasText: "Export citations" }).waitFor();
  });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}

async function corpusFiles(page, check) {
  await check(page, "the papers of a corpus file are its symbols", async () => {
    await openFile(page, "papers.txt", "");
    await page.keyboard.press("Control+Shift+O");
    await until("the symbols", async () => (await pickerRows(page)).some((row) => row.includes("QLoRA")));
    assert.equal((await pickerRows(page)).filter((row) => /LoRA|Orca|Attention|Textbooks|Toolformer/.test(row)).length, 6);
  });
  await page.keyboard.press("Escape");
  await check(page, "papers are symbols of the workspace", async () => {
    await page.keyboard.press("Control+T");
    await pickerInput(page).pressSequentially("attention", { delay: 30 });
    await until("the paper", async () => (await pickerRows(page)).some((row) => row.includes("Attention Is All You Need")));
  });
  await page.keyboard.press("Escape");
}

// A server that does not know a question is no reason for silence.
async function checkUnknown(page, check) {
  await check(page, "a command that the server does not know yet says so", async () => {
    await runCommand(page, "ibid: Check all notes");
    await until("the notice", async () => (await notices(page)).some((text) => text.includes("does not know “ibid/check”")));
  });
}

async function checkNotes(page, check, workspace) {
  await check(page, "all notes are checked, open or not", async () => {
    writeFileSync(`${workspace}/closed.md`, "Never opened: [[Toolfromer]].\n");
    await until("a finding in the closed note", async () => {
      await runCommand(page, "ibid: Check all notes");
      const row = page.locator('.markers-panel .monaco-list-row[aria-label*="closed.md"]').first();
      return row.waitFor({ timeout: 5000 }).then(() => true, () => false);
    });
  });
}

async function references(page, check) {
  await check(page, "the references of a citation are shown", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await cursorOn(page, "Back to", "Orca");
    await runCommand(page, "ibid: Show references");
    const peek = page.locator(".reference-zone-widget");
    await peek.locator(".monaco-list-row", { hasText: "note.md" }).first().waitFor();
    assert.ok((await rowsOf(peek.locator(".monaco-list-row"))).some((row) => row.includes("survey.md")));
  });
  await page.keyboard.press("Escape");
  await check(page, "the entry of a paper says where it is cited", async () => {
    await openFile(page, "papers.txt", "");
    await page.keyboard.press("Control+Home");
    const lens = page.locator(".codelens-decoration a:visible", { hasText: /cited|note/i }).first();
    const peek = page.locator(".reference-zone-widget .monaco-list-row").first();
    // The lens is drawn anew when the server has counted again.
    await until("the citations", () =>
      lens.click({ timeout: 3000 }).then(() => peek.waitFor({ timeout: 10000 })).then(() => true, () => false));
  });
  await page.keyboard.press("Escape");
}

async function rename(page, check) {
  await check(page, "where nothing can be renamed, that is said, and no box stays open", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await cursorOn(page, "Back to", "Toolfromer");
    await page.keyboard.press("F2");
    await notice(page, "No paper is called").waitFor();
    await quietly(1000);
    assert.equal(await page.locator(".rename-box:visible").count(), 0);
    await runCommand(page, "Notifications: Clear All Notifications");
  });
  // The editor's own Markdown takes the inner brackets for a link, and would rename them in this note.
  await check(page, "a refused rename is said, and changes nothing", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    const text = () => page.locator(".editor-instance .view-lines").first().innerText();
    const before = await text();
    await cursorOn(page, "Back to", "Orca");
    await page.keyboard.press("F2");
    const box = page.locator(".rename-box input, .rename-input").first();
    await box.waitFor();
    await box.fill("2306.02707");
    await page.keyboard.press("Enter");
    await notice(page, "taken for an identifier").waitFor();
    await quietly(500);
    assert.equal(await text(), before);
    assert.equal(await page.locator(".tab.active.dirty").count(), 0);
    await runCommand(page, "Notifications: Clear All Notifications");
  });
  await check(page, "a citation is renamed in all notes", async () => {
    await openFile(page, "teaching.md", "First");
    await cursorOn(page, "First", "Textbooks");
    await page.keyboard.press("F2");
    const box = page.locator(".rename-box input, .rename-input").first();
    await box.waitFor();
    await box.fill("Textbooks are all you need");
    await page.keyboard.press("Enter");
    // The line wraps, so that each end of it is looked for by itself.
    await page.waitForSelector('.view-line:has-text("First [[Textbooks are all you need]]")');
    await page.waitForSelector('.view-line:has-text("need|once again]]")');
  });
  await revert(page);
}

async function literatureNote(page, check) {
  await check(page, "a literature note is made and opened", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await cursorOn(page, "Back to", "Orca");
    await runCommand(page, "ibid: Open or create literature note");
    await page.waitForSelector('.tab.active[aria-label*=".md"]:not(:has-text("survey.md"))');
    // Until the new editor has the focus, it would take the keys of whatever comes next.
    await page.waitForSelector('.monaco-editor.focused .view-line:has-text("## Notes")');
  });
}

async function referenceList(page, check) {
  await check(page, "the reference list is inserted", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await runCommand(page, "ibid: Insert or refresh reference list");
    await page.keyboard.press("Control+End");
    await page.waitForSelector('.view-line:has-text("Low-Rank Adaptation")');
  });
}

async function exported(page, check) {
  await check(page, "the citations are exported as BibTeX", async () => {
    await openFile(page, "survey.md", "Explanations teach best");
    await openPicker(page, "ibid: Export citations", "Export the citations");
    await startsWith("the formats", () => pickerRows(page), ["BibTeX", "CSL-JSON", "Markdown"]);
    await page.keyboard.press("Enter");
    await page.waitForSelector('.tab.active:has-text("Untitled")');
    await page.waitForSelector('.view-line:has-text("@")');
  });
}

async function bib(page, check) {
  await check(page, "a bibliography has symbols, and its problems are underlined", async () => {
    await openFile(page, "library.bib", "okafor2019reefs");
    await page.waitForSelector(".squiggly-warning, .squiggly-error, .squiggly-info");
    await page.keyboard.press("Control+Shift+O");
    await until("the symbols", async () => (await pickerRows(page)).some((row) => row.includes("tanaka2021kelp")));
  });
  await page.keyboard.press("Escape");
}
