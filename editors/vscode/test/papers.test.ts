import assert from "node:assert/strict";
import test from "node:test";
import { citedDescription, detailOf, mergeRelated, pageOf, paperAt, rowOf } from "../src/papers";
import type { CitedPaper, Paper } from "../src/protocol";

const place = (line: number, from: number, to: number): CitedPaper["ranges"][number] => ({
  start: { line, character: from },
  end: { line, character: to },
});

function paper(name: string, changes: Partial<Paper> = {}): Paper {
  const location = { uri: "file:///papers.txt", range: place(0, 0, 1) };
  return { title: name, description: "2 authors, 2023", citation: `[[${name}]]`, location, data: [1, name], ...changes };
}

const cited = (name: string, ...ranges: CitedPaper["ranges"]): CitedPaper => ({ ...paper(name), ranges });

test("papers that are near to several cited ones come first, and the cited ones are left out", () => {
  const lists = [["a", "both", "cited"], ["b", "cited", "both"], []].map((names) => names.map((name) => paper(name)));
  const merged = mergeRelated(lists, [paper("cited")], 10).map(({ title }) => title);
  assert.deepEqual(merged, ["both", "a", "b"]);
  assert.equal(mergeRelated(lists, [], 2).length, 2);
  assert.deepEqual(mergeRelated([], [], 5), []);
});

test("the paper at the cursor is found at both ends of its citation", () => {
  const papers = { cited: [cited("Orca", place(2, 4, 12)), cited("LoRA", place(5, 0, 8), place(9, 3, 11))], unclear: [] };
  const at = (line: number, character: number): string | undefined => paperAt(papers, { line, character })?.title;
  assert.deepEqual([at(2, 4), at(2, 12), at(9, 7)], ["Orca", "Orca", "LoRA"]);
  assert.deepEqual([at(2, 3), at(2, 13), at(3, 5)], [undefined, undefined, undefined]);
});

test("a paper that is cited more than once says how often", () => {
  assert.equal(citedDescription(cited("Orca", place(0, 0, 8))), "");
  assert.equal(citedDescription(cited("Orca", place(0, 0, 8), place(1, 0, 8))), "2×");
});

test("a row begins with authors and year, as far as they are known", () => {
  assert.equal(rowOf(paper("Orca", { byline: "Mukherjee et al. 2023" })), "Mukherjee et al. 2023 · Orca");
  assert.equal(rowOf(paper("Orca", { byline: "" })), "Orca");
  assert.equal(rowOf(paper("Orca")), "Orca");
});

test("the line below has the key where there is one, and the whole title where the row is cut", () => {
  assert.equal(detailOf(paper("Orca")), "[[Orca]]");
  assert.equal(detailOf(paper("Orca", { key: "mukherjee2023" })), "[[Orca]]  @mukherjee2023");
  const long = paper("A title of many words ".repeat(4).trim(), { citation: "[[A title]]", byline: "Ada 1843" });
  assert.equal(detailOf(long), `${long.title} · [[A title]]`);
});

test("only pages of the web are opened", () => {
  assert.equal(pageOf(paper("Orca", { url: "https://arxiv.org/abs/2306.02707" })), "https://arxiv.org/abs/2306.02707");
  for (const url of ["command:workbench.action.quit", "file:///etc/passwd", "javascript:alert(1)", ""]) {
    assert.equal(pageOf(paper("Orca", { url })), undefined, url);
  }
  assert.equal(pageOf(paper("Orca")), undefined);
});
