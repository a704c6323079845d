//! That the papers of Zotero are there: said once, and remembered. And whether Zotero has changed them, where its database
//! cannot be read.

use std::fs;
use std::path::{Path, PathBuf};
#[cfg(feature = "zotero")]
use std::time::{Duration, Instant};

use tower_lsp::gen_lsp_types::MessageType;

use super::Worker;
use crate::config::ZoteroSettings;
use crate::corpus::Roots;
use crate::files::{self, Existing, Purpose, write_whole};
#[cfg(feature = "zotero")]
use crate::library::FileEntry;
use crate::library::LibrarySnapshot;
use crate::server::transport::client_messages::ClientMessage;
#[cfg(feature = "zotero")]
use crate::zotero::{Probe, probe};
use crate::zotero::{is_database, write_ahead_log};

/// The file in the cache that names the libraries that were announced, one a line.
const TOLD: &str = "zotero-told";

/// How often Zotero is asked whether anything has changed, where its database cannot be read: at every look of the worker, of
/// which there is one a second.
#[cfg(feature = "zotero")]
const ASK_EVERY: Duration = Duration::from_millis(900);

/// To answer may take Zotero one part of its time in so many: in large libraries it goes through all items.
#[cfg(feature = "zotero")]
const SHARE: u32 = 10;

/// But it is asked after this long.
#[cfg(feature = "zotero")]
const ASK_AFTER: Duration = Duration::from_secs(30);

/// What Zotero answered last.
#[derive(Default)]
pub(super) struct SecondDoor {
    /// Not before this time it is asked again.
    #[cfg(feature = "zotero")]
    next: Option<Instant>,
    #[cfg(feature = "zotero")]
    answer: Option<Probe>,
    /// Whether the last look has brought anything, so that there may be more.
    pub is_moving: bool,
}

impl SecondDoor {
    /// Whether there may be something new: a few small requests, every second, and only where it is in use.
    #[cfg(feature = "zotero")]
    pub fn has_news(&mut self, settings: &ZoteroSettings, library: &LibrarySnapshot) -> bool {
        let begun = Instant::now();
        let selection = settings.selection();
        let file = settings.database().and_then(|database| library.files().by_path(&database));
        let is_due = self.next.is_none_or(|next| next <= begun);
        let Some(port) = selection.api.filter(|_| is_due && file.is_some_and(needs_it)) else {
            return false;
        };
        let answer = probe(port, &selection).ok();
        self.next = Some(begun + pause_after(begun.elapsed()));
        let has_changed = answer.is_some() && answer != self.answer;
        self.answer = answer.or(self.answer.take());
        has_changed || self.is_moving
    }

    /// Without the feature there is no such door.
    #[cfg(not(feature = "zotero"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    pub fn has_news(&mut self, _: &ZoteroSettings, _: &LibrarySnapshot) -> bool {
        false
    }
}

/// Whether a database is read by the second door, or by none.
#[cfg(feature = "zotero")]
fn needs_it(database: &FileEntry) -> bool {
    database.is_second_hand() || database.failure().is_some()
}

/// How long after a question the next one is asked, if the answer took so long.
#[cfg(feature = "zotero")]
fn pause_after(took: Duration) -> Duration {
    (took * SHARE).clamp(ASK_EVERY, ASK_AFTER)
}

/// The logs of databases among the roots: the latest work of Zotero changes no other file.
pub(super) fn logs(roots: &Roots) -> impl Iterator<Item = PathBuf> {
    roots.explicit.iter().filter(|root| is_database(root)).map(|database| write_ahead_log(database))
}

impl Worker {
    /// Says that the papers of Zotero are there, at the first start that has read them.
    pub(super) fn tell_of_zotero(&self, library: &LibrarySnapshot) {
        let Some(workspace) = &self.workspace else { return };
        let (Some(database), Some(cache)) = (workspace.settings.zotero.database(), &self.options.cache_directory)
        else {
            return;
        };
        let papers = library.files().by_path(&database).filter(|file| file.complete).map_or(0, |file| file.records);
        if papers > 0 && remember(cache, &database) {
            let count = if papers == 1 { "1 paper".to_owned() } else { format!("{papers} papers") };
            let text = format!(
                "ibid has found your Zotero library: its {count} can be cited, and stay up to date. \
                 `zotero.enabled = false` turns that off."
            );
            self.send_message(ClientMessage::Show(MessageType::Info, text));
        }
    }
}

/// Remembers that a library was announced; false where it was already, or where it cannot be remembered: then nothing is said,
/// since it would be said at every start.
fn remember(cache: &Path, database: &Path) -> bool {
    let file = cache.join(TOLD);
    let told = files::read_text(&file, Purpose::Cache).unwrap_or_default();
    let name = database.display().to_string();
    if told.lines().any(|line| line == name) || fs::create_dir_all(cache).is_err() {
        return false;
    }
    write_whole(&file, format!("{told}{name}\n").as_bytes(), Existing::Replaced).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    #[cfg(feature = "zotero")]
    fn zotero_is_asked_the_less_the_longer_it_takes_to_answer() {
        for (took, pause) in [(0, 900), (50, 900), (90, 900), (300, 3000), (5000, 30_000)]
            .map(|(took, pause)| (Duration::from_millis(took), Duration::from_millis(pause)))
        {
            assert_eq!(pause_after(took), pause);
        }
    }

    #[test]
    fn the_logs_of_databases_are_looked_at() {
        let explicit = ["/a/zotero.sqlite", "/a/lib.bib", "/b"].map(PathBuf::from).to_vec();
        let roots = Roots { workspace: vec![PathBuf::from("/zotero.sqlite")], explicit };
        assert_eq!(logs(&roots).collect::<Vec<_>>(), [PathBuf::from("/a/zotero.sqlite-wal")]);
    }

    #[test]
    fn a_library_is_told_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache");
        let told = |database: &str| remember(&cache, Path::new(database));
        assert!(told("/a/zotero.sqlite") && !told("/a/zotero.sqlite"));
        assert!(told("/b/zotero.sqlite") && !told("/a/zotero.sqlite") && !told("/b/zotero.sqlite"));
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(!remember(&folder.path().join("file"), Path::new("/a/zotero.sqlite")), "no place to remember it");
    }
}
