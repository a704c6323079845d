//! `ibid search`: ranked papers with the matched words marked.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;
use owo_colors::OwoColorize;

use super::output::{INDENT_COLUMNS, Output, counted};
use super::paper_json::PaperJson;
use super::session::Session;
use super::{Outcome, Place, Stop, group};
use crate::features::{Card, CardOptions, plain_text};
use crate::library::{
    Aliases, Filter, LibraryPaper, LibrarySnapshot, MatchKind, Papers, Query, Resolution, Source, split_filters,
};
use crate::paper::words;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Words of names, titles, authors, years or abstracts; in any order, their beginnings are enough. `#tag` and
    /// `in:collection` narrow them to what Zotero has so
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// At most this many papers
    #[arg(short = 'n', long = "limit", default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// More than this many results are never put together.
const MAX_RESULTS: usize = 10_000;

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    session.need_papers()?;
    let local = session.workspace.library.snapshot();
    let aliases = session.workspace.aliases();
    let query = joined(&arguments.query);
    for filter in local.unknown_filters(&query) {
        let what = if matches!(filter, Filter::Tag(_)) { "tag" } else { "collection" };
        output.error(format!("there is no {what} {}; it was searched for as words", filter.written()));
    }
    let library = &*group::with_query(&session, &query);
    let found = find(&query, arguments.limit.min(MAX_RESULTS), library, &local, &aliases);
    if arguments.json {
        let mut least = f64::INFINITY;
        let of_list = found.iter().map(|(paper, kind)| {
            // Kinds that are weighed together stand in one order.
            least = score(*kind).min(least);
            PaperJson::new(paper, least, library, &aliases)
        });
        let papers: Vec<PaperJson> = of_list.collect();
        output.json(&papers)?;
        return Ok(Outcome::fine_unless(found.is_empty()));
    }
    let tokens = words(&split_filters(&query).1);
    for (at, (paper, kind)) in found.iter().enumerate() {
        print_hit(at, paper, *kind, &tokens, library, output)?;
    }
    if found.is_empty() {
        output.error(format!("none of {} matches", counted(local.paper_count(), "paper")));
    }
    Ok(Outcome::fine_unless(found.is_empty()))
}

/// The words as one query. Shells take quotation marks away: a filter of several words has them again.
fn joined(arguments: &[String]) -> String {
    let word = |word: &String| {
        let (filters, rest) = split_filters(word);
        let Some((mark, name)) = word.split_once(['#', ':']).filter(|_| !filters.is_empty() && !rest.is_empty()) else {
            return word.clone();
        };
        let mark = if mark.is_empty() { "#" } else { "in:" };
        if name.contains('"') { word.clone() } else { format!("{mark}\"{name}\"") }
    };
    arguments.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The papers that answer to a query, best first: the one the user has given this name, then the others.
fn find(
    query: &str,
    limit: usize,
    library: &dyn Papers,
    local: &LibrarySnapshot,
    aliases: &Aliases,
) -> Vec<(Arc<LibraryPaper>, MatchKind)> {
    let mut found: Vec<(Arc<LibraryPaper>, MatchKind)> = Vec::new();
    if aliases.get(query).is_some()
        && let Resolution::Unique(paper) = &*library.resolve(query, aliases)
    {
        found.push((paper.clone(), MatchKind::ExactName));
    }
    let mut known: BTreeSet<Option<Source>> = found.iter().map(|(paper, _)| paper.identity().cloned()).collect();
    for hit in library.search(Query::Typed(query), limit) {
        // The user's own papers lead; what the engine of the group has besides follows.
        let paper = local.paper_of(&hit.stored).or_else(|| library.paper(hit.stored.reference()));
        if let Some(paper) = paper
            && known.insert(paper.identity().cloned())
        {
            found.push((paper, hit.kind));
        }
    }
    found.truncate(limit);
    found
}

/// How good a kind of match is, between 0 and 1. Within a kind the order of the list decides.
fn score(kind: MatchKind) -> f64 {
    match kind {
        MatchKind::ExactName => 1.0,
        MatchKind::NamePrefix => 0.9,
        MatchKind::NameWords => 0.8,
        MatchKind::Title => 0.7,
        MatchKind::Authors => 0.6,
        MatchKind::Acronym => 0.55,
        MatchKind::Spelling => 0.5,
        MatchKind::NearName => 0.45,
        MatchKind::Typo => 0.4,
        MatchKind::Abstract => 0.35,
        MatchKind::Partly => 0.25,
        MatchKind::Recent => 0.1,
    }
}

fn print_hit(
    at: usize,
    paper: &LibraryPaper,
    kind: MatchKind,
    tokens: &[String],
    library: &dyn Papers,
    output: &mut Output,
) -> Result<(), Stop> {
    let marker = Marker { tokens, kind };
    let card = Card::new(paper, library.files(), CardOptions::whole());
    let mut facts = card.facts.clone();
    let source = paper.sources.first();
    facts.extend(source.and_then(|source| {
        let (file, span) = library.files().place(&source.origin)?;
        Some(output.place(&file.path, span.line + 1))
    }));
    let title = output.lines(&card.title, INDENT_COLUMNS);
    let mut below = output.lines(&facts.join(" · "), INDENT_COLUMNS);
    if kind == MatchKind::Abstract
        && let Some(text) = &paper.record.abstract_text
    {
        below.extend(output.lines(&marker.passage(&plain_text(text)), INDENT_COLUMNS));
    }
    let marked = |lines: &[String], bold| lines.iter().map(|line| marker.marked(line, bold)).collect::<Vec<_>>();
    output.row(at, &marked(&title, true), &marked(&below, false))?;
    Ok(())
}

/// Finds the words of a query in a text.
struct Marker<'a> {
    tokens: &'a [String],
    kind: MatchKind,
}

impl Marker<'_> {
    /// The text with the matched words set apart.
    fn marked(&self, text: &str, bold: bool) -> String {
        let plain = |part: &str| if bold && !part.is_empty() { part.bold().to_string() } else { part.to_owned() };
        let mut marked = String::new();
        let mut unmarked = String::new();
        for piece in pieces(text) {
            if self.matches(piece) {
                marked.push_str(&plain(&std::mem::take(&mut unmarked)));
                marked.push_str(&piece.bold().yellow().underline().to_string());
            } else {
                unmarked.push_str(piece);
            }
        }
        marked + &plain(&unmarked)
    }

    /// The part of a long text around the first matched word.
    fn passage(&self, text: &str) -> String {
        const BEFORE: usize = 60;
        const LENGTH: usize = 200;
        let mut first = 0;
        for piece in pieces(text) {
            if self.matches(piece) {
                break;
            }
            first += piece.len();
        }
        let first = if first >= text.len() { 0 } else { first };
        let start = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
        let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |at| start + at + 1) };
        let end = text[start..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| start + at);
        let end = if end == text.len() { end } else { text[..end].rfind(' ').unwrap_or(end) };
        let (before, after) = (if start > 0 { "… " } else { "" }, if end < text.len() { " …" } else { "" });
        format!("{before}{}{after}", text.get(start..end).unwrap_or_default().trim())
    }

    fn matches(&self, piece: &str) -> bool {
        words(piece).iter().any(|word| self.tokens.iter().any(|token| self.word_matches(word, token)))
    }

    fn word_matches(&self, word: &str, token: &str) -> bool {
        let length = token.chars().count();
        match self.kind {
            _ if word.starts_with(token) => true,
            MatchKind::Typo | MatchKind::NearName if length >= 4 => {
                let beginning: String = word.chars().take(length).collect();
                let nearest = strsim::osa_distance(&beginning, token).min(strsim::osa_distance(word, token));
                nearest <= if length >= 8 { 2 } else { 1 }
            }
            // Abstracts are searched by the stems of words.
            MatchKind::Abstract | MatchKind::Spelling | MatchKind::Partly if length >= 4 => {
                let common = word.chars().zip(token.chars()).take_while(|(a, b)| a == b).count();
                common >= 4.max(length * 6 / 10)
            }
            _ => false,
        }
    }
}

/// The text in alternating words and what is between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|letter: char| letter.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched<'a>(query: &str, kind: MatchKind, text: &'a str) -> Vec<&'a str> {
        let tokens = words(query);
        let marker = Marker { tokens: &tokens, kind };
        pieces(text).filter(|piece| marker.matches(piece)).collect()
    }

    #[test]
    fn the_words_that_matched_are_found() {
        let title = "Orca: Progressive Learning from Explanation Traces of GPT-4";
        assert_eq!(matched("prog learn gpt", MatchKind::Title, title), ["Progressive", "Learning", "GPT"]);
        assert_eq!(matched("progresive", MatchKind::Typo, title), ["Progressive"]);
        assert_eq!(matched("progresive", MatchKind::Title, title), [""; 0]);
        assert_eq!(matched("distillation", MatchKind::Abstract, "We distill it."), ["distill"]);
        assert_eq!(matched("émigré", MatchKind::Title, "An EMIGRE here"), ["EMIGRE"]);
    }

    #[test]
    fn filters_of_several_words_are_one_argument() {
        for (arguments, query) in [
            (vec!["#to do", "whale"], "#\"to do\" whale"),
            (vec!["in:My Shelf/2024"], "in:\"My Shelf/2024\""),
            (vec!["#\"to do\"", "x"], "#\"to do\" x"),
            (vec!["whale song", "#a"], "whale song #a"),
            (vec!["#a whale"], "#\"a whale\""),
        ] {
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            assert_eq!(joined(&arguments), query);
        }
    }

    #[test]
    fn a_passage_shows_the_first_match() {
        let text = format!("{} needle {}", "häy ".repeat(60), "häy ".repeat(60));
        let tokens = words("needle");
        let passage = Marker { tokens: &tokens, kind: MatchKind::Abstract }.passage(&text);
        assert!(passage.contains("needle") && passage.chars().count() < 220, "{passage}");
        assert!(passage.starts_with("… häy") && passage.ends_with("häy …"), "{passage}");
    }
}
