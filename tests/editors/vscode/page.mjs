// What a person does in the workbench, by the means of playwright.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/** Settings that keep everything off the screen that is not tested. */
export const plainSettings = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "security.workspace.trust.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "files.autoSave": "off",
};

/** A function that runs a check, says how it went and takes a picture. A check that fails fails the process. */
export function checksInto(screens) {
  return async (page, name, run) => {
    try {
      await run();
      console.log(`ok   vscode: ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`FAIL vscode: ${name}: ${String(error).split("\n")[0]}`);
    }
    await page.screenshot({ path: `${screens}/vscode-${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png` });
  };
}

/** Starts Chromium without a screen; nothing but this machine is reached. */
export async function openBrowser(editors) {
  const { chromium } = createRequire(`${editors}/playwright/package.json`)("playwright-core");
  return chromium.launch({
    executablePath: process.env.IBID_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

/** Repeats a question until its answer is truthy; says what was waited for when it never is. */
export async function until(what, question, milliseconds = 20000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

export async function openWorkbench(page, url) {
  await page.goto(url);
  await page.waitForSelector(".monaco-workbench .statusbar-item", { timeout: 60000 });
}

/** Opens a file by its name through Quick Open. */
export async function openFile(page, name, textInIt) {
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget input").first().fill(name);
  await page.waitForSelector(`.quick-input-list .monaco-list-row:has-text("${name}")`, { timeout: 40000 });
  await sleep(300);
  await page.keyboard.press("Enter");
  await page.waitForSelector(`.tab.active:has-text("${name}")`, { timeout: 40000 });
  await page.waitForSelector(`.view-line:has-text("${textInIt}")`, { timeout: 40000 });
}

/** Runs a command of the palette by its full title. */
export async function runCommand(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor({ timeout: 10000 });
  await sleep(200);
  await page.keyboard.press("Enter");
}

/** The middle of a piece of text in the rendered editor, in pixels. */
export async function placeOf(page, line, text) {
  // A line that is drawn anew just then has no place.
  return until(`"${text}" to be drawn`, async () => {
    const place = await drawnPlace(page, line, text);
    return place.width > 0 && place;
  });
}

async function drawnPlace(page, line, text) {
  return page
    .locator(`.view-line:has-text("${line}")`)
    .first()
    .evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const start = node.data.replaceAll("\u00a0", " ").indexOf(wanted);
        if (start >= 0) {
          const range = document.createRange();
          range.setStart(node, start);
          range.setEnd(node, start + wanted.length);
          const box = range.getBoundingClientRect();
          return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
        }
      }
      throw new Error(`"${wanted}" is not on the screen`);
    }, text);
}

/** What the completion list shows, first row first; empty where it is closed. */
export async function suggestions(page) {
  return page
    .locator(".suggest-widget.visible .monaco-list-row")
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
}

/** The first line of the editor. */
export async function firstLine(page) {
  const line = await page.locator(".editor-instance .view-lines .view-line").first().innerText();
  return line.replaceAll("\u00a0", " ").replaceAll("\u200c", "");
}

/** What the notices on the screen say. */
export async function notices(page) {
  return page.locator(".notification-toast .notification-list-item-message").allInnerTexts();
}
