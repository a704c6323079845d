//! Bringing the index up to date with a database: its entries have numbers that they keep, so that only those that have
//! changed are put together, read and indexed.
//!
//! The text of a database is made up, and so are the places in it: what has changed is read as if it stood after all that was
//! read before. So the entries that are as they were keep their places, and nothing else has to be known of them.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use tantivy::{Directory as _, Index, Term};

use super::{CorpusInput, Stop, Update, new_entry, read_each};
use crate::corpus::{CorpusFile, DatabaseChanges, ItemMark, WrittenItem, open_changes, reader_for};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::data::file_table::FileEntry;
use crate::library::data::progress::OnProgress;
use crate::library::data::record::record_address;
use crate::paper::Record;

/// Places are not taken on for ever: after so many bytes of text the database is read anew.
const MAX_PLACE_BYTES: u64 = 1 << 39;

/// The same for lines.
const MAX_LINE: u32 = u32::MAX / 2;

/// What is remembered of the entries of a database, beside the index. Without it the database is read anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownItems {
    /// In the order of their numbers.
    items: Vec<KnownItem>,
    /// Where the next text begins: its byte offset and its line.
    next: (u64, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct KnownItem {
    mark: ItemMark,
    /// Where its record stands; `None` where it has none.
    place: Option<u64>,
    /// The line of its text.
    line: u32,
}

/// The file that has them.
fn file_of(path: &Path) -> String {
    let digest = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
    format!(".items-{}", digest.as_str().get(..16).unwrap_or_default())
}

impl KnownItems {
    /// What is remembered of a file, if it is what the index has: `None` where it is missing, damaged, or of another time.
    fn read(index: &Index, path: &Path, content: &str) -> Option<KnownItems> {
        let bytes = index.directory().atomic_read(Path::new(&file_of(path))).ok()?;
        (content.ends_with(&token(&bytes))).then(|| postcard::from_bytes(&bytes).ok())?
    }

    /// Writes it beside the index, and gives what names it.
    fn keep(&self, index: &Index, path: &Path) -> io::Result<String> {
        let bytes = postcard::to_stdvec(self).map_err(io::Error::other)?;
        index.directory().atomic_write(Path::new(&file_of(path)), &bytes)?;
        Ok(token(&bytes))
    }

    fn marks(&self) -> Vec<ItemMark> {
        self.items.iter().map(|item| item.mark).collect()
    }

    fn of(&self, number: i64) -> Option<&KnownItem> {
        let at = self.items.binary_search_by_key(&number, |item| item.mark.item).ok()?;
        self.items.get(at)
    }
}

/// Names a state of what is remembered.
fn token(bytes: &[u8]) -> String {
    let digest = blake3::hash(bytes).to_hex();
    format!(" {}", digest.as_str().get(..32).unwrap_or_default())
}

/// What is known before a text is read.
struct Reading {
    remembered: KnownItems,
    /// The citation keys that items had, by their numbers.
    old_keys: FxHashMap<i64, String>,
    /// Nothing was known of the file.
    is_first: bool,
    /// When it was begun, in seconds since 1970.
    begun: i64,
}

/// Records of a text, and the places that the index is to have them at.
struct Placed<'a> {
    written: &'a [WrittenItem],
    /// Where the text begins.
    base: (u64, u32),
    places: Vec<Option<u64>>,
}

impl Placed<'_> {
    /// Moves a record to where the index has it, and gives the number of its item.
    fn place(&mut self, record: &mut Record) -> Option<i64> {
        let span = record.span;
        let after = self.written.partition_point(|item| item.start <= span.start);
        record.span.start = span.start.saturating_add(self.base.0);
        record.span.end = span.end.saturating_add(self.base.0);
        record.span.line = span.line.saturating_add(self.base.1);
        record.span.end_line = span.end_line.saturating_add(self.base.1);
        let at = after.checked_sub(1)?;
        *self.places.get_mut(at)? = Some(record.span.start);
        Some(self.written.get(at)?.mark.item)
    }

    /// The items with their places, in the order of their numbers.
    fn items(&self) -> impl Iterator<Item = KnownItem> {
        let lines = self.base.1.saturating_add(1)..;
        self.written.iter().zip(&self.places).zip(lines).map(|((item, place), line)| KnownItem {
            mark: item.mark,
            place: *place,
            line,
        })
    }
}

impl Update<'_> {
    /// Reads what has changed in a database. One that cannot be read keeps what the index has of it and gets a problem.
    pub(super) fn read_database(&mut self, file: &CorpusFile, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        let path = &file.file.path;
        let known = self.table.by_path(path).filter(|known| {
            known.complete
                && (known.format, known.compression) == (file.format, file.compression)
                && known.content_hash.starts_with(&file.selection.digest())
        });
        let known = known.cloned();
        let remembered = known.as_ref().and_then(|it| KnownItems::read(self.writer.index(), path, &it.content_hash));
        let remembered = remembered.filter(|it| it.next.0 < MAX_PLACE_BYTES && it.next.1 < MAX_LINE);
        let seen = remembered.as_ref().map(KnownItems::marks).unwrap_or_default();
        // What was read in another way is not as old as the file.
        let of_file = |known: &FileEntry| Some(known.stamp.modified_ns? / 1_000_000_000);
        let since = known.as_ref().and_then(|known| known.second_hand.or_else(|| of_file(known)));
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs().cast_signed());
        let changes = match open_changes(path, &file.selection, &seen, since) {
            Ok(changes) => changes,
            Err(error) => {
                self.unreadable(file, &error);
                return Ok(());
            }
        };
        let is_first = self.table.by_path(path).is_none();
        let (entry, remembered, old_keys) = match (known, remembered) {
            (Some(known), Some(remembered)) => {
                let old_keys = self.keys_of(&known, &remembered, &changes.written);
                (self.take_out_changed(file, known, &remembered, &changes), remembered, old_keys)
            }
            (known, _) => {
                self.take_out(path);
                let renamed = known.map(|it| it.renamed).unwrap_or_default();
                let entry = FileEntry { renamed, ..new_entry(self.table.fresh_id(), file) };
                (entry, KnownItems::default(), FxHashMap::default())
            }
        };
        let reading = Reading { remembered, old_keys, is_first, begun };
        self.read_items(file, entry, &reading, changes, on_progress)
    }

    /// The citation keys that the index has of items which have changed, by their numbers.
    fn keys_of(&self, known: &FileEntry, remembered: &KnownItems, changed: &[WrittenItem]) -> FxHashMap<i64, String> {
        let snapshot = self.library.snapshot();
        let key = |item: &WrittenItem| {
            let place = remembered.of(item.mark.item)?.place?;
            let term = Term::from_field_u64(self.fields.address, record_address(known.id, place));
            let head = snapshot.index.head(*snapshot.index.addresses(&term, 1).first()?)?;
            Some((item.mark.item, head.record.keys.first()?.clone()))
        };
        changed.iter().filter_map(key).collect()
    }

    /// Takes out of the index what has changed or is no longer there, and gives what the table has without it.
    fn take_out_changed(
        &self,
        file: &CorpusFile,
        known: FileEntry,
        remembered: &KnownItems,
        changes: &DatabaseChanges,
    ) -> FileEntry {
        let mut entry = FileEntry { stamp: file.file.stamp, ..known };
        let changed = changes.written.iter().map(|item| item.mark.item).chain(changes.gone.iter().copied());
        let mut lines = FxHashSet::default();
        for item in changed.filter_map(|number| remembered.of(number)) {
            lines.insert(item.line);
            if let Some(place) = item.place {
                let address = record_address(entry.id, place);
                self.writer.delete_term(Term::from_field_u64(self.fields.address, address));
                entry.records = entry.records.saturating_sub(1);
            }
        }
        // Problems count lines from 1; one without a line is of the whole.
        let problems = entry.problems.len();
        let stays = |line: u32| line != 0 && !lines.contains(&(line - 1));
        entry.problems.retain(|problem| stays(problem.line));
        entry.problem_count = entry.problem_count.saturating_sub((problems - entry.problems.len()) as u64);
        entry
    }

    fn read_items(
        &mut self,
        file: &CorpusFile,
        mut entry: FileEntry,
        reading: &Reading,
        changes: DatabaseChanges,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<(), Stop> {
        let Some(reader) = reader_for(file.format) else { return Ok(()) };
        let Reading { remembered, old_keys, is_first, begun } = reading;
        let mut renamed = Vec::new();
        let DatabaseChanges { input, written, kept, put_together, notice, .. } = changes;
        tracing::debug!("{}: {put_together} items put together, {} changed", file.file.path.display(), written.len());
        self.put_together += put_together;
        let mut placed = Placed { written: &written, base: remembered.next, places: vec![None; written.len()] };
        let (problems, base) = (entry.problems.len(), placed.base);
        let mut end = base;
        let mut input = CorpusInput::Compressed(Box::new(input), None);
        let (read, stop) = read_each(reader, &mut input, &mut entry, &mut |entry, mut record, read_up_to| {
            if let Some(old) = placed.place(&mut record).and_then(|item| old_keys.get(&item)) {
                renamed.extend(record.keys.first().filter(|now| *now != old).map(|now| (old.clone(), now.clone())));
            }
            end.0 = end.0.max(record.span.end);
            self.add(record, read_up_to, entry, *is_first, on_progress)?;
            Ok(ControlFlow::Continue(()))
        });
        renamed.into_iter().for_each(|(old, now)| entry.rename(old, &now));
        for problem in entry.problems.iter_mut().skip(problems).filter(|problem| problem.line != 0) {
            problem.line = problem.line.saturating_add(base.1);
        }
        // There is a line for each item, and one before and after them.
        end = (
            end.0.saturating_add(2),
            base.1.saturating_add(u32::try_from(written.len()).unwrap_or(u32::MAX)).saturating_add(2),
        );
        let still = kept.iter().filter_map(|mark| Some(KnownItem { mark: *mark, ..*remembered.of(mark.item)? }));
        let mut items: Vec<KnownItem> = still.chain(placed.items()).collect();
        items.sort_unstable_by_key(|item| item.mark.item);
        let known = KnownItems { items, next: end };
        let kept = read.and_then(|()| known.keep(self.writer.index(), &file.file.path));
        match kept {
            Ok(token) => entry.content_hash = file.selection.digest() + &token,
            Err(error) => super::keep_problem(&mut entry, super::unreadable_problem(&error)),
        }
        entry.second_hand = notice.is_some().then_some(*begun);
        if let Some(notice) = notice {
            let said = Diagnostic { severity: Severity::Information, ..Diagnostic::at_line(0, notice) };
            super::keep_problem(&mut entry, said);
        }
        entry.complete = stop.is_none();
        self.table.put(entry);
        stop.map_or_else(|| self.done(file, on_progress), Err)
    }
}
