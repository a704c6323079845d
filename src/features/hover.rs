//! The card of the paper that a citation names.

use std::ops::Range;

use super::Snapshot;
use super::card::{Card, CardOptions};
use super::completion::{ABSTRACT, HIGHLIGHTS};
use super::escape::{escape_markdown, plain_text};
use super::rename::follow::{key_now, message as key_has_changed};
use crate::library::{Candidates, Resolution};
use crate::notes::OpenNote;

/// What is shown over a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoverCard {
    /// The bytes of the note it belongs to: exactly the citation.
    pub range: Range<usize>,
    /// As Markdown.
    pub markdown: String,
    /// As plain text.
    pub plain: String,
}

/// The card at an offset of a note: of the one paper, of all candidates where the name is ambiguous, or
/// the near names where it is missing. `None` where there is nothing to say.
pub fn hover(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Option<HoverCard> {
    let citation = note.citation_at(offset)?;
    let cited = snapshot.names().meaning(&*citation)?;
    let range = citation.range.clone();
    let (markdown, plain) = match &*cited.resolution {
        Resolution::Unique(paper) => {
            let mut card = snapshot.card(paper, options_for(snapshot, citation.section.as_deref()));
            if let Some(locator) = &citation.locator {
                card.lead_to(locator, paper.record.holding.as_deref());
            }
            (card.markdown(), card.plain())
        }
        Resolution::Ambiguous(papers) => candidates(snapshot, &cited.reading.name, papers),
        Resolution::Missing => near(snapshot, &cited.reading.name)?,
    };
    Some(HoverCard { range, markdown, plain })
}

/// At most this many annotations are shown: a card is no book.
const MAX_ANNOTATIONS: usize = 100;

/// What the card of `[[Orca]]` shows, and what is to be whole in that of `[[Orca#abstract]]` and `[[Orca#highlights]]`.
fn options_for(snapshot: &Snapshot, section: Option<&str>) -> CardOptions {
    let options = snapshot.card_options();
    let is = |name: &str| section.is_some_and(|section| section.eq_ignore_ascii_case(name));
    if is(ABSTRACT) {
        CardOptions { abstract_chars: usize::MAX, ..options }
    } else if is(HIGHLIGHTS) {
        CardOptions { annotations: MAX_ANNOTATIONS, ..options }
    } else {
        options
    }
}

/// At most this many candidates are listed.
const MAX_CANDIDATES: usize = 10;

fn candidates(snapshot: &Snapshot, name: &str, papers: &Candidates) -> (String, String) {
    let head = format!("{} papers answer to “{}”:", papers.count(), plain_text(name));
    let mut lines: Vec<String> = papers
        .iter()
        .take(MAX_CANDIDATES)
        .map(|paper| {
            let card = Card::new(paper, snapshot.library.files(), snapshot.card_options());
            let place = card.sources.first().map(|source| &source.label);
            let facts: Vec<&str> = card.facts.iter().chain(place).map(String::as_str).collect();
            format!("{} ({})", card.title, facts.join(" · "))
        })
        .collect();
    if papers.count() > MAX_CANDIDATES {
        lines.push(format!("and {} more", papers.count() - MAX_CANDIDATES));
    }
    listed(&head, &lines)
}

fn near(snapshot: &Snapshot, name: &str) -> Option<(String, String)> {
    const MAX_SUGGESTIONS: usize = 3;
    if let Some(now) = key_now(snapshot, name) {
        let said = key_has_changed(snapshot, name, now);
        return Some((escape_markdown(&said), said));
    }
    // The user who points at a name wants to know, even where nothing is reported.
    let near = snapshot.library.near(name, MAX_SUGGESTIONS);
    if near.is_empty() {
        return None;
    }
    let head = format!("No paper is called “{}”. Did you mean:", plain_text(name));
    let lines: Vec<String> = near
        .iter()
        .map(|near| {
            let (name, title) = (plain_text(&near.name), plain_text(&near.paper.record.title));
            if name == title { title } else { format!("{name} ({title})") }
        })
        .collect();
    Some(listed(&head, &lines))
}

fn listed(head: &str, lines: &[String]) -> (String, String) {
    let items: Vec<String> = lines.iter().map(|line| format!("- {}", escape_markdown(line))).collect();
    let markdown = format!("{}\n\n{}", escape_markdown(head), items.join("\n"));
    let plain = format!("{head}\n{}", lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"));
    (markdown, plain)
}
