// The extension that carries its server, in a real VS Code that finds no other: from an empty profile to the first citation.
//   node bundled.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the notes.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { checksInto, part } from "./checks.mjs";
import { firstLine, newPage, numberOfPapers, openBrowser, openFile, openWorkbench, suggestions, typeAnew, until } from "./page.mjs";
import { plainSettings } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const check = checksInto(screens);

mkdirSync(folder, { recursive: true });
mkdirSync(screens, { recursive: true });
writeFileSync(`${folder}/note.md`, "nothing yet\n");
writeFileSync(`${folder}/library.bib`, "@misc{hopper2024, author = {Hopper, Grace}, title = {A Compiler}, year = 2024}\n");
writeFileSync(settingsFile, JSON.stringify(plainSettings));
const browser = await openBrowser(editors);
await part("the server inside the extension", async () => {
  const page = await newPage(browser);
  const started = Date.now();
  await openWorkbench(page, `${address}/?folder=${folder}`);
  await openFile(page, "note.md", "nothing yet");
  await check(page, "the server inside the extension starts and reads the papers", async () => {
    await until("the number of papers", async () => (await numberOfPapers(page)) === 1);
  });
  await check(page, "the server inside the extension completes a citation", async () => {
    await page.locator(".view-line", { hasText: "nothing yet" }).first().click();
    await typeAnew(page, "[[comp", 60);
    await until("the paper", async () => ((await suggestions(page))[0] ?? "").includes("Hopper 2024"));
    console.log(`first completion ${Date.now() - started} ms after the window was opened`);
    await page.keyboard.press("Enter");
    await until("the citation", async () => (await firstLine(page)) === "[[hopper2024]]");
  });
  await check(page, "the server inside the extension raises no notice", async () => {
    assert.equal(await page.locator(".notification-toast", { hasText: "ibid" }).count(), 0);
  });
});
await browser.close();
