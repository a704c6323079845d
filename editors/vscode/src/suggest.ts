import * as vscode from "vscode";
import { isOneKey, openCitation } from "./citation";
import { isNote } from "./languages";

// Long enough for a question that the editor asks of itself to arrive here, short enough not to be noticed.
const PATIENCE_MILLISECONDS = 120;

/**
 * Brings the completion list back while a citation is typed.
 *
 * Suggestions while typing are off in Markdown. The list opens on `[[`, but once the editor has closed it, because a
 * slip had no match or Backspace met a space, it stays closed. Then, where a key changes an open citation and no question
 * follows, the list is asked for. A list that the user closed with Escape stays closed.
 */
export class SuggestAgain implements vscode.Disposable {
  private readonly subscription = vscode.workspace.onDidChangeTextDocument((change) => {
    this.onChange(change);
  });
  private asked: { readonly uri: string; readonly version: number } | undefined;
  private lost = false;
  private timer: NodeJS.Timeout | undefined;

  /** To be called whenever the editor asks the server for completions. */
  onAsked(document: vscode.TextDocument): void {
    this.asked = { uri: document.uri.toString(), version: document.version };
  }

  /** To be called with the number of items that the server answered. */
  onAnswered(items: number): void {
    this.lost = items === 0;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }

  private onChange({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    const [edit] = contentChanges;
    if (!isNote(document) || edit === undefined) {
      return;
    }
    clearTimeout(this.timer);
    if (reason === undefined && contentChanges.length === 1 && isOneKey(edit)) {
      this.lost ||= edit.text === "";
      const version = document.version;
      this.timer = setTimeout(() => {
        this.askAgain(document, version);
      }, PATIENCE_MILLISECONDS);
    }
  }

  private askAgain(document: vscode.TextDocument, version: number): void {
    const editor = vscode.window.activeTextEditor;
    const wasAsked = this.asked?.uri === document.uri.toString() && this.asked.version >= version;
    if (wasAsked || editor?.document !== document || document.version !== version || !editor.selection.isEmpty) {
      return;
    }
    const cursor = editor.selection.active;
    const query = openCitation(document.lineAt(cursor.line).text.slice(0, cursor.character));
    // After a space the next letter counts.
    if (query !== undefined && this.lost && /[\p{L}\p{N}]$/u.test(query)) {
      // As if the editor had asked by itself: nothing is shown where there is nothing to suggest.
      void vscode.commands.executeCommand("editor.action.triggerSuggest", { auto: true });
    }
  }
}
