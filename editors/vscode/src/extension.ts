import * as vscode from "vscode";
import { Acceptance } from "./accept";
import { Cards } from "./cards";
import { NoteChecks } from "./check";
import { registerCommands } from "./commands";
import { DoctorReports } from "./doctor";
import { findProgram, tellMissing } from "./program";
import { Server } from "./server";
import { createStatus } from "./status";
import { SuggestAgain } from "./suggest";
import { PapersInNoteView } from "./tree";
import { Welcome } from "./welcome";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("ibid", { log: true });
  const status = createStatus();
  const doctor = new DoctorReports();
  const suggestAgain = new SuggestAgain();
  const acceptance = new Acceptance();
  const running = new Server(context, log, status, suggestAgain, acceptance);
  server = running;
  const cards = new Cards(running);
  const checks = new NoteChecks(running);
  const welcome = new Welcome(context);
  const view = new PapersInNoteView(running, cards, log);
  context.subscriptions.push(
    log,
    status,
    doctor,
    suggestAgain,
    acceptance,
    running,
    cards,
    checks,
    view,
    ...registerCommands({ server: running, cards, checks, view, welcome, log, state: context.globalState }),
    vscode.commands.registerCommand("ibid.restartServer", () => running.restart()),
    vscode.commands.registerCommand("ibid.showLog", () => {
      log.show();
    }),
    vscode.commands.registerCommand("ibid.doctor", async () => {
      const program = findProgram(context);
      await (program.kind === "found" ? doctor.run(program.path) : tellMissing(context, program.message));
    }),
    running.onDidCount((status) => welcome.onCounted(status)),
    vscode.workspace.onDidChangeConfiguration((change) => running.onSettingsChanged(change)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.onTrustGranted()),
  );
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
