import * as vscode from "vscode";
import { NOTE_LANGUAGES } from "./languages";

/** The server's entry in the language status of notes and bibliographies. */
export interface Status {
  /** Shows what the server does at the moment; undefined when it is done. */
  showWork(work: string | undefined): void;
  showReady(version: string | undefined): void;
  showProblem(problem: string): void;
  dispose(): void;
}

export function createStatus(): Status {
  const item = vscode.languages.createLanguageStatusItem("ibid.status", [...NOTE_LANGUAGES, "bibtex"]);
  item.name = "ibid";
  let ready = "ibid";
  const show = (text: string, busy: boolean, severity: vscode.LanguageStatusSeverity, command: vscode.Command) => {
    item.text = text;
    item.busy = busy;
    item.severity = severity;
    item.command = command;
  };
  const { Information, Error: Failure } = vscode.LanguageStatusSeverity;
  const doctor = { title: "Doctor", command: "ibid.doctor" };
  const log = { title: "Show log", command: "ibid.showLog" };
  return {
    showWork: (work) => {
      show(work === undefined ? ready : `ibid: ${work}`, work !== undefined, Information, doctor);
    },
    showReady: (version) => {
      ready = version === undefined ? "ibid" : `ibid ${version}`;
      show(ready, false, Information, doctor);
    },
    showProblem: (problem) => {
      show(`ibid: ${problem}`, false, Failure, log);
    },
    dispose: () => {
      item.dispose();
    },
  };
}
