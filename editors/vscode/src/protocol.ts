/** The server's own requests, and what it answers: lists of papers that the protocol has no words for. */
import type { Diagnostic, Location, Range } from "vscode-languageclient/node";

/** The state of the library, which the server sends whenever it changes. */
export interface LibraryStatus {
  readonly papers: number;
  /** Whether all corpus files have been read. */
  readonly complete: boolean;
  /** What is wrong with the search engine of the user's group, in a sentence. */
  readonly remote?: string;
}

/** The name of that notification. */
export const STATUS = "ibid/status";

/** A paper as lists show it. */
export interface Paper {
  readonly title: string;
  /** Authors and year in the fewest words; empty where neither is known. Older servers do not say it. */
  readonly byline?: string;
  /** Authors, venue and year in a few words. */
  readonly description: string;
  /** What to write into a note, such as `[[Orca]]`. */
  readonly citation: string;
  readonly key?: string;
  readonly url?: string;
  /** The paper's entry in a corpus file; undefined where a service has the paper. */
  readonly location?: Location;
  /** What the server finds the paper by. */
  readonly data: unknown;
}

export interface CitedPaper extends Paper {
  /** The places that cite it, in their order. */
  readonly ranges: readonly Range[];
}

/** A name that no paper answers to, or several. */
export interface UnclearName {
  readonly name: string;
  readonly ranges: readonly Range[];
}

export interface PapersInNote {
  readonly cited: readonly CitedPaper[];
  readonly unclear: readonly UnclearName[];
}

export interface Card {
  readonly markdown: string;
  readonly plain: string;
}

export type ExportFormat = "bibtex" | "csl-json" | "markdown";

export interface Exported {
  readonly text: string;
  /** What is missing from the text, and why. */
  readonly problems: readonly string[];
}

export interface CheckedNote {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LiteratureNote {
  readonly uri: string;
  /** Whether the note was made just now. */
  readonly created: boolean;
}

/** The names of the requests. */
export const METHOD = {
  find: "ibid/find",
  card: "ibid/card",
  papersInNote: "ibid/papersInNote",
  related: "ibid/related",
  export: "ibid/export",
  check: "ibid/check",
} as const;

/** The names of the server's commands. The client registers those that the server announces under the same names. */
export const SERVER_COMMAND = {
  createLiteratureNote: "ibid.createLiteratureNote",
  insertReferences: "ibid.insertReferences",
  insertAnnotations: "ibid.insertAnnotations",
  trust: "ibid.trust",
} as const;

/** The command that the server's code lenses carry, for the editor to run. */
export const SHOW_REFERENCES = "ibid.showReferences";
