import assert from "node:assert/strict";
import test from "node:test";
import { citationEdit, isOneKey, openCitation } from "../src/citation";

test("an open citation is recognised, with what was typed of it", () => {
  const queries = {
    "[[": "",
    "see [[Orc": "Orc",
    "[[a]] and [[prog learn": "prog learn",
    "🦀 [[Orc": "Orc",
    "[@smi": "smi",
    "[@a; @b": "b",
    "[-@k.x/y": "k.x/y",
    "@": "",
    "see @müller2020": "müller2020",
  };
  for (const [before, query] of Object.entries(queries)) {
    assert.equal(openCitation(before), query, before);
  }
});

test("elsewhere no citation is open", () => {
  for (const before of ["", "text", "[", "[[Orca]]", "[[Orca]", "me@example.org", "@key, p"]) {
    assert.equal(openCitation(before), undefined, before);
  }
});

test("typing is distinguished from accepting a suggestion or pasting", () => {
  assert.ok(isOneKey({ rangeLength: 0, text: "x" }));
  assert.ok(isOneKey({ rangeLength: 0, text: "🦀" }));
  assert.ok(isOneKey({ rangeLength: 1, text: "" }));
  assert.ok(!isOneKey({ rangeLength: 3, text: "Orca" }));
  assert.ok(!isOneKey({ rangeLength: 0, text: "Orca]]" }));
});

test("a citation is written at the cursor, and takes the place of one that is open there", () => {
  const orca = { citation: "[[Orca]]", key: "mukherjee2023" };
  const edited = (line: string, paper: { citation: string; key?: string } = orca): string => {
    const [before = "", after = ""] = line.split("‸");
    const { start, end, text } = citationEdit(before, after, paper);
    return (before + after).slice(0, start) + text + (before + after).slice(end);
  };
  assert.equal(edited("see ‸ there"), "see [[Orca]] there");
  assert.equal(edited("see [[‸"), "see [[Orca]]");
  assert.equal(edited("see [[‸]] there"), "see [[Orca]] there");
  assert.equal(edited("see [[prog learn‸]]"), "see [[Orca]]");
  assert.equal(edited("see [[LoRA]] [[Or‸ka]] there"), "see [[LoRA]] [[Orca]] there");
  assert.equal(edited("![[‸ and [[LoRA]]"), "![[Orca]] and [[LoRA]]");
  assert.equal(edited("🦀 [[‸"), "🦀 [[Orca]]");
  assert.equal(edited("[@muk‸; @other]"), "[@mukherjee2023; @other]");
  assert.equal(edited("see @‸", { citation: "[[Orca]]" }), "see [[Orca]]");
});
