import * as vscode from "vscode";
import { isNote, NOTE_LANGUAGES } from "./languages";
import type { LibraryStatus } from "./protocol";

/** What the status bar says of the server, and the language status of notes and bibliographies. */
export interface Status {
  /** Shows what the server does at the moment; undefined when it is done. */
  showWork(work: string | undefined): void;
  showReady(version: string | undefined): void;
  showPapers(status: LibraryStatus): void;
  showProblem(problem: string): void;
  dispose(): void;
}

export function createStatus(): Status {
  const item = vscode.languages.createLanguageStatusItem("ibid.status", [...NOTE_LANGUAGES, "bibtex"]);
  item.name = "ibid";
  const bar = vscode.window.createStatusBarItem("ibid.papers", vscode.StatusBarAlignment.Right, 90);
  bar.name = "ibid: number of papers";
  let ready = "ibid";
  const show = (text: string, busy: boolean, severity: vscode.LanguageStatusSeverity, command: vscode.Command) => {
    item.text = text;
    item.busy = busy;
    item.severity = severity;
    item.command = command;
  };
  const showBar = (text: string, tooltip: string, command: string, isProblem: boolean): void => {
    bar.text = text;
    bar.tooltip = tooltip;
    bar.command = command;
    bar.backgroundColor = isProblem ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    follow();
  };
  // Only beside a note: elsewhere the number says nothing to anybody.
  const follow = (): void => {
    const editor = vscode.window.activeTextEditor;
    if (bar.text !== "" && editor !== undefined && isNote(editor.document)) {
      bar.show();
    } else {
      bar.hide();
    }
  };
  const following = vscode.window.onDidChangeActiveTextEditor(follow);
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
    showPapers: ({ papers, complete, remote }) => {
      const count = papers.toLocaleString("en");
      const unit = papers === 1 ? "paper" : "papers";
      if (papers === 0 && complete) {
        showBar("$(book) no papers", "ibid found no papers. Click to choose a file of papers.", "ibid.choosePapers", true);
      } else {
        const rest = complete ? "" : " so far";
        const group = remote === undefined ? "" : ` ${remote}`;
        const mark = remote === undefined ? "" : " $(cloud-offline)";
        showBar(`$(book) ${count}${mark}`, `ibid: ${count} ${unit}${rest}. Click to find one.${group}`, "ibid.findPaper", false);
      }
    },
    showProblem: (problem) => {
      show(`ibid: ${problem}`, false, Failure, log);
      showBar(`$(error) ibid: ${problem}`, "ibid does not run. Click for its log.", "ibid.showLog", true);
    },
    dispose: () => {
      following.dispose();
      bar.dispose();
      item.dispose();
    },
  };
}
