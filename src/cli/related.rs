//! `ibid related`: the papers that belong to one, by their words and by the notes that cite them.

use std::sync::Arc;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::output::{INDENT_COLUMNS, Output};
use super::paper_json::PaperJson;
use super::session::Session;
use super::show::{ambiguous, bare, missing};
use super::{Outcome, Place, Stop};
use crate::features::{Card, CardOptions, Reason, related};
use crate::library::{LibraryPaper, Resolution};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Any name the paper answers to: alias, citation key, arXiv id, DOI, title, short name
    #[arg(value_name = "NAME")]
    name: String,
    /// At most this many papers
    #[arg(short = 'n', long = "limit", default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Print a JSON list: each paper with its `reason`, `notes` or `text`
    #[arg(long)]
    json: bool,
}

/// More than this many papers are never put together.
const MAX_RESULTS: usize = 1_000;

/// How near a paper is that shares the telling words, like the score of a paper found by its abstract.
const TEXT_SCORE: f64 = 0.4;

#[derive(Debug, Serialize)]
struct RelatedJson {
    #[serde(flatten)]
    paper: PaperJson,
    /// `notes` or `text`.
    reason: &'static str,
    /// How many notes cite both, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_notes: Option<usize>,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    session.need_papers()?;
    let snapshot = session.snapshot(session.notes().vault);
    let (library, aliases) = (&*snapshot.library, &snapshot.aliases);
    let name = bare(&arguments.name);
    let resolution = library.resolve(name, aliases);
    let paper = match &*resolution {
        Resolution::Unique(paper) => paper,
        Resolution::Ambiguous(papers) => {
            ambiguous(name, &library.all_candidates(papers), arguments.json, library, aliases, output)?;
            return Ok(Outcome::FoundProblems);
        }
        Resolution::Missing => {
            missing(name, arguments.json, library, output)?;
            return Ok(Outcome::FoundProblems);
        }
    };
    let limit = arguments.limit.min(MAX_RESULTS);
    let papers = related(&snapshot, paper, limit);
    if arguments.json {
        let json = |(paper, reason): &(Arc<LibraryPaper>, Reason)| {
            let (score, shared_notes) = match reason {
                Reason::Notes(notes) => (1.0, Some(*notes)),
                Reason::Text => (TEXT_SCORE, None),
            };
            RelatedJson { paper: PaperJson::new(paper, score, library, aliases), reason: reason.word(), shared_notes }
        };
        output.json(&papers.iter().map(json).collect::<Vec<_>>())?;
        return Ok(Outcome::fine_unless(papers.is_empty()));
    }
    for (at, (paper, reason)) in papers.iter().enumerate() {
        let card = Card::new(paper, library.files(), CardOptions::default());
        let facts: Vec<String> = [reason.describe()]
            .into_iter()
            .chain(card.facts)
            .chain(card.sources.into_iter().take(1).map(|it| it.label))
            .collect();
        let title =
            output.lines(&card.title, INDENT_COLUMNS).iter().map(|line| line.bold().to_string()).collect::<Vec<_>>();
        output.row(at, &title, &output.lines(&facts.join(" · "), INDENT_COLUMNS))?;
    }
    if papers.is_empty() {
        output.error(format!("nothing is related to \"{name}\""));
    }
    Ok(Outcome::fine_unless(papers.is_empty()))
}
