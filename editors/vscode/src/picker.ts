import * as vscode from "vscode";
import { insertCitation, openEntry, openPage } from "./actions";
import type { Cards } from "./cards";
import { detailOf, pageOf, rowOf } from "./papers";
import { METHOD, type Paper } from "./protocol";
import type { Server } from "./server";

const LIMIT = 50;
// Cards follow the selected row; holding an arrow key down asks for none of those passed over.
const CARD_MILLISECONDS = 80;
const SHOWS_CARDS = "ibid.pickerShowsCards";

/** What a picker is for. */
export interface Purpose {
  readonly title: string;
  /** What happens with the chosen paper. */
  readonly accept: (paper: Paper) => Promise<void>;
  /** The words to start with. */
  readonly query?: string;
  /** The note that citations can be inserted into. */
  readonly note?: vscode.TextEditor | undefined;
  /** Goes back to the picker before. */
  readonly back?: (() => void) | undefined;
}

interface Row extends vscode.QuickPickItem {
  readonly paper?: Paper;
}

interface OpenList {
  /** Shows the list once more. */
  readonly reopen: () => void;
  /** Whether the editor leaves the rows alone while the user types. */
  readonly alwaysShow: boolean;
}

interface PaperButton extends vscode.QuickInputButton {
  readonly run: (paper: Paper) => Promise<void>;
}

/** Lists of papers to choose from. */
export class Picker {
  constructor(
    private readonly server: Server,
    private readonly cards: Cards,
    private readonly state: vscode.Memento,
    /** Runs a job and tells the user what went wrong with it. */
    private readonly run: (job: () => Promise<void>) => Promise<void>,
  ) {}

  /** Finds papers as the user types. The server ranks; every key asks it again, and only the last answer counts. */
  find(purpose: Purpose): void {
    const pick = this.open(purpose);
    pick.placeholder = "A name, words of the title or the abstract, an author, a year";
    // The server's order holds: its matching knows more than the letters of the title.
    Object.assign(pick, { sortByLabel: false });
    let asked = new vscode.CancellationTokenSource();
    const ask = async (query: string): Promise<void> => {
      asked.cancel();
      const question = (asked = new vscode.CancellationTokenSource());
      pick.busy = true;
      const papers = await this.server.ask<Paper[]>(METHOD.find, { query, limit: LIMIT }, question.token);
      if (!question.token.isCancellationRequested) {
        const reopen = (): void => {
          this.find({ ...purpose, query });
        };
        const none = `No paper answers to “${query}”`;
        pick.items = papers.length === 0 ? [nothing(none)] : this.rows(papers, purpose, { reopen, alwaysShow: true });
        pick.busy = false;
      }
    };
    pick.onDidChangeValue((query) => void this.run(() => ask(query)));
    pick.onDidHide(() => {
      asked.cancel();
    });
    pick.value = purpose.query ?? "";
    pick.show();
    void this.run(() => ask(pick.value));
  }

  /** Shows papers that have been found already; typing narrows them down. */
  async choose(purpose: Purpose, papers: Promise<readonly Paper[]>, none: string): Promise<void> {
    const pick = this.open(purpose);
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.busy = true;
    pick.show();
    try {
      const found = await papers;
      const reopen = (): void => void this.run(() => this.choose(purpose, papers, none));
      pick.items = found.length === 0 ? [nothing(none)] : this.rows(found, purpose, { reopen, alwaysShow: false });
      pick.busy = false;
    } catch (error) {
      pick.hide();
      throw error;
    }
  }

  /** Shows the papers that are related to one. */
  async related(to: Paper, purpose: Omit<Purpose, "title" | "query">): Promise<void> {
    const papers = this.server.ask<Paper[]>(METHOD.related, { data: to.data, limit: LIMIT });
    await this.choose({ ...purpose, title: `Related to ${to.title}` }, papers, "No paper is like this one");
  }

  private open(purpose: Purpose): vscode.QuickPick<Row> {
    const pick = vscode.window.createQuickPick<Row>();
    const toggle: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon("open-preview"),
      tooltip: "Show or hide the card of the selected paper",
    };
    pick.title = purpose.title;
    pick.buttons = purpose.back === undefined ? [toggle] : [vscode.QuickInputButtons.Back, toggle];
    const card = this.cardsFor(pick);
    pick.onDidTriggerButton((button) => {
      if (button === toggle) {
        card.toggle();
      } else {
        pick.hide();
        purpose.back?.();
      }
    });
    pick.onDidTriggerItemButton(({ item: { paper }, button }) => {
      if (paper !== undefined) {
        pick.hide();
        void this.run(() => (button as PaperButton).run(paper));
      }
    });
    pick.onDidAccept(() => {
      const paper = pick.selectedItems[0]?.paper;
      if (paper !== undefined) {
        pick.hide();
        void this.run(() => purpose.accept(paper));
      }
    });
    pick.onDidHide(() => {
      card.end();
      pick.dispose();
    });
    return pick;
  }

  // The card of the selected row, beside the note, for as long as the picker is open.
  private cardsFor(pick: vscode.QuickPick<Row>): { readonly toggle: () => void; readonly end: () => void } {
    let shows = this.state.get<boolean>(SHOWS_CARDS, false);
    let shown = false;
    let timer: NodeJS.Timeout | undefined;
    const update = (): void => {
      clearTimeout(timer);
      const paper = pick.activeItems[0]?.paper;
      if (shows && paper !== undefined) {
        timer = setTimeout(() => {
          shown = true;
          void this.run(() => this.cards.show(paper));
        }, CARD_MILLISECONDS);
      }
    };
    const close = (): void => {
      clearTimeout(timer);
      if (shown) {
        shown = false;
        void this.run(() => this.cards.close());
      }
    };
    pick.onDidChangeActive(update);
    return {
      toggle: () => {
        shows = !shows;
        void this.state.update(SHOWS_CARDS, shows);
        (shows ? update : close)();
      },
      end: close,
    };
  }

  private rows(papers: readonly Paper[], purpose: Purpose, list: OpenList): Row[] {
    return papers.map((paper) => ({
      label: rowOf(paper),
      detail: detailOf(paper),
      alwaysShow: list.alwaysShow,
      buttons: this.buttons(paper, purpose, list.reopen),
      paper,
    }));
  }

  private buttons(paper: Paper, { accept, note }: Purpose, back: () => void): PaperButton[] {
    const button = (icon: string, tooltip: string, run: PaperButton["run"]): PaperButton => ({
      iconPath: new vscode.ThemeIcon(icon),
      tooltip,
      run,
    });
    return [
      ...(note === undefined ? [] : [button("insert", "Insert citation", (chosen) => insertCitation(note, chosen))]),
      button("go-to-file", "Open entry", (chosen) => openEntry(this.server, chosen)),
      ...(pageOf(paper) === undefined ? [] : [button("link-external", "Open page", openPage)]),
      button("references", "Related papers", (chosen) => this.related(chosen, { accept, note, back })),
    ];
  }
}

function nothing(label: string): Row {
  return { label, alwaysShow: true };
}
