import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { noteEditor } from "./actions";
import { CORPUS_ENDINGS } from "./languages";
import { findProgram } from "./program";
import type { LibraryStatus } from "./protocol";
import { Refusal } from "./refusal";

const TOLD = "ibid.toldNoPapers";
const CHOOSE = "Choose a file of papers";
const SAMPLE = "Open a sample vault";

/** What a user without papers is offered. */
export class Welcome {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Follows the number of papers: the views show it, and a notice says once that there are no papers. */
  async onCounted({ papers, complete }: LibraryStatus): Promise<void> {
    await vscode.commands.executeCommand("setContext", "ibid.hasPapers", papers > 0);
    await vscode.commands.executeCommand("setContext", "ibid.hasNoPapers", papers === 0 && complete);
    const isTold = this.context.workspaceState.get<boolean>(TOLD, false);
    if (papers > 0 || !complete || isTold || noteEditor() === undefined) {
      return;
    }
    // Once for a folder: not everybody who writes Markdown has papers.
    await this.context.workspaceState.update(TOLD, true);
    const text = "ibid found no papers in this folder: there is nothing to complete or to show.";
    const choice = await vscode.window.showInformationMessage(text, CHOOSE, SAMPLE);
    if (choice === CHOOSE) {
      await vscode.commands.executeCommand("ibid.choosePapers");
    } else if (choice === SAMPLE) {
      await vscode.commands.executeCommand("ibid.openSample");
    }
  }

  /** Has the user choose files of papers, and names those in the settings that ibid would not find by itself. */
  async choosePapers(): Promise<void> {
    const chosen = await vscode.window.showOpenDialog({
      title: "Files of papers",
      openLabel: "Use these papers",
      canSelectMany: true,
      filters: { Papers: [...CORPUS_ENDINGS], "All files": ["*"] },
    });
    const outside = (chosen ?? []).filter((file) => vscode.workspace.getWorkspaceFolder(file) === undefined);
    if (outside.length === 0) {
      return;
    }
    const settings = vscode.workspace.getConfiguration("ibid");
    const known = settings.get<string[]>("corpus.paths", []);
    const added = outside.map((file) => file.fsPath).filter((file) => !known.includes(file));
    const { Global, Workspace } = vscode.ConfigurationTarget;
    const target = vscode.workspace.workspaceFolders === undefined ? Global : Workspace;
    await settings.update("corpus.paths", [...known, ...added], target);
  }

  /** Opens the sample vault of `ibid demo` in a new window. It is written once, and kept as the user leaves it. */
  async openSample(): Promise<void> {
    const folder = path.join(this.context.globalStorageUri.fsPath, "sample vault");
    if (!existsSync(folder)) {
      const program = findProgram(this.context);
      if (program.kind === "missing") {
        throw new Refusal(program.message);
      }
      await vscode.workspace.fs.createDirectory(this.context.globalStorageUri);
      await promisify(execFile)(program.path, ["demo", "--dir", folder]);
    }
    await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(folder), { forceNewWindow: true });
  }
}
