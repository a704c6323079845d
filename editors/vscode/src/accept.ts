import * as vscode from "vscode";
import { openCitation } from "./citation";
import { isNote } from "./languages";

/** The command that Enter and Tab run while papers are listed. */
export const ACCEPT = "ibid.acceptSuggestion";

const PAPERS_LISTED = "ibid.papersListed";
// The editor asks at every key in a citation; where it has not done so by then, it has kept the list on purpose.
const ASKED_WITHIN_MILLISECONDS = 150;
const SHOWN_WITHIN_MILLISECONDS = 3000;
const ANSWERED_WITHIN_MILLISECONDS = 3000;

/** A text for which the server was asked for papers, and how far its answer has got. */
interface Question {
  readonly uri: string;
  readonly version: number;
  state: "asked" | "nothing" | "answered" | "shown";
}

/**
 * Accepts papers from the list for the text that stands there, and from no older one.
 *
 * While an answer is under way, the editor shows the list of the text before and takes from it what Enter accepts, whether
 * or not it fits what has been typed meanwhile. Here Enter waits until the answer is shown.
 */
export class Acceptance implements vscode.Disposable {
  private readonly questions = new WeakMap<vscode.CompletionItem, Question>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly command = vscode.commands.registerCommand(ACCEPT, () => this.accept());
  private latest: Question | undefined;
  private listed = false;

  /** To be called when the editor asks for papers; the result belongs to the answer. */
  onAsked(document: vscode.TextDocument): Question {
    this.latest = { uri: document.uri.toString(), version: document.version, state: "asked" };
    return this.latest;
  }

  onAnswered(question: Question, items: readonly vscode.CompletionItem[]): void {
    for (const item of items) {
      this.questions.set(item, question);
    }
    question.state = items.length === 0 ? "nothing" : "answered";
    this.changed.fire();
    this.setListed(items.length > 0);
  }

  /** To be called when the editor asks for an item's card, which it does as soon as it shows a list. */
  onShown(item: vscode.CompletionItem): void {
    const question = this.questions.get(item);
    if (question !== undefined) {
      question.state = "shown";
      this.changed.fire();
    }
  }

  dispose(): void {
    this.changed.dispose();
    this.command.dispose();
  }

  private async accept(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !isCiting(editor) || (await this.isCurrent(editor.document))) {
      await vscode.commands.executeCommand("acceptSelectedSuggestion");
    }
  }

  /** Waits until the list is that of the document as it is now; false if there is no list. */
  private async isCurrent(document: vscode.TextDocument): Promise<boolean> {
    const { uri, version } = document;
    const question = () =>
      this.latest?.uri === uri.toString() && this.latest.version === version ? this.latest : undefined;
    const reached = (milliseconds: number, ...states: readonly Question["state"][]) =>
      this.until(milliseconds, () => document.version !== version || states.includes(question()?.state ?? "asked"));
    // The editor does not ask while an answer is under way; it asks for the new text when that is there.
    let quietSince = Date.now();
    await this.until(ANSWERED_WITHIN_MILLISECONDS, () => {
      if (this.latest?.state === "asked" || this.latest?.state === "answered") {
        quietSince = Date.now();
      }
      const isKept = Date.now() - quietSince > ASKED_WITHIN_MILLISECONDS;
      return isKept || document.version !== version || question() !== undefined;
    });
    if (question() !== undefined) {
      await reached(ANSWERED_WITHIN_MILLISECONDS, "nothing", "answered", "shown");
      await reached(SHOWN_WITHIN_MILLISECONDS, "nothing", "shown");
    }
    return document.version === version && (question()?.state ?? "shown") === "shown";
  }

  private async until(milliseconds: number, condition: () => boolean): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!condition() && Date.now() < end) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 20);
        const subscription = this.changed.event(done);
        function done(): void {
          clearTimeout(timer);
          subscription.dispose();
          resolve();
        }
      });
    }
  }

  // The keys are bound only while this holds, so that they stay the editor's own in all other lists.
  private setListed(listed: boolean): void {
    if (listed !== this.listed) {
      this.listed = listed;
      void vscode.commands.executeCommand("setContext", PAPERS_LISTED, listed);
    }
  }
}

function isCiting(editor: vscode.TextEditor): boolean {
  const { document, selection } = editor;
  const before = document.lineAt(selection.active.line).text.slice(0, selection.active.character);
  return isNote(document) && openCitation(before) !== undefined;
}
