import * as vscode from "vscode";
import { neededNoteEditor } from "./actions";
import { METHOD, type Exported, type ExportFormat } from "./protocol";
import type { Server } from "./server";

interface FormatRow extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  /** The editor's name of the language. */
  readonly language: string;
}

const COPY: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("copy"),
  tooltip: "Copy to the clipboard",
};

const FORMATS: readonly FormatRow[] = [
  { label: "BibTeX", format: "bibtex", language: "bibtex", buttons: [COPY] },
  { label: "CSL-JSON", format: "csl-json", language: "json", buttons: [COPY] },
  { label: "Markdown", description: "a reference list", format: "markdown", language: "markdown", buttons: [COPY] },
];

/** Exports the papers that the active note cites, in a format that the user chooses. */
export async function exportCitations(server: Server): Promise<void> {
  const uri = neededNoteEditor().document.uri.toString();
  const choice = await chooseFormat();
  if (choice === undefined) {
    return;
  }
  const { row, copies } = choice;
  const exported = await server.ask<Exported>(METHOD.export, { textDocument: { uri }, to: row.format });
  if (copies) {
    await vscode.env.clipboard.writeText(exported.text);
    void vscode.window.showInformationMessage(`ibid: copied as ${row.label}.`);
  } else {
    const document = await vscode.workspace.openTextDocument({ language: row.language, content: exported.text });
    await vscode.window.showTextDocument(document);
  }
  if (exported.problems.length > 0) {
    void vscode.window.showWarningMessage(`ibid: ${exported.problems.join("; ")}`);
  }
}

function chooseFormat(): Promise<{ readonly row: FormatRow; readonly copies: boolean } | undefined> {
  const pick = vscode.window.createQuickPick<FormatRow>();
  pick.title = "Export the citations of this note";
  pick.placeholder = "Enter opens a new document; the button copies";
  pick.items = FORMATS;
  pick.show();
  return new Promise((resolve) => {
    const end = (row: FormatRow | undefined, copies: boolean): void => {
      resolve(row && { row, copies });
      pick.hide();
    };
    pick.onDidAccept(() => {
      end(pick.selectedItems[0], false);
    });
    pick.onDidTriggerItemButton(({ item }) => {
      end(item, true);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
  });
}
