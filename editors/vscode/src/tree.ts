import * as vscode from "vscode";
import type { Range } from "vscode-languageclient/node";
import { cardText, type Cards } from "./cards";
import { isNote } from "./languages";
import { citedDescription, mergeRelated, pageOf, rowOf } from "./papers";
import { METHOD, type CitedPaper, type Paper, type PapersInNote, type UnclearName } from "./protocol";
import type { Server } from "./server";

export const VIEW = "ibid.papersInNote";
/** The command of a click on a paper or a name in the view. */
export const REVEAL = "ibid.papers.reveal";

// Typing asks once it pauses; another note is shown at once.
const EDIT_MILLISECONDS = 600;
const SWITCH_MILLISECONDS = 50;
// So many of the cited papers are asked for their relations, and so many papers are shown.
const MOST_ASKED = 8;
const MOST_RELATED = 20;

/** A row of the view. */
export type Node =
  | { readonly kind: "cited"; readonly paper: CitedPaper; readonly note: vscode.Uri }
  | { readonly kind: "related"; readonly paper: Paper }
  | { readonly kind: "unclear"; readonly name: UnclearName; readonly note: vscode.Uri }
  | { readonly kind: "unclear-group" }
  | { readonly kind: "related-group" };

interface Shown {
  readonly note: vscode.Uri;
  readonly papers: PapersInNote;
  /** The papers related to the cited ones, once somebody wanted to see them. */
  related?: Promise<Paper[]>;
}

/** The view “Papers in this note”. It follows the active note, and asks the server only while it can be seen. */
export class PapersInNoteView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private shown: Shown | undefined;
  private timer: NodeJS.Timeout | undefined;
  private asked = new vscode.CancellationTokenSource();
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscriptions: { dispose: () => unknown }[];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly cards: Cards,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
    this.subscriptions = [
      this.view,
      this.changed,
      this.view.onDidChangeVisibility(() => {
        this.refresh();
      }),
      server.onDidChange(() => {
        this.refresh();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.refresh();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === activeNote()) {
          this.refresh(EDIT_MILLISECONDS);
        }
      }),
    ];
    this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked.cancel();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Asks for the papers of the active note, after a while in which nothing else happens. */
  refresh(milliseconds = SWITCH_MILLISECONDS): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.update();
    }, milliseconds);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const { shown } = this;
    if (shown === undefined) {
      return [];
    }
    const { note, papers } = shown;
    switch (node?.kind) {
      case undefined:
        return [
          ...papers.cited.map((paper): Node => ({ kind: "cited", paper, note })),
          ...(papers.unclear.length > 0 ? [{ kind: "unclear-group" } as const] : []),
          ...(papers.cited.length > 0 ? [{ kind: "related-group" } as const] : []),
        ];
      case "unclear-group":
        return papers.unclear.map((name) => ({ kind: "unclear", name, note }));
      case "related-group":
        shown.related ??= this.relatedTo(papers.cited).catch((error: unknown) => {
          delete shown.related;
          throw error;
        });
        return (await shown.related).map((paper) => ({ kind: "related", paper }));
      default:
        return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "cited":
        return leaf(node, rowOf(node.paper), citedDescription(node.paper), "book");
      case "related":
        return leaf(node, rowOf(node.paper), "", "link");
      case "unclear": {
        const { name, ranges } = node.name;
        return leaf(node, name, ranges.length > 1 ? `${ranges.length}×` : "", "question");
      }
      case "unclear-group":
        return group("Unclear", `${this.shown?.papers.unclear.length ?? 0}`, vscode.TreeItemCollapsibleState.Expanded);
      case "related-group":
        return group("Related", "", vscode.TreeItemCollapsibleState.Collapsed);
    }
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    if (node.kind === "unclear") {
      item.tooltip = "No paper answers to this name, or several do.";
    } else if (node.kind === "cited" || node.kind === "related") {
      item.tooltip = cardText((await this.cards.of(node.paper, token))?.markdown ?? node.paper.title);
    }
    return item;
  }

  /** Asks for the papers of the active note. */
  async update(): Promise<void> {
    const note = activeNote();
    await vscode.commands.executeCommand("setContext", "ibid.showsPapers", note !== undefined);
    if (note === undefined || !this.view.visible) {
      return;
    }
    this.asked.cancel();
    const { token } = (this.asked = new vscode.CancellationTokenSource());
    try {
      const textDocument = { uri: note.uri.toString() };
      const papers = await this.server.ask<PapersInNote>(METHOD.papersInNote, { textDocument }, token);
      if (!token.isCancellationRequested) {
        this.show(note.uri, papers);
      }
    } catch (error) {
      // Nobody has asked for anything: the log is the place to say it.
      this.log.debug(`The papers of the note are not known: ${String(error)}`);
    }
  }

  private show(note: vscode.Uri, papers: PapersInNote): void {
    const before = this.shown;
    if (before?.note.toString() === note.toString() && JSON.stringify(before.papers) === JSON.stringify(papers)) {
      return;
    }
    this.shown = { note, papers };
    const sameCited = before !== undefined && identities(before.papers) === identities(papers);
    if (sameCited && before.related !== undefined) {
      this.shown.related = before.related;
    }
    this.changed.fire(undefined);
  }

  private async relatedTo(cited: readonly CitedPaper[]): Promise<Paper[]> {
    const ask = (paper: Paper): Promise<Paper[]> =>
      this.server.ask<Paper[]>(METHOD.related, { data: paper.data, limit: MOST_RELATED + cited.length });
    const lists = await Promise.all(cited.slice(0, MOST_ASKED).map(ask));
    return mergeRelated(lists, cited, MOST_RELATED);
  }
}

/** Shows the first of some places of a note, and selects it. */
export async function reveal(note: vscode.Uri, [first]: readonly Range[]): Promise<void> {
  if (first !== undefined) {
    const { start, end } = first;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(note, { selection });
  }
}

// The note stays while the view itself, or another thing that is no text, has the focus.
function activeNote(): vscode.TextDocument | undefined {
  const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
  const editor = active ?? visible.find(({ document }) => isNote(document));
  return editor !== undefined && isNote(editor.document) ? editor.document : undefined;
}

function identities(papers: PapersInNote): string {
  return JSON.stringify(papers.cited.map(({ data }) => data));
}

function leaf(node: Node, label: string, description: string, icon: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  const color = node.kind === "unclear" ? new vscode.ThemeColor("list.warningForeground") : undefined;
  item.iconPath = new vscode.ThemeIcon(icon, color);
  const hasPage = "paper" in node && pageOf(node.paper) !== undefined;
  item.contextValue = hasPage ? `${node.kind}+page` : node.kind;
  item.command = { command: REVEAL, title: "Show", arguments: [node] };
  return item;
}

function group(label: string, description: string, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.id = label;
  return item;
}
