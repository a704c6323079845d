import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as os from "node:os";
import * as vscode from "vscode";
import { findBinary, type BinaryResult } from "./binary";

/** Finds the server's program for this window. */
export function findProgram(context: vscode.ExtensionContext): BinaryResult {
  return findBinary({
    configured: vscode.workspace.getConfiguration("ibid").get<string>("server.path", ""),
    extensionFolder: context.extensionPath,
    workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    homeFolder: os.homedir(),
    environment: process.env,
    platform: process.platform,
    isExecutable,
  });
}

/** How long a program may take to say its version. */
const VERSION_MILLISECONDS = 10000;

/** What a program answers to `--version`: all it prints, and nothing where it cannot be run. */
export function askVersion(program: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, ["--version"], { timeout: VERSION_MILLISECONDS }, (_, printed, complaint) => {
      resolve(printed === "" ? complaint : printed);
    }).stdin?.end();
  });
}

/** Says that the program is of another release, and how to mend it. */
export async function tellDrift(context: vscode.ExtensionContext, message: string): Promise<void> {
  const howToInstall = "How to install";
  if ((await vscode.window.showWarningMessage(`ibid: ${message}`, howToInstall)) === howToInstall) {
    await showInstallSection(context);
  }
}

/** Says that the program is missing or another one, and how to mend it. */
export async function tellMissing(context: vscode.ExtensionContext, message: string): Promise<void> {
  const openSettings = "Open settings";
  const howToInstall = "How to install";
  const choice = await vscode.window.showErrorMessage(
    `ibid: ${message} Install ibid, or set its place in ibid.server.path.`,
    openSettings,
    howToInstall,
  );
  if (choice === openSettings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "ibid.server.path");
  } else if (choice === howToInstall) {
    await showInstallSection(context);
  }
}

async function showInstallSection(context: vscode.ExtensionContext): Promise<void> {
  const names = await vscode.workspace.fs.readDirectory(context.extensionUri);
  // Packaging writes the name in lower case.
  const readme = names.find(([name]) => name.toLowerCase() === "readme.md")?.[0] ?? "README.md";
  const section = vscode.Uri.joinPath(context.extensionUri, readme).with({ fragment: "installing-the-server" });
  await vscode.commands.executeCommand("markdown.showPreview", section);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
