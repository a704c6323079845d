import { execFile } from "node:child_process";
import * as vscode from "vscode";

const SCHEME = "ibid-doctor";

/** The read-only documents that hold what `ibid doctor` says. */
export class DoctorReports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly reports = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  // Known before the editor asks for it, at the registration.
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.reports.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  /** Runs `ibid doctor` for the folder of the active note, and shows what it says beside it. */
  async run(program: string): Promise<void> {
    const folder = activeFolder();
    const args = folder === undefined ? ["doctor"] : ["doctor", "--root", folder.uri.fsPath];
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "ibid doctor" },
      () => output(program, args, folder?.uri.fsPath),
    );
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${folder?.name ?? "workspace"}/ibid doctor.txt` });
    this.reports.set(uri.toString(), report);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}

function activeFolder(): vscode.WorkspaceFolder | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active === undefined ? undefined : vscode.workspace.getWorkspaceFolder(active);
  return own ?? vscode.workspace.workspaceFolders?.[0];
}

// Status 1 means that problems were found; what the program wrote says which.
function output(program: string, args: readonly string[], cwd: string | undefined): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1" }, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const text = [stdout, stderr].filter((part) => part !== "").join("\n");
      resolve(text === "" && error !== null ? error.message : text);
    });
  });
}
