import * as vscode from "vscode";
import { citationEdit } from "./citation";
import { isNote } from "./languages";
import { pageOf } from "./papers";
import { SERVER_COMMAND, type LiteratureNote, type Paper } from "./protocol";
import { Refusal } from "./refusal";
import type { Server } from "./server";

/** Jumps to a paper's entry in its corpus file, or opens its page where a service has the paper. */
export async function openEntry(server: Server, paper: Paper, preserveFocus = false): Promise<void> {
  if (paper.location === undefined) {
    return openPage(paper);
  }
  const { uri, range } = (await server.running()).protocol2CodeConverter.asLocation(paper.location);
  const selection = new vscode.Range(range.start, range.start);
  const editor = await vscode.window.showTextDocument(uri, { selection, preserveFocus });
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Opens a paper's page in the browser. */
export async function openPage(paper: Paper): Promise<void> {
  const page = pageOf(paper);
  if (page === undefined) {
    throw new Refusal(`No page is known of “${paper.title}”.`);
  }
  await vscode.env.openExternal(vscode.Uri.parse(page, true));
}

/** The editor of the note that is being written; undefined where another document is active. */
export function noteEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor !== undefined && isNote(editor.document) ? editor : undefined;
}

/** As `noteEditor`; throws a Refusal where there is none. */
export function neededNoteEditor(): vscode.TextEditor {
  const editor = noteEditor();
  if (editor === undefined) {
    throw new Refusal("Open a Markdown note first.");
  }
  return editor;
}

/** Writes a paper's citation at the cursor of a note, or in the place of what is selected there. */
export async function insertCitation(note: vscode.TextEditor, paper: Paper): Promise<void> {
  const { document, selection, viewColumn } = note;
  const editor = await vscode.window.showTextDocument(document, { ...(viewColumn && { viewColumn }), selection });
  const line = document.lineAt(selection.active.line).text;
  const cursor = selection.active.character;
  const edit = citationEdit(line.slice(0, cursor), line.slice(cursor), paper);
  const place = selection.isEmpty
    ? new vscode.Range(selection.active.line, edit.start, selection.active.line, edit.end)
    : new vscode.Range(selection.start, selection.end);
  const text = selection.isEmpty ? edit.text : paper.citation;
  await editor.edit((builder) => {
    builder.replace(place, text);
  });
  const end = place.start.translate(0, text.length);
  editor.selection = new vscode.Selection(end, end);
}

/** Opens the literature note of a paper, and makes it first where there is none. */
export async function openLiteratureNote(server: Server, paper: Paper): Promise<void> {
  const made = await server.execute<LiteratureNote | null>(SERVER_COMMAND.createLiteratureNote, { data: paper.data });
  await showLiteratureNote(made);
}

/** Shows a literature note that the server has named. A new one is saved: its file is there already, but empty. */
export async function showLiteratureNote(note: LiteratureNote | null): Promise<void> {
  if (note === null) {
    throw new Refusal("The server made no literature note.");
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(note.uri, true));
  if (note.created && document.isDirty) {
    await document.save();
  }
  await vscode.window.showTextDocument(document);
}
