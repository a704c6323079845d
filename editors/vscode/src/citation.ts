/** Free of the editor's API, so that it can be tested by itself. */

/** A citation that is being typed. */
interface OpenCitation {
  /** Where it starts on its line, at `[[` or `@`. */
  readonly start: number;
  readonly opening: "[[" | "@";
  /** What has been typed of the name. */
  readonly query: string;
}

/** A change of one line, in UTF-16 units from its start. */
export interface LineEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What has been typed of the citation that is open at the end of a text; undefined where none is. */
export function openCitation(before: string): string | undefined {
  return citationOpenAt(before)?.query;
}

function citationOpenAt(before: string): OpenCitation | undefined {
  const brackets = before.lastIndexOf("[[");
  if (brackets >= 0 && !before.includes("]", brackets)) {
    return { start: brackets, opening: "[[", query: before.slice(brackets + 2) };
  }
  const key = /(?:^|[\s[(;,-])@([\p{L}\p{N}_:.#$%&+?<>~/-]*)$/u.exec(before)?.[1];
  return key === undefined ? undefined : { start: before.length - key.length - 1, opening: "@", query: key };
}

/**
 * The edit that writes a paper's citation at the cursor.
 *
 * Where a citation is open there, the new one takes its place, with the closing brackets that follow already; behind an
 * `@`, a paper with a citation key is cited by it.
 *
 * @param before the line up to the cursor
 * @param after the rest of the line
 */
export function citationEdit(
  before: string,
  after: string,
  paper: { readonly citation: string; readonly key?: string },
): LineEdit {
  const cursor = before.length;
  const open = citationOpenAt(before);
  if (open?.opening === "@") {
    return { start: open.start, end: cursor, text: paper.key === undefined ? paper.citation : `@${paper.key}` };
  }
  if (open === undefined) {
    return { start: cursor, end: cursor, text: paper.citation };
  }
  const closing = /^[^[\]]*\]\]/.exec(after)?.[0] ?? "";
  return { start: open.start, end: cursor + closing.length, text: paper.citation };
}

/** Whether an edit is one key of a person who types: one character more, or a deletion. */
export function isOneKey(edit: { readonly rangeLength: number; readonly text: string }): boolean {
  return edit.text === "" ? edit.rangeLength > 0 : edit.rangeLength === 0 && /^.$/su.test(edit.text);
}
