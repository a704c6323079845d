//! Papers as JSON objects: the shapes that scripts rely on.

use std::path::PathBuf;

use serde::Serialize;

use crate::library::{Aliases, FileTable, LibraryPaper, Papers, Resolution, Source};
use crate::paper::{Person, Tier, names};

/// A paper as `ibid search --json` lists it.
#[derive(Debug, Serialize)]
pub(super) struct PaperJson {
    title: String,
    names: Vec<String>,
    year: Option<i32>,
    authors: Vec<String>,
    author_count: Option<u32>,
    ids: Identifiers,
    score: f64,
    source: Option<SourceJson>,
}

/// A paper as `ibid show --json` gives it.
#[derive(Debug, Serialize)]
pub(super) struct WholePaperJson {
    #[serde(flatten)]
    paper: PaperJson,
    #[serde(rename = "abstract")]
    abstract_text: Option<String>,
    date: Option<String>,
    comments: Option<u32>,
    organization: Option<String>,
    sources: Vec<SourceJson>,
}

#[derive(Debug, Serialize)]
struct Identifiers {
    arxiv: Option<String>,
    doi: Option<String>,
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct SourceJson {
    path: PathBuf,
    /// Counted from 1.
    line: u32,
}

impl PaperJson {
    /// The object of a paper found with a score between 0 and 1.
    pub fn new(paper: &LibraryPaper, score: f64, library: &dyn Papers, aliases: &Aliases) -> PaperJson {
        let record = &paper.record;
        let count = record.author_count.or_else(|| u32::try_from(record.authors.len()).ok().filter(|count| *count > 0));
        PaperJson {
            title: record.title.clone(),
            names: names_of(paper, library, aliases),
            year: record.date.map(|date| date.year),
            authors: record.authors.iter().map(Person::display).collect(),
            author_count: count,
            ids: Identifiers {
                arxiv: record.arxiv.clone(),
                doi: record.doi.clone(),
                key: record.keys.first().cloned(),
            },
            score,
            source: paper.sources.first().and_then(|source| source_json(source, library.files())),
        }
    }
}

impl WholePaperJson {
    /// The object of a paper that a name stands for.
    pub fn new(paper: &LibraryPaper, library: &dyn Papers, aliases: &Aliases) -> WholePaperJson {
        let record = &paper.record;
        let organization = record.organization.as_ref();
        WholePaperJson {
            paper: PaperJson::new(paper, 1.0, library, aliases),
            abstract_text: record.abstract_text.clone(),
            date: record.date.map(|date| date.iso()),
            comments: record.comments,
            organization: organization.map(|it| if it.name.is_empty() { it.handle.clone() } else { it.name.clone() }),
            sources: paper.sources.iter().filter_map(|source| source_json(source, library.files())).collect(),
        }
    }
}

/// The strings the paper answers to, the user's own first. A coined name that is everybody's word
/// stands for nothing and is left out.
pub(super) fn names_of(paper: &LibraryPaper, library: &dyn Papers, aliases: &Aliases) -> Vec<String> {
    let means_this = |resolution: &Resolution| match resolution {
        Resolution::Unique(other) => other.is_same(paper),
        _ => false,
    };
    let mut texts: Vec<String> = aliases
        .iter()
        .filter(|(_, name)| means_this(&library.resolve(name, aliases)))
        .map(|(alias, _)| alias.to_owned())
        .collect();
    texts.sort_unstable();
    let is_vocabulary = |text: &str| matches!(*library.resolve(text, aliases), Resolution::Missing);
    for name in names(&paper.record) {
        if name.tier != Tier::Coined || !is_vocabulary(&name.text) {
            texts.push(name.text);
        }
    }
    texts
}

fn source_json(source: &Source, files: &FileTable) -> Option<SourceJson> {
    let (file, span) = files.place(&source.origin)?;
    Some(SourceJson { path: file.path.clone(), line: span.line + 1 })
}
