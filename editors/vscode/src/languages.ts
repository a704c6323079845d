/** Free of the editor's API, so that it can be tested by itself. */

/** The languages of notes. */
export const NOTE_LANGUAGES: readonly string[] = ["markdown", "quarto", "rmd"];

/** The endings of files that the server may take for corpus files; which of them are, it tells by their content. */
export const CORPUS_ENDINGS: readonly string[] = [
  "bib",
  "bibtex",
  "biblatex",
  "ris",
  "json",
  "jsonl",
  "ndjson",
  "csljson",
  "bbtjson",
  "yaml",
  "yml",
  "cff",
  "nbib",
  "medline",
  "enw",
  "refer",
  "ciw",
  "isi",
  "mods",
  "xml",
  "txt",
];

/** Whether a document is a note, of the user's own and not a view of something. */
export function isNote(document: { readonly languageId: string; readonly uri: { readonly scheme: string } }): boolean {
  return NOTE_LANGUAGES.includes(document.languageId) && ["file", "untitled"].includes(document.uri.scheme);
}

/** The documents that the server hears of: notes, what may be a corpus file, and the configuration, in which it keeps
 * aliases. */
export const SERVED_DOCUMENTS = [
  ...NOTE_LANGUAGES.flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]),
  { scheme: "file", language: "bibtex" },
  { scheme: "file", pattern: `**/*.{${CORPUS_ENDINGS.join(",")}}` },
  { scheme: "file", pattern: "**/ibid.toml" },
];
