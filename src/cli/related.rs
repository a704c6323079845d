//! `ibid related`: the papers that belong to one, by their words and by the notes that cite them.

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::output::{Output, complain, counted};
use super::paper_json::PaperJson;
use super::session::Session;
use super::show::{ambiguous, bare, missing};
use super::{Outcome, Place, Stop};
use crate::features::{Card, CardOptions, RelatedPaper, related_by_notes};
use crate::library::{LibraryPaper, LibrarySnapshot, Resolution};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Any name the paper answers to: alias, citation key, arXiv id, DOI, title, short name
    #[arg(value_name = "NAME")]
    name: String,
    /// At most this many papers in each list
    #[arg(short = 'n', long = "limit", default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Print one JSON object with the lists `text` and `notes`
    #[arg(long)]
    json: bool,
}

/// More than this many papers are never put together.
const MOST: usize = 1_000;

/// How near a paper is that shares the telling words, like the score of a paper found by its abstract.
const TEXT_SCORE: f64 = 0.4;

#[derive(Debug, Serialize)]
struct RelatedJson {
    /// Nearest first by the words of title and abstract.
    text: Vec<PaperJson>,
    /// Those with most notes in common first.
    notes: Vec<SharedJson>,
}

#[derive(Debug, Serialize)]
struct SharedJson {
    #[serde(flatten)]
    paper: PaperJson,
    shared_notes: usize,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    let snapshot = session.snapshot(session.notes().vault);
    let (library, aliases) = (&session.workspace.library.snapshot(), &snapshot.aliases);
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
    let limit = arguments.limit.min(MOST);
    let by_text = library.related(paper, limit);
    let by_notes = related_by_notes(&snapshot, paper, limit);
    if arguments.json {
        let shared = |it: &RelatedPaper| SharedJson {
            paper: PaperJson::new(&it.paper, 1.0, library, aliases),
            shared_notes: it.shared_notes,
        };
        let text = by_text.iter().map(|it| PaperJson::new(it, TEXT_SCORE, library, aliases)).collect();
        output.json(&RelatedJson { text, notes: by_notes.iter().map(shared).collect() })?;
        return Ok(Outcome::Fine);
    }
    let with_count = |it: &RelatedPaper| counted(it.shared_notes as u64, "shared note");
    list("Nearest by text", by_text.iter().map(|it| (&**it, None)), library, output)?;
    list("Cited in the same notes", by_notes.iter().map(|it| (&*it.paper, Some(with_count(it)))), library, output)?;
    if by_text.is_empty() && by_notes.is_empty() {
        complain(&format!("nothing is related to \"{name}\""));
    }
    Ok(Outcome::Fine)
}

/// A heading and the papers below it; nothing where there are none.
fn list<'a>(
    heading: &str,
    papers: impl Iterator<Item = (&'a LibraryPaper, Option<String>)>,
    library: &LibrarySnapshot,
    output: &mut Output,
) -> Result<(), Stop> {
    for (at, (paper, note)) in papers.enumerate() {
        if at == 0 {
            output.line(heading.bold().underline())?;
        }
        let card = Card::new(paper, library.files(), CardOptions::default());
        let number = format!("{:>2}.", at + 1);
        output.line(format!("{} {}", number.dimmed(), card.title.bold()))?;
        let facts: Vec<String> = note.into_iter().chain(card.facts).chain(card.sources.into_iter().take(1)).collect();
        output.line(format!("    {}", facts.join(" · ")))?;
    }
    Ok(())
}
