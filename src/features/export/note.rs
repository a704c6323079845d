//! What one open note exports.

use super::{
    BlockProblem, Citations, CitedRecord, ReferenceStyle, ReferencesEdit, bibtex, csl_json, references_block,
    references_block_edit, render_references,
};
use crate::features::Snapshot;
use crate::features::diagnostics::citation_diagnostic;
use crate::library::Resolution;
use crate::notes::OpenNote;

/// What to write.
#[derive(Debug)]
pub enum ExportFormat {
    /// A .bib file.
    Bibtex,
    /// A CSL-JSON array.
    CslJson,
    /// A reference list in Markdown.
    Markdown(Box<ReferenceStyle>),
}

/// The records that a note cites in the order of first citation, and the messages about its other citations. The
/// reference list in the note cites nothing: it shows what is cited.
pub fn cited_in_note(snapshot: &Snapshot, note: &OpenNote) -> (Vec<CitedRecord>, Vec<String>) {
    let text = note.document().text();
    let list = references_block(&text).ok().flatten().map(|block| block.range);
    let mut citations = Citations::new(&*snapshot.library);
    let mut problems: Vec<String> = Vec::new();
    for citation in &note.parsed().citations {
        if list.as_ref().is_some_and(|list| list.contains(&citation.range.start)) {
            continue;
        }
        let Some(cited) = snapshot.names().meaning(citation) else { continue };
        if let Resolution::Unique(paper) = &*cited.resolution {
            citations.add(&cited.reading.name, paper);
        } else {
            let found = citation_diagnostic(snapshot, citation, |range| note.document().span(range));
            problems.extend(found.map(|found| found.message));
        }
    }
    (citations.finish(), problems)
}

/// The papers of a note in a format, and what could not be exported.
pub fn export_note(snapshot: &Snapshot, note: &OpenNote, format: &ExportFormat) -> (String, Vec<String>) {
    let (cited, mut problems) = cited_in_note(snapshot, note);
    let text = match format {
        ExportFormat::Bibtex => bibtex(&cited, false),
        ExportFormat::CslJson => csl_json(&cited, false),
        ExportFormat::Markdown(style) => {
            let list = render_references(&cited, style);
            problems.extend(list.problems.into_iter().map(|problem| problem.message));
            list.markdown
        }
    };
    (text, problems)
}

/// The edit that puts the note's reference list, in the order of first citation, into its marked block, or makes one at
/// the end; `None` where it is as it should be. Fails where the block has no end.
pub fn insert_references(
    snapshot: &Snapshot,
    note: &OpenNote,
    style: &ReferenceStyle,
) -> Result<Option<ReferencesEdit>, BlockProblem> {
    let (cited, _) = cited_in_note(snapshot, note);
    let list = render_references(&cited, &style.clone().in_order_of_citation()).markdown;
    references_block_edit(&note.document().text(), &list, None)
}

/// The style that the block of a note asks for by itself.
pub fn style_of_note(note: &OpenNote) -> Option<String> {
    references_block(&note.document().text()).ok().flatten()?.style
}
