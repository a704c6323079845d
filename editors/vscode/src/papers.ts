/** What can be said of lists of papers without asking the editor. Free of its API, so that it can be tested by itself. */
import type { Position } from "vscode-languageclient/node";
import type { CitedPaper, Paper, PapersInNote } from "./protocol";

/** Where the lists of several papers agree counts for more than the place in one of them; 60 is the usual damping. */
const RANK_DAMPING = 60;

/**
 * One list of related papers from those of several papers, nearest to all of them first. Papers that are cited already
 * are left out.
 */
export function mergeRelated(lists: readonly (readonly Paper[])[], cited: readonly Paper[], limit: number): Paper[] {
  const known = new Set(cited.map(identity));
  const scores = new Map<string, { readonly paper: Paper; score: number }>();
  for (const list of lists) {
    for (const [rank, paper] of list.entries()) {
      const name = identity(paper);
      const entry = scores.get(name) ?? { paper, score: 0 };
      entry.score += 1 / (RANK_DAMPING + rank);
      scores.set(name, entry);
    }
  }
  return [...scores]
    .filter(([name]) => !known.has(name))
    .sort(([, a], [, b]) => b.score - a.score)
    .slice(0, limit)
    .map(([, entry]) => entry.paper);
}

/** The paper that is cited at a place of a note. */
export function paperAt(papers: PapersInNote, { line, character }: Position): CitedPaper | undefined {
  return papers.cited.find((paper) =>
    paper.ranges.some(
      ({ start, end }) =>
        (start.line < line || (start.line === line && start.character <= character)) &&
        (end.line > line || (end.line === line && end.character >= character)),
    ),
  );
}

/** More letters than this are cut in a picker. */
const ROW_LETTERS = 64;

/** A row of a list: authors and year first, which are never cut, then the title. */
export function rowOf({ byline = "", title }: Paper): string {
  return byline === "" ? title : `${byline} · ${title}`;
}

/** What a tree says of a cited paper behind its row. */
export function citedDescription(paper: CitedPaper): string {
  return paper.ranges.length > 1 ? `${paper.ranges.length}×` : "";
}

/** What a picker says of a paper below its row: the title in full where the row is cut, and the ways to cite it. */
export function detailOf(paper: Paper): string {
  const ways = paper.key === undefined ? paper.citation : `${paper.citation}  @${paper.key}`;
  return rowOf(paper).length > ROW_LETTERS ? `${paper.title} · ${ways}` : ways;
}

/** A paper's page, if it is one that a browser opens: what stands in a corpus is not to be trusted further. */
export function pageOf(paper: Paper): string | undefined {
  return paper.url !== undefined && /^https?:\/\//i.test(paper.url) ? paper.url : undefined;
}

function identity(paper: Paper): string {
  return JSON.stringify(paper.data);
}
