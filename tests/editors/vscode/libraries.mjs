// Papers that are in no file of the folder, in a real VS Code: those of Zotero, and those of a group's engine.
//   node libraries.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the folders of notes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { group, zotero } from "../vaults.mjs";
import { checksInto, part } from "./checks.mjs";
import {
  cardOf, cursorOn, firstLine, leaveCards, newPage, openBrowser, openFile, openWorkbench, revert, runCommand, suggestions,
  typeAnew, typeSlowly, until,
} from "./page.mjs";
import { inTheme, Settings, themes } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const settings = new Settings(settingsFile);
const check = checksInto(screens);

async function openNote(browser, workspace, text, size = [1100, 620]) {
  const page = await newPage(browser, ...size);
  await openWorkbench(page, `${address}/?folder=${workspace}`);
  await openFile(page, "note.md", text);
  return page;
}

const hasLine = (page, text) => page.locator(".view-line", { hasText: text }).first().waitFor();

async function ofZotero(browser) {
  settings.write();
  await zotero(`${folder}/zotero`);
  const page = await openNote(browser, `${folder}/zotero`, "Whales in the cold");
  const pictures = async (name, show) => {
    for (const theme of Object.keys(themes)) {
      await settings.change(inTheme(theme), `the ${theme} theme`, () =>
        page.locator(`.monaco-workbench[class*="${theme}_modern"], .monaco-workbench[class*="${theme}-modern"]`).count());
      await show();
      await page.screenshot({ path: `${screens}/vscode-zotero-${name}-${theme}.png`, animations: "disabled" });
    }
  };
  await check(page, "Zotero: the card shows collection, tags and annotations", async () => {
    await pictures("card", async () => {
      const text = await cardOf(page, "Their songs carry", "gull2019songs", "Songs of Whales in Cold Water");
      for (const part of ["Reading/Whales", "method", "to do", "2 annotations", "Songs carry further in cold water."]) {
        assert.ok(text.includes(part), `no “${part}” in: ${text}`);
      }
    });
    const links = page.locator('.monaco-hover:visible a[data-href^="command:ibid.openInZotero"]');
    assert.deepEqual(await links.allInnerTexts(), ["p. 3", "p. 7", "PDF", "Zotero"]);
    await leaveCards(page);
  });
  await check(page, "Zotero: a tag narrows the list", async () => {
    await pictures("filter", async () => {
      await openFile(page, "note.md", "Whales in the cold");
      await revert(page);
      await page.keyboard.press("Control+End");
      await typeSlowly(page, "[[#method wh", 80);
      await until("the one paper", async () => (await suggestions(page)).length === 1);
      assert.match((await suggestions(page))[0], /Gull.*2019/);
    });
    await page.keyboard.press("Enter");
    await hasLine(page, "[[gull2019songs]]");
    await revert(page);
  });
  await check(page, "Zotero: annotations go into the literature note", async () => {
    await openFile(page, "note.md", "Whales in the cold");
    await cursorOn(page, "Their songs carry", "gull2019songs");
    await runCommand(page, "ibid: Open or create literature note");
    await page.waitForSelector('.tab.active:not(:has-text("note.md"))');
    await page.waitForSelector('.monaco-editor.focused .view-line:has-text("## Notes")');
    await runCommand(page, "ibid: Insert or refresh annotations from Zotero");
    await until("the highlights", async () => {
      await page.keyboard.press("Control+End");
      return page.locator(".view-line", { hasText: "Every winter brings another song." }).count();
    });
    await pictures("annotations", async () => {});
  });
  await page.close();
}

async function ofGroup(browser) {
  const engine = spawn(process.execPath, [fileURLToPath(new URL("../engine.mjs", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await once(engine.stdout, "data");
    group(`${folder}/group`, String(port).trim());
    settings.write();
    const page = await openNote(browser, `${folder}/group`, "nothing yet");
    await check(page, "group: a paper of the engine is offered, and becomes the user's when it is cited", async () => {
      await openFile(page, "note.md", "");
      await until("the engine's paper in the list", async () => {
        await page.keyboard.press("Escape");
        await typeAnew(page, "[[moraine la", 80);
        return until("a row", async () => (await suggestions(page))[0]?.includes("Serac 2024"), 5000).catch(() => false);
      });
      await page.screenshot({ path: `${screens}/vscode-group-completion.png`, animations: "disabled" });
      await page.keyboard.press("Enter");
      // In a second try the paper is the user's, and has a key.
      const citations = ["[[Moraine Lakes above Glaciers in Retreat]]", "[[moraine2024]]"];
      await until("the citation", async () => citations.includes(await firstLine(page)));
      const kept = `${folder}/group/cited.jsonl`;
      await until("the record in cited.jsonl", () => existsSync(kept) && readFileSync(kept, "utf8").includes("10.5555/moraine"));
      assert.equal(readFileSync(kept, "utf8").trim().split("\n").length, 1);
      await page.keyboard.press("Control+S");
    });
    await check(page, "group: the card of a paper of the engine", async () => {
      await cardOf(page, "oraine", "oraine", "Lakes behind moraines grow");
    });
    await check(page, "group: an identifier that only the engine knows has its card", async () => {
      await openFile(page, "note.md", "");
      await typeAnew(page, "[[10.5555/firn]] ", 40);
      await cardOf(page, "10.5555/firn", "10.5555", "Firn Density from Radar");
    });
    await page.close();
  } finally {
    engine.kill();
  }
}

mkdirSync(screens, { recursive: true });
const browser = await openBrowser(editors);
await part("Zotero", () => ofZotero(browser));
await part("a group's engine", () => ofGroup(browser));
await browser.close();
