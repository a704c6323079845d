//! The library of a group in the server: the engine that is asked, what was offered of it, and what became of what was cited.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use crate::config::RemoteSettings;
use crate::features::Snapshot;
use crate::features::export::{CitedRecord, bibtex, csl_json_line};
use crate::library::{Aliases, Papers, Resolution};
use crate::notes::OpenNote;
use crate::paper::{PaperRef, lookup_key, parse_identifier};
use crate::remote::{Kept, Remote, RemoteNews, WithRemote, keep};
use crate::server::state::request_snapshot::RemoteView;

/// How long the engine is waited for, on a thread of the background, when a note was saved.
const TIMEOUT: Duration = Duration::from_secs(10);

/// So many names are remembered that were offered.
const MAX_OFFERED: usize = 2_000;

/// The names by which papers of the engine were offered, folded, and which papers they are. A note that cites one of them has
/// taken the offer. Completion adds to them from several threads while the main loop looks notes up in them.
#[derive(Debug, Default)]
pub(in crate::server) struct Offered(DashMap<String, PaperRef, FxBuildHasher>);

impl Offered {
    /// A paper was offered by what would be written for it.
    pub fn add(&self, written: &str, paper: &PaperRef) {
        let name = written.split(['|', ']', '}']).next().unwrap_or_default();
        let name = lookup_key(name.trim_end_matches('\\').trim_start_matches('@'));
        if self.0.len() >= MAX_OFFERED {
            self.0.clear();
        }
        self.0.insert(name, paper.clone());
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The papers among those offered that a note cites, with the names that cite them.
    fn cited_in(&self, note: &OpenNote) -> Vec<(String, PaperRef)> {
        let names = note.parsed().citations.iter().flat_map(|citation| citation.readings.iter());
        let names = names.map(|reading| lookup_key(&reading.name));
        names.filter_map(|name| Some((name.clone(), self.0.get(&name)?.clone()))).collect()
    }

    fn forget(&self, name: &str) {
        self.0.remove(name);
    }
}

/// The library of a group, where the user names one.
#[derive(Debug, Default)]
pub(super) struct Group {
    remote: Option<Remote>,
    offered: Arc<Offered>,
    /// What is wrong with the engine, in words.
    pub state: Option<String>,
    /// Whether that was shown to users whose client shows no status.
    pub has_shown: bool,
}

impl Group {
    /// Has the engine asked that the settings name. Nothing is started, and no socket opened, where they name none.
    pub fn configure(&mut self, settings: &RemoteSettings, tell: impl Fn(RemoteNews) + Send + 'static) {
        if self.remote.as_ref().is_none_or(|remote| remote.settings() != settings) {
            *self = Group { remote: Remote::start(settings, tell), ..Group::default() };
        }
    }

    /// What features look at, with the engine's papers after those of the library.
    pub fn over(&self, mut snapshot: Snapshot) -> (Snapshot, Option<RemoteView>) {
        let Some(remote) = &self.remote else { return (snapshot, None) };
        let papers = Arc::new(remote.over(snapshot.library));
        snapshot.library = papers.clone();
        let until = Instant::now() + remote.budget();
        let offered = self.offered.clone();
        let offered = Arc::new(move |written: &str, paper: &PaperRef| offered.add(written, paper));
        (snapshot, Some(RemoteView { papers, until, offered }))
    }

    /// What writes the papers of the engine that a note has come to cite into the user's own file; `None` where none can be
    /// meant. The work gives what went wrong.
    pub fn keeping(
        &self,
        snapshot: &Snapshot,
        note: Arc<OpenNote>,
        cited: Cited,
        folders: Arc<[PathBuf]>,
    ) -> Option<impl FnOnce() -> Option<String> + Send + 'static> {
        let remote = self.remote.as_ref().filter(|_| cited == Cited::ByIdentifier || !self.offered.is_empty())?;
        let papers = remote.over(snapshot.library.clone());
        let (settings, offered) = (snapshot.settings.clone(), self.offered.clone());
        let path = folders.first()?.join(&settings.remote.save_to.value);
        Some(move || {
            let (papers, found) = match cited {
                Cited::Offered => (papers, offered.cited_in(&note)),
                Cited::ByIdentifier => by_identifier(papers, &note),
            };
            let mut trouble = None;
            for (name, reference) in found {
                let kept = settings.trust.check_write(&folders, &path).and_then(|()| {
                    keep_paper(&papers, &reference, &path)
                        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
                });
                match kept {
                    Ok(()) => offered.forget(&lookup_key(&name)),
                    Err(reason) => trouble = Some(reason),
                }
            }
            trouble
        })
    }
}

/// Which of the citations of a note make papers of the engine the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cited {
    /// Those that were written as they were offered.
    Offered,
    /// Identifiers, in a note that was saved: while one is typed, its beginning may be that of another paper.
    ByIdentifier,
}

/// The papers that a note cites by an identifier and that the engine alone knows. Waits for its answer.
fn by_identifier(papers: WithRemote, note: &OpenNote) -> (WithRemote, Vec<(String, PaperRef)>) {
    let names = note.parsed().citations.iter().flat_map(|citation| citation.readings.iter());
    let names = names.map(|reading| &*reading.name).filter(|name| parse_identifier(name).is_some());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    papers.ask_for(names.iter().cloned());
    let papers = papers.later(Instant::now() + TIMEOUT, &|| false).unwrap_or(papers);
    let reference = |name: String| match &*papers.resolve(&name, &Aliases::default()) {
        Resolution::Unique(paper) => Some((name, PaperRef::of(&paper.record))),
        _ => None,
    };
    let found = names.into_iter().filter_map(reference).collect();
    (papers, found)
}

/// Writes a paper of the engine into a file of the user's, unless the library has it already.
fn keep_paper(papers: &WithRemote, reference: &PaperRef, path: &Path) -> std::io::Result<()> {
    let Some(paper) = papers.remote_paper(reference) else { return Ok(()) };
    let Some(record) = papers.record_to_keep(&paper) else { return Ok(()) };
    let cited = CitedRecord::from(record);
    let is_bib = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("bib"));
    let text = if is_bib { bibtex(std::slice::from_ref(&cited), true) } else { csl_json_line(&cited) };
    let kept = keep(path, &cited.record, &text)?;
    papers.is_kept(reference);
    tracing::info!(
        "{}: {} {}",
        path.display(),
        cited.record.title,
        if kept == Kept::Written { "was added" } else { "is there" }
    );
    Ok(())
}
