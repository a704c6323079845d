//! Markdown notes → the citations, headings and front matter in them.
//!
//! A note is read in two steps. The block structure (paragraphs, lists, quotes, tables, code, HTML, front matter)
//! comes from an incremental tree-sitter parse, kept as a [`NoteTree`] from edit to edit. The inline text of every
//! block that can hold a citation is then scanned by a small scanner of our own, because the citations it looks for belong to
//! no Markdown grammar, and because it takes linear time on any input. Everything here is pure and accepts any text.
//!
//! What counts as a citation:
//!
//! - `[[name]]`, `[[name#section]]`, `[[name|label]]`, `[[name#section|label]]`, each also with a `!` in front, on one
//!   line. In a table the `|` has to be written `\|`, which is understood everywhere.
//! - A name may hold single brackets in pairs: `[[f[x]]]` names `f[x]` and `[[[Re] Orca]]` names `[Re] Orca`. Of more
//!   than two brackets the innermost two count where that works out: `[[[Orca]]]` is `[[Orca]]` in brackets.
//! - A name that begins with `@`, also after folders (`[[folder/@key]]`) or with a note's ending (`[[@key.md]]`), is a
//!   citation key: so the literature notes of Obsidian are called.
//! - A citation without a name (`[[]]`, `[[#section]]`, `[[|label]]`) or without an end is not a citation, and an inner `[[`
//!   begins another.
//! - `@key` and `@{odd key}` by the rules of Pandoc, in the text or in a cluster `[see @a, p. 3; -@b]`, which may reach
//!   over lines. After a letter or digit an `@` is part of an address. Whether a key means a paper or is a mention of
//!   something else only the library knows.
//! - `arXiv:2306.02707`, `doi:10.1000/xyz`, and the addresses of arXiv, of the DOI resolver and of `/papers/` pages,
//!   bare or in `<>`, without the punctuation of the sentence.
//! - Nothing in code, HTML tags, blocks and comments, math, front matter but for its `abstract` and `nocite`, link
//!   destinations, attributes (`{alt="@key"}`), labels of footnotes, and other autolinks and bare addresses is a citation;
//!   neither is anything whose brackets are escaped.
//! - Indented text below a footnote, a definition, an item such as `(@)` or `a.`, or an admonition goes on with it and
//!   is no code.
//! - Math is `$…$` on one line, the dollars touching what they enclose, not after a letter or digit when opening nor
//!   before a digit when closing; and `$$…$$` over any number of lines, and paragraphs when it begins a line. What
//!   starts with a digit and encloses a citation is a price and no formula.

mod address;
mod citation;
mod completion;
mod continued;
mod fast_path;
mod front_matter;
mod grammar;
mod inline;
mod large;
mod open;
mod pandoc;
mod skipped_spans;
mod tree;

pub use address::may_hold_citation;
pub use citation::{Citation, CitationKind, CitedNames, Heading, NOTE_EXTENSIONS, ParsedNote, Reading};
pub use completion::{Closing, OpenCitation, OpenKind, Part, completion_context};
pub use front_matter::{FrontMatterField, front_matter_fields};
pub use large::{MAX_CITATIONS, MAX_NOTE_BYTES};
pub use open::OpenNote;
pub use pandoc::written_key;
pub use tree::NoteTree;

/// The citations of a note and its front matter, exactly as [`parse`] gives them, but without parsing where a glance at
/// the lines tells the blocks, and in pieces where the note is long; for callers that read many notes and want nothing else.
pub fn read(text: &str) -> ParsedNote {
    if large::is_long(text.len()) {
        return large::read(text);
    }
    match fast_path::read(text) {
        Some((citations, front_matter)) => ParsedNote { citations, front_matter, ..ParsedNote::default() },
        None => parse(text),
    }
}

/// Reads a whole note once, for callers that keep no tree.
pub fn parse(text: &str) -> ParsedNote {
    NoteTree::parse(text).read(text)
}

#[cfg(test)]
mod tests;
