import * as vscode from "vscode";
import { METHOD, type Card, type Paper } from "./protocol";
import type { Server } from "./server";
import { OPEN_IN_ZOTERO, withZoteroLinks } from "./zotero";

const SCHEME = "ibid-card";
// One document for all cards, so that they follow each other in one tab. Its language goes by this name.
const CARD = vscode.Uri.from({ scheme: SCHEME, path: "/Paper card" });

/** A card to be shown beside the mouse. It may run nothing but the command that opens Zotero. */
export function cardText(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(withZoteroLinks(markdown));
  text.isTrusted = { enabledCommands: [OPEN_IN_ZOTERO] };
  text.supportHtml = false;
  return text;
}

/** Shows papers' cards as text: a read-only document beside the note. */
export class Cards implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private text = "";
  private wanted: Paper | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  // Known before the editor asks for it, at the registration.
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly server: Server) {}

  provideTextDocumentContent(): string {
    return this.text;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  /** The card of a paper; undefined where the paper is gone. */
  async of(paper: Paper, token?: vscode.CancellationToken): Promise<Card | undefined> {
    return (await this.server.ask<Card | null>(METHOD.card, { data: paper.data }, token)) ?? undefined;
  }

  /** Shows the card of a paper beside the active editor, which keeps the focus. */
  async show(paper: Paper): Promise<void> {
    this.wanted = paper;
    const card = await this.of(paper);
    if (this.wanted !== paper) {
      return;
    }
    this.text = card?.plain ?? "This paper is no longer in the corpus.";
    this.changed.fire(CARD);
    if (!vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === CARD.toString())) {
      const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true };
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(CARD), options);
    }
  }

  /** Closes the card. */
  async close(): Promise<void> {
    this.wanted = undefined;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const cards = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === CARD.toString(),
    );
    await vscode.window.tabGroups.close(cards, true);
  }
}
