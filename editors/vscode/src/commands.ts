import * as vscode from "vscode";
import type { Location, Position } from "vscode-languageclient/node";
import { insertCitation, neededNoteEditor, noteEditor, openEntry, openLiteratureNote, openPage } from "./actions";
import type { Cards } from "./cards";
import type { NoteChecks } from "./check";
import { openCitation } from "./citation";
import { exportCitations } from "./export";
import { paperAt } from "./papers";
import { Picker } from "./picker";
import { METHOD, SERVER_COMMAND, SHOW_REFERENCES, type CitedPaper, type Paper, type PapersInNote } from "./protocol";
import { Refusal } from "./refusal";
import type { Server } from "./server";
import { REVEAL, reveal, type Node, type PapersInNoteView } from "./tree";
import type { Welcome } from "./welcome";
import { isInZotero, OPEN_IN_ZOTERO } from "./zotero";

/** What the commands work with. */
export interface Tools {
  readonly server: Server;
  readonly cards: Cards;
  readonly checks: NoteChecks;
  readonly view: PapersInNoteView;
  readonly welcome: Welcome;
  readonly log: vscode.LogOutputChannel;
  readonly state: vscode.Memento;
}

type Job = () => Promise<void>;
type NodeJob = (node: Node) => Promise<void>;

/** Registers what the palette, the menus and the view offer about papers. */
export function registerCommands(tools: Tools): vscode.Disposable[] {
  const run = (job: Job): Promise<void> => attempted(job, tools.log);
  const papers = new PaperCommands(tools, new Picker(tools.server, tools.cards, tools.state, run));
  const jobs: Record<string, Job> = {
    "ibid.findPaper": () => papers.find(),
    "ibid.insertCitation": () => papers.insert(),
    "ibid.relatedPapers": () => papers.related(),
    "ibid.references": () => papers.references(),
    "ibid.literatureNote": () => papers.literatureNote(),
    "ibid.referenceList": () => papers.referenceList(),
    "ibid.annotations": () => papers.annotations(),
    "ibid.exportCitations": () => exportCitations(tools.server),
    "ibid.checkNotes": () => tools.checks.run(),
    "ibid.openPage": () => papers.page(),
    "ibid.choosePapers": () => tools.welcome.choosePapers(),
    "ibid.openSample": () => tools.welcome.openSample(),
    "ibid.trustFolder": () => trustFolder(tools.server),
    "ibid.papers.refresh": () => tools.view.update(),
  };
  const nodeJobs: Record<string, NodeJob> = {
    [REVEAL]: (node) => papers.reveal(node),
    "ibid.papers.openEntry": (node) => openEntry(tools.server, paperOf(node)),
    "ibid.papers.openPage": (node) => openPage(paperOf(node)),
    "ibid.papers.insert": (node) => insertCitation(neededNoteEditor(), paperOf(node)),
    "ibid.papers.related": (node) => papers.relatedTo(paperOf(node)),
    "ibid.papers.references": (node) => papers.referencesOf(node),
    "ibid.papers.literatureNote": (node) => openLiteratureNote(tools.server, paperOf(node)),
    "ibid.papers.find": (node) => papers.find(node.kind === "unclear" ? node.name.name : undefined),
  };
  const register = vscode.commands.registerCommand;
  return [
    ...Object.entries(jobs).map(([name, job]) => register(name, () => run(job))),
    ...Object.entries(nodeJobs).map(([name, job]) => register(name, (node: Node) => run(() => job(node)))),
    register(OPEN_IN_ZOTERO, (address: unknown) => run(() => openInZotero(address))),
    register(SHOW_REFERENCES, (uri: string, position: Position, locations: Location[]) =>
      run(() => showReferences(tools.server, uri, position, locations)),
    ),
  ];
}

class PaperCommands {
  constructor(
    private readonly tools: Tools,
    private readonly picker: Picker,
  ) {}

  find(query?: string): Promise<void> {
    const note = noteEditor();
    this.picker.find({ title: "Find paper", query: query ?? selectedText(note), note, accept: this.openEntry });
    return Promise.resolve();
  }

  insert(): Promise<void> {
    const note = neededNoteEditor();
    const { active, isEmpty } = note.selection;
    const typed = openCitation(note.document.lineAt(active.line).text.slice(0, active.character));
    const query = isEmpty ? (typed ?? "") : selectedText(note);
    const accept = (paper: Paper): Promise<void> => insertCitation(note, paper);
    this.picker.find({ title: "Insert citation", query, note, accept });
    return Promise.resolve();
  }

  async related(): Promise<void> {
    const cited = await this.citedAtCursor();
    if (cited !== undefined) {
      await this.relatedTo(cited);
      return;
    }
    this.picker.find({ title: "Related to which paper?", accept: (paper) => this.relatedTo(paper), note: noteEditor() });
  }

  relatedTo(paper: Paper): Promise<void> {
    return this.picker.related(paper, { accept: this.openEntry, note: noteEditor() });
  }

  async references(): Promise<void> {
    neededNoteEditor();
    await this.needReferences();
    await vscode.commands.executeCommand("editor.action.referenceSearch.trigger");
  }

  async referencesOf(node: Node): Promise<void> {
    await this.needReferences();
    await this.reveal(node);
    await vscode.commands.executeCommand("editor.action.referenceSearch.trigger");
  }

  async literatureNote(): Promise<void> {
    const accept = (paper: Paper): Promise<void> => openLiteratureNote(this.tools.server, paper);
    const cited = await this.citedAtCursor();
    if (cited === undefined) {
      this.picker.find({ title: "Literature note about which paper?", accept, note: noteEditor() });
    } else {
      await accept(cited);
    }
  }

  async referenceList(): Promise<void> {
    const textDocument = { uri: neededNoteEditor().document.uri.toString() };
    await this.tools.server.execute<unknown>(SERVER_COMMAND.insertReferences, { textDocument });
  }

  async annotations(): Promise<void> {
    const textDocument = { uri: neededNoteEditor().document.uri.toString() };
    await this.tools.server.execute<unknown>(SERVER_COMMAND.insertAnnotations, { textDocument });
  }

  async page(): Promise<void> {
    const cited = await this.citedAtCursor();
    if (cited === undefined) {
      this.picker.find({ title: "Open the page of which paper?", accept: openPage, note: noteEditor() });
    } else {
      await openPage(cited);
    }
  }

  async reveal(node: Node): Promise<void> {
    if (node.kind === "cited") {
      await reveal(node.note, node.paper.ranges);
    } else if (node.kind === "unclear") {
      await reveal(node.note, node.name.ranges);
    } else if (node.kind === "related") {
      await openEntry(this.tools.server, node.paper, true);
    }
  }

  private readonly openEntry = (paper: Paper): Promise<void> => openEntry(this.tools.server, paper);

  private async citedAtCursor(): Promise<CitedPaper | undefined> {
    const note = noteEditor();
    if (note === undefined) {
      return undefined;
    }
    const textDocument = { uri: note.document.uri.toString() };
    return paperAt(await this.tools.server.ask<PapersInNote>(METHOD.papersInNote, { textDocument }), note.selection.active);
  }

  private async needReferences(): Promise<void> {
    const { initializeResult } = await this.tools.server.running();
    if (!initializeResult?.capabilities.referencesProvider) {
      throw new Refusal("The server does not know where papers are cited. Update the program ibid.");
    }
  }
}

/** Has the server write the folder into the user's own configuration file; it then reads the configuration again. */
async function openInZotero(address: unknown): Promise<void> {
  if (isInZotero(address)) {
    await vscode.env.openExternal(vscode.Uri.parse(address));
  }
}

async function trustFolder(server: Server): Promise<void> {
  const done = await server.execute<string>(SERVER_COMMAND.trust, {});
  void vscode.window.showInformationMessage(`ibid: ${done}.`);
}

async function showReferences(server: Server, uri: string, at: Position, locations: Location[]): Promise<void> {
  const { protocol2CodeConverter: converter } = await server.running();
  const places = locations.map((location) => converter.asLocation(location));
  const position = converter.asPosition(at);
  await vscode.commands.executeCommand("editor.action.showReferences", converter.asUri(uri), position, places);
}

async function attempted(job: Job, log: vscode.LogOutputChannel): Promise<void> {
  try {
    await job();
  } catch (error) {
    if (error instanceof vscode.CancellationError) {
      return;
    }
    log.error(String(error));
    void vscode.window.showErrorMessage(`ibid: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function paperOf(node: Node): Paper {
  if (!("paper" in node)) {
    throw new Refusal("This row is no paper.");
  }
  return node.paper;
}

function selectedText(note: vscode.TextEditor | undefined): string {
  return note?.selection.isSingleLine === true ? note.document.getText(note.selection) : "";
}
