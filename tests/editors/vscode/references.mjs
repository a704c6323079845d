// Shows in a real VS Code which entries of an open .bib differ from what is known, and corrects one.
//   node references.mjs EDITORS ADDRESS FOLDER SETTINGS SCREENS
// FOLDER gets the files. The screens are vscode-references-light.png and -dark.png.
import { mkdirSync, writeFileSync } from "node:fs";
import { checksInto, part } from "./checks.mjs";
import { newPage, openBrowser, openFile, openWorkbench, runCommand, until } from "./page.mjs";
import { inTheme, Settings, themes } from "./settings.mjs";

const [editors, address, folder, settingsFile, screens] = process.argv.slice(2);
const settings = new Settings(settingsFile);
const check = checksInto(screens);
const known = `@article{gull, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo},
  year = 2019, journal = {Nature}, doi = {10.1000/whales}}
@article{auk, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil},
  year = 2015, journal = {Science}, doi = {10.1000/seals}}
`;
const own = `% The references of a draft.
@article{gull2017,
  title   = {Listening to the Whales of the Northern Seas},
  author  = {Gull, Ann and Tern, Bo},
  journal = {Nature},
  year    = 2017,
  doi     = {10.1000/whales},
}

@article{auk2015,
  title   = {Counting Seals from Satellites at Night},
  author  = {Auk, Cy and Ruff, Jo},
  journal = {Science},
  year    = 2015,
}

@article{knot2015,
  title   = {Counting Seals from Satellites at Night},
  author  = {Auk, Cy and Knot, Gil},
  year    = 2015,
  doi     = {10.1000/whales},
}
`;

async function draft(browser, theme) {
  settings.write(inTheme(theme));
  const page = await newPage(browser, 1180, 640);
  await openWorkbench(page, `${address}/?folder=${folder}`);
  await openFile(page, "draft.bib", "Listening to the Whales");
  await check(page, `references ${theme}`, async () => {
    await runCommand(page, "Problems: Focus on Problems View");
    const rows = page.locator(".markers-panel .monaco-list-row", { hasText: "(known.bib" });
    await until("three findings", async () => (await rows.count()) === 3);
    await until("what is wrong with the year", async () =>
      (await rows.allTextContents()).some((row) => row.includes("“2017” is “2019” there")));
  });
  if (theme === "dark") {
    await check(page, "a reference is corrected", async () => {
      await page.locator(".view-line", { hasText: "2017," }).last().click();
      await page.keyboard.press("Home");
      await page.keyboard.press("Control+.");
      await page.locator(".action-widget .monaco-list-row", { hasText: "Correct the year" }).first().click();
      await page.waitForSelector('.view-line:has-text("2019")');
    });
  }
  await page.close();
}

mkdirSync(`${folder}/dump`, { recursive: true });
mkdirSync(screens, { recursive: true });
writeFileSync(`${folder}/dump/known.bib`, known);
writeFileSync(`${folder}/draft.bib`, own);
writeFileSync(`${folder}/ibid.toml`, 'corpus.reference = ["dump"]\n');
const browser = await openBrowser(editors);
for (const theme of Object.keys(themes)) await part(`references ${theme}`, () => draft(browser, theme));
await browser.close();
