//! `ibid show`: the card of one paper.

use std::sync::Arc;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::output::Output;
use super::paper_json::{PaperJson, WholePaperJson, names_of};
use super::session::Session;
use super::{Outcome, Place, Stop, card, group};
use crate::features::{Card, CardOptions};
use crate::library::{Aliases, LibraryPaper, Papers, RecordHead, Resolution};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Any name the paper answers to: alias, citation key, arXiv id, DOI, title, short name
    #[arg(value_name = "NAME")]
    name: String,
    /// Print one JSON object
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print the card as Markdown, as an editor gets it
    #[arg(long)]
    markdown: bool,
}

#[derive(Debug, Serialize)]
struct CandidatesJson {
    candidates: Vec<PaperJson>,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    session.need_papers()?;
    let aliases = session.workspace.aliases();
    let name = bare(&arguments.name);
    let library = &*group::with_name(&session, name);
    match &*library.resolve(name, &aliases) {
        Resolution::Unique(paper) => {
            if arguments.json {
                output.json(&WholePaperJson::new(paper, library, &aliases))?;
                return Ok(Outcome::Fine);
            }
            let card = Card::new(paper, library.files(), CardOptions::whole());
            if arguments.markdown {
                output.line(card.markdown())?;
            } else {
                print(paper, &card, library, &aliases, output)?;
            }
            Ok(Outcome::Fine)
        }
        Resolution::Ambiguous(papers) => {
            ambiguous(name, &library.all_candidates(papers), arguments.json, library, &aliases, output)?;
            Ok(Outcome::FoundProblems)
        }
        Resolution::Missing => {
            missing(name, arguments.json, library, output)?;
            Ok(Outcome::FoundProblems)
        }
    }
}

/// The name without the brackets or the sign it has in a note.
pub(super) fn bare(name: &str) -> &str {
    let name = name.trim();
    let inner = name.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    inner.or_else(|| name.strip_prefix('@')).unwrap_or(name)
}

fn print(
    paper: &LibraryPaper,
    card: &Card,
    library: &dyn Papers,
    aliases: &Aliases,
    output: &mut Output,
) -> Result<(), Stop> {
    let names: Vec<String> =
        names_of(paper, library, aliases).into_iter().filter(|name| *name != paper.record.title).collect();
    card::print(card, &names, output)?;
    for source in &paper.sources {
        if let Some((file, span)) = library.files().place(&source.origin) {
            output.line(format!("{} {}", "from".dimmed(), output.place(&file.path, span.line + 1)))?;
        }
    }
    Ok(())
}

pub(super) fn ambiguous(
    name: &str,
    papers: &[Arc<LibraryPaper>],
    json: bool,
    library: &dyn Papers,
    aliases: &Aliases,
    output: &mut Output,
) -> Result<(), Stop> {
    if json {
        let candidates = papers.iter().map(|paper| PaperJson::new(paper, 1.0, library, aliases)).collect();
        output.json(&CandidatesJson { candidates })?;
        return Ok(());
    }
    output.error(format!("{} papers answer to \"{name}\"; show one of them by a name that is its own", papers.len()));
    for paper in papers {
        let card = Card::new(paper, library.files(), CardOptions::default());
        let head = RecordHead::of_paper(paper).map(Arc::new);
        let own = head.and_then(|head| library.citation_text(&head, aliases));
        let own = own.map_or_else(String::new, |text| text.name);
        output.line(format!("{}  {}", own.bold(), card.facts.join(" · ").cyan()))?;
        if own != card.title {
            output.line(format!("    {}", card.title))?;
        }
    }
    Ok(())
}

pub(super) fn missing(name: &str, json: bool, library: &dyn Papers, output: &mut Output) -> Result<(), Stop> {
    const MAX_NEAR: usize = 5;
    if json {
        output.json(&CandidatesJson { candidates: Vec::new() })?;
    }
    let near: Vec<String> = library.near(name, MAX_NEAR).into_iter().map(|near| format!("\"{}\"", near.name)).collect();
    let advice = if near.is_empty() {
        format!("try `ibid search {name}`")
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    output.error(format!("no paper is called \"{name}\"; {advice}"));
    Ok(())
}
