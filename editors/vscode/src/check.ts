import * as vscode from "vscode";
import { METHOD, type CheckedNote } from "./protocol";
import type { Server } from "./server";

/** The findings in notes that are not open. Those of open notes the server tells by itself. */
export class NoteChecks implements vscode.Disposable {
  private readonly findings = vscode.languages.createDiagnosticCollection("ibid check");
  private readonly opened = vscode.workspace.onDidOpenTextDocument(({ uri }) => {
    this.findings.delete(uri);
  });

  constructor(private readonly server: Server) {}

  dispose(): void {
    this.opened.dispose();
    this.findings.dispose();
  }

  /** Checks all notes of the workspace, and shows what was found in the list of problems. */
  async run(): Promise<void> {
    const location = vscode.ProgressLocation.Window;
    const checked = await vscode.window.withProgress({ location, title: "ibid: checking all notes" }, () =>
      this.server.ask<CheckedNote[]>(METHOD.check, {}),
    );
    const { protocol2CodeConverter: converter } = await this.server.running();
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    this.findings.clear();
    for (const note of checked) {
      const uri = converter.asUri(note.uri);
      if (!open.has(uri.toString())) {
        this.findings.set(uri, note.diagnostics.map((finding) => converter.asDiagnostic(finding)));
      }
    }
    const found = checked.filter(({ diagnostics }) => diagnostics.length > 0);
    const total = found.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
    if (total === 0) {
      void vscode.window.showInformationMessage("ibid: nothing is wrong in any note.");
      return;
    }
    await vscode.commands.executeCommand("workbench.actions.view.problems");
    const message = `ibid: ${counted(total, "finding")} in ${counted(found.length, "note")}.`;
    void vscode.window.showInformationMessage(message);
  }
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
