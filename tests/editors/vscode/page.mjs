// What a person does in the workbench, by the means of playwright.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

// What is there ends the waiting at once; only a machine that is busy with other things needs the rest.
const PATIENCE = 60000;

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
export async function until(what, question, milliseconds = PATIENCE) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

/** Time in which something that must not happen could. */
export const quietly = (milliseconds) => sleep(milliseconds);

/** A window of the editor. Those of one browser share what they have loaded. */
export async function newPage(browser, width = 1100, height = 700) {
  const context = browser.contexts()[0] ?? (await browser.newContext());
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  // The editor asks whether to leave what is not saved.
  page.on("dialog", (dialog) => void dialog.accept().catch(() => {}));
  return page;
}

export async function openWorkbench(page, url) {
  await page.goto(url);
  await page.waitForSelector(".monaco-workbench .statusbar-item");
}

const lastOpened = new WeakMap();

/** Loads a window anew, without what is not saved, with the file that was opened last. */
export async function cleanState(page) {
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  if ((await page.locator(".tab.active.dirty").count()) > 0) await runCommand(page, "File: Revert File");
  await openWorkbench(page, page.url());
  const opened = lastOpened.get(page);
  if (opened !== undefined) await openFile(page, ...opened);
}

const quickInput = (page) => page.locator(".quick-input-widget:visible input").first();
const focusedRow = (page, text) => page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text }).first();

// Opens Quick Open by a key, and takes the row with a text as soon as it is the one that Enter takes.
async function take(page, key, entered, text) {
  await until(`“${text}” in the list`, async () => {
    await page.keyboard.press(key);
    return quickInput(page).fill(entered, { timeout: 5000 })
      .then(() => focusedRow(page, text).waitFor({ timeout: 15000 }))
      .then(() => true, () => page.keyboard.press("Escape"));
  });
  await page.keyboard.press("Enter");
  await until(`“${text}” to be taken`, async () =>
    (await quickInput(page).count()) === 0 || (await quickInput(page).inputValue({ timeout: 1000 }).catch(() => "")) !== entered);
}

/** Opens a file by its name through Quick Open. */
export async function openFile(page, name, textInIt) {
  lastOpened.set(page, [name, textInIt]);
  const tab = page.locator(`.tab.active:has-text("${name}")`).first();
  // Where a command opens a file just then, the later of the two stays on top.
  await until(`the tab of ${name}`, async () => {
    await take(page, "Control+P", name, name);
    return tab.waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
  await page.waitForSelector(".monaco-editor.focused .view-lines");
  const text = page.locator(`.view-line:has-text("${textInIt}")`).first();
  await until(`“${textInIt}”`, async () => {
    if (await text.waitFor({ timeout: 3000 }).then(() => true, () => false)) return true;
    // The editor shows the place where the file was left.
    await page.keyboard.press("Control+Home");
    return false;
  });
}

/** Runs a command of the palette by its full title. */
export async function runCommand(page, title) {
  await take(page, "F1", `>${title}`, title);
}

/** Takes back what was typed into the active editor and not saved. */
export async function revert(page) {
  await runCommand(page, "File: Revert File");
  await until("the file as it was saved", async () => (await page.locator(".tab.active.dirty").count()) === 0);
}

/** The middle of a piece of text in the rendered editor, in pixels. */
export async function placeOf(page, line, text) {
  // A line that is drawn anew just then has no place, and may not be there at all.
  return until(`“${text}” to be drawn`, async () => {
    const place = await drawnPlace(page, line, text).catch(() => undefined);
    return place !== undefined && place.width > 0 && place;
  });
}

async function drawnPlace(page, line, text) {
  return page
    .locator(`.view-line:has-text("${line}")`)
    .first()
    .evaluate(
      (element, wanted) => {
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
        return undefined;
      },
      text,
      { timeout: 5000 },
    );
}

/** Puts the cursor into a piece of text. */
export async function cursorOn(page, line, text) {
  const { x, y } = await placeOf(page, line, text);
  await page.mouse.click(x, y);
}

/** Moves the mouse onto a citation until a card with a text shows, and gives that card's text. */
export async function cardOf(page, line, text, within) {
  const card = page.locator(".monaco-hover:visible", { hasText: within }).first();
  return until(`the card with “${within}”`, async () => {
    await leaveCards(page);
    const { x, y } = await placeOf(page, line, text);
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    // A card that goes away just then has no text.
    return card.innerText({ timeout: 5000 }).catch(() => undefined);
  });
}

/** Moves the mouse away until no card is left: an old one would be taken for the next. */
export async function leaveCards(page) {
  const { width, height } = page.viewportSize();
  await until("the card to go", async () => {
    await page.mouse.move(width - 40 - Math.random() * 9, height - 60);
    if ((await page.locator(".monaco-hover:visible").count()) === 0) return true;
    await page.keyboard.press("Escape");
    return false;
  });
}

/** Writes a text in place of all that is in the active editor, by keys, `delay` milliseconds each; ⌫ is a key too. */
export async function typeAnew(page, keys, delay) {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await typeSlowly(page, keys, delay);
}

/** Types keys, `delay` milliseconds each; ⌫ is a key too. */
export async function typeSlowly(page, keys, delay) {
  for (const key of keys) {
    await (key === "⌫" ? page.keyboard.press("Backspace") : page.keyboard.type(key));
    await sleep(delay);
  }
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

/** The notice with a text. */
export const notice = (page, text) => page.locator(".notification-toast", { hasText: text }).first();

/** The item of the status bar with a text. */
export const status = (page, text) => page.locator(".statusbar-item", { hasText: text }).first();

/** How many papers there are, as the status bar says it; 0 as long as it does not. */
export async function numberOfPapers(page) {
  const text = await page.locator('.statusbar-item[id$="ibid.papers"]').innerText({ timeout: 1000 }).catch(() => "");
  return Number(/\d+/.exec(text.replaceAll(",", ""))?.[0] ?? 0);
}

/** The buttons of a notice or a view. */
export const buttons = async (locator) => (await locator.locator(".monaco-button").allInnerTexts()).map((text) => text.trim());

/** Folds a view of the side bar, or unfolds it. */
export async function unfold(page, title, isOpen = true) {
  const header = page.locator(".pane-header", { hasText: title }).first();
  await until(`the view ${title}`, async () => {
    if ((await header.getAttribute("aria-expanded")) === String(isOpen)) return true;
    await header.click();
    return false;
  });
}
