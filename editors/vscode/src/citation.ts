/** Free of the editor's API, so that it can be tested by itself. */

/** What has been typed of the citation that is open at the end of a text; undefined where none is. */
export function openCitation(before: string): string | undefined {
  const brackets = before.lastIndexOf("[[");
  if (brackets >= 0 && !before.includes("]", brackets)) {
    return before.slice(brackets + 2);
  }
  return /(?:^|[\s[(;,-])@([\p{L}\p{N}_:.#$%&+?<>~/-]*)$/u.exec(before)?.[1];
}

/** Whether an edit is one key of a person who types: one character more, or a deletion. */
export function isOneKey(edit: { readonly rangeLength: number; readonly text: string }): boolean {
  return edit.text === "" ? edit.rangeLength > 0 : edit.rangeLength === 0 && /^.$/su.test(edit.text);
}
