//! Other ways to write a citation, and what of its paper can be opened.

use std::ops::Range;
use std::sync::Arc;

use super::{ActionCommand, ActionKind, CodeAction};
use crate::features::Snapshot;
use crate::features::edits::{TextEdit, citation_text, label_mark};
use crate::features::escape::{plain_text, safe_url};
use crate::features::links::{local_pdf_url, paper_links, zotero_pdf_at_page, zotero_pdf_url, zotero_url};
use crate::features::literature_note::link_to_literature_note;
use crate::features::meaning::means;
use crate::library::{LibraryPaper, writable};
use crate::notes::{Citation, CitationKind, OpenNote, Reading, written_key};
use crate::paper::{Record, arxiv_pdf_url};

/// The other ways to write the citation of a paper.
pub(super) fn of_citation(
    snapshot: &Snapshot,
    note: &OpenNote,
    citation: &Citation,
    reading: &Reading<Range<usize>>,
    paper: &Arc<LibraryPaper>,
) -> Vec<CodeAction> {
    let found = [
        with_full_title(snapshot, citation, reading, paper),
        as_key(snapshot, note, citation, reading, paper),
        as_wiki_link(snapshot, note, citation, paper),
    ];
    found.into_iter().flatten().collect()
}

/// `[[Orca]]` → `[[Orca Progressive Learning …]]`; section and label stay.
fn with_full_title(
    snapshot: &Snapshot,
    citation: &Citation,
    reading: &Reading<Range<usize>>,
    paper: &LibraryPaper,
) -> Option<CodeAction> {
    let title = writable(&paper.record.title);
    if !citation.kind.is_wiki_link()
        || citation.kind.is_key_link()
        || *reading.name == title
        || !means(snapshot, &title, paper)
    {
        return None;
    }
    let edit = TextEdit::new(reading.range.clone(), title);
    Some(CodeAction::new("Write the full title".to_owned(), ActionKind::Rewrite, vec![edit]))
}

/// `[[Orca]]` → `[@key]`. A section or a label has no place there.
fn as_key(
    snapshot: &Snapshot,
    note: &OpenNote,
    citation: &Citation,
    reading: &Reading<Range<usize>>,
    paper: &LibraryPaper,
) -> Option<CodeAction> {
    let is_bare = match citation.kind {
        CitationKind::WikiLink => reading.range == citation.inner_range,
        CitationKind::KeyLink => citation.section.is_none() && citation.label.is_none(),
        _ => false,
    };
    if !is_bare || !is_free_of_links(note, &citation.range) {
        return None;
    }
    let keys = paper.record.keys.iter().filter(|key| means(snapshot, key, paper));
    let key = keys.map(String::as_str).find_map(written_key)?;
    let title = format!("Cite as [{}]", plain_text(&key));
    let edit = TextEdit::new(citation.range.clone(), format!("[{key}]"));
    Some(CodeAction::new(title, ActionKind::Rewrite, vec![edit]))
}

/// `@key` and `[@key]` → `[[Orca]]`. What a cluster says besides has no place there.
fn as_wiki_link(snapshot: &Snapshot, note: &OpenNote, citation: &Citation, paper: &LibraryPaper) -> Option<CodeAction> {
    if !citation.kind.is_key() {
        return None;
    }
    let range = whole_citation(note, citation)?;
    if let Some(link) = link_to_literature_note(snapshot, paper) {
        let title = format!("Cite as [[{}]]", plain_text(&link));
        return Some(CodeAction::new(title, ActionKind::Rewrite, vec![TextEdit::new(range, format!("[[{link}]]"))]));
    }
    let text = citation_text(snapshot, paper)?;
    let mark = label_mark(citation.in_table);
    let label = text.label.map_or_else(String::new, |label| format!("{mark}{label}"));
    let title = format!("Cite as [[{}]]", plain_text(&text.name));
    let edit = TextEdit::new(range, format!("[[{}{label}]]", text.name));
    Some(CodeAction::new(title, ActionKind::Rewrite, vec![edit]))
}

/// All of a key's citation, where it can be taken as a whole: it says nothing but the key, and in a cluster it is alone.
pub(super) fn whole_citation(note: &OpenNote, citation: &Citation) -> Option<Range<usize>> {
    if citation.suppress_author || citation.locator.is_some() {
        return None;
    }
    let Some(cluster) = citation.cluster.clone() else { return Some(citation.range.clone()) };
    let inside = note.document().slice(cluster.start + 1..cluster.end.checked_sub(1)?)?;
    let own = note.document().slice(citation.range.clone())?;
    (inside.trim() == own).then_some(cluster)
}

/// Whether a bracketed text in the place of a range would stand by itself, as no part of a link or an image.
fn is_free_of_links(note: &OpenNote, range: &Range<usize>) -> bool {
    let document = note.document();
    let before = range.start.checked_sub(1).and_then(|start| document.slice(start..range.start));
    let after = document.slice(range.end..range.end + 1);
    let is_one_of = |text: Option<std::borrow::Cow<'_, str>>, marks: &str| text.is_some_and(|it| marks.contains(&*it));
    !is_one_of(before, "!\\[]^") && !is_one_of(after, "([:{]")
}

/// The page and the PDF of a paper, as actions that open them: the PDF at the page that is cited, where that can be known.
pub(super) fn pages(record: &Record, locator: Option<&str>) -> Vec<CodeAction> {
    let links = paper_links(record);
    let page = links.iter().find(|(name, _)| !matches!(*name, "PDF" | "Code" | "Zotero"));
    let pdf = links.iter().find(|(name, _)| *name == "PDF").map(|(_, url)| url.clone());
    let pdf = pdf.or_else(|| record.arxiv.as_deref().map(arxiv_pdf_url).as_deref().and_then(safe_url));
    let zotero = links.iter().find(|(name, _)| *name == "Zotero");
    let page = page.map(|(name, url)| {
        let title =
            if *name == "Page" { "Open the paper's page".to_owned() } else { format!("Open the page ({name})") };
        (title, url.clone())
    });
    let pdf = pdf.map(|url| {
        // Programs that are asked to open a file know nothing of pages: some would find no such file.
        let at_page =
            locator.and_then(|locator| Some((locator, zotero_pdf_at_page(&url, locator, record.holding.as_deref())?)));
        match at_page {
            Some((locator, url)) => (format!("Open the PDF ({})", plain_text(locator)), url),
            None => ("Open the PDF".to_owned(), url),
        }
    });
    let zotero = zotero.map(|(_, url)| ("Show in Zotero".to_owned(), url.clone()));
    let found = [page, pdf, zotero].into_iter().flatten();
    found.map(|(title, url)| CodeAction::command(title, ActionCommand::Open(url))).collect()
}

/// Whether an address is one that an action may open: a web page, a PDF file of this machine, an entry or a PDF of Zotero.
pub fn may_open(url: &str) -> bool {
    let is_local_pdf = || {
        let path = url::Url::parse(url).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()?;
        local_pdf_url(path.to_str()?)
    };
    safe_url(url).as_deref() == Some(url)
        || zotero_url(url).is_some()
        || zotero_pdf_url(url).is_some()
        || is_local_pdf().is_some()
}
