// Checks, each with its line and its picture.
import { writeFileSync } from "node:fs";
import { cleanState } from "./page.mjs";

/** Thrown when a check has failed twice and its line is written. */
export class Failed extends Error {}

const inOneLine = (error) => String(error instanceof Error ? error.message : error).replaceAll(/\s+/g, " ").slice(0, 500);

/**
 * A function that runs a check, says how it went and takes a picture. A check that fails is tried once more in a window that
 * was loaded anew, and its line says so; `again` does there what the check takes for granted.
 */
export function checksInto(screens) {
  return async (page, name, run, again = async () => {}) => {
    const file = `${screens}/vscode-${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}`;
    const picture = async (suffix = "") => {
      await page.screenshot({ path: `${file}${suffix}.png`, animations: "disabled" }).catch(() => {});
      writeFileSync(`${file}${suffix}.txt`, await page.locator(".monaco-workbench").innerText().catch(() => ""));
    };
    try {
      await run();
      console.log(`ok   vscode: ${name}`);
    } catch (first) {
      await picture("-first-try");
      try {
        await cleanState(page);
        await again();
        await run();
        console.log(`ok   vscode: ${name} (second try; at first: ${inOneLine(first)})`);
      } catch (second) {
        process.exitCode = 1;
        console.log(`FAIL vscode: ${name}: ${inOneLine(second)} (at first: ${inOneLine(first)})`);
        throw new Failed(name, { cause: second });
      }
    } finally {
      await picture();
    }
  };
}

/** Runs a part of the checks; whatever ends it, the others can go on. */
export async function part(name, run) {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof Failed)) console.log(`FAIL vscode: ${name}: ${inOneLine(error)}`);
  }
}
