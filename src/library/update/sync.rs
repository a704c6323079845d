//! Bringing the index up to date with the corpus files: by file, only what changed, safe to kill.

mod database;

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tantivy::directory::error::LockError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexWriter, TantivyError, Term};

use crate::corpus::{
    Compression, Consumed, CorpusFile, CorpusText, Format, Input, ReadEvent, Reader, TextInput,
    open_input_with_progress, reader_for,
};
use crate::diagnostic::Diagnostic;
use crate::library::data::file_table::{FileEntry, FileTable, KEPT_PROBLEMS};
use crate::library::data::progress::{OnProgress, SyncProgress, SyncStage};
use crate::library::engine::guard::{guarded, merges_panicked};
use crate::library::engine::index_document::IndexDocument;
use crate::library::engine::indexers::{Effort, Indexers};
use crate::library::engine::merging::{AT_REST, FewSegments, MERGE_THREADS, MergeWatch, WHILE_READING};
use crate::library::engine::schema::Fields;
use crate::library::update::content_hash::{HashedFile, content_hash};
use crate::library::update::diff::IndexedRecords;
use crate::library::update::library::Library;
use crate::paper::Record;

/// On a long first reading, what was read so far is made visible to readers after this time, and again
/// whenever twice the time has passed: looking early costs least then.
const VISIBLE_AFTER: Duration = Duration::from_secs(2);

/// How long to wait between tries while another process writes the index.
const LOCK_RETRY: Duration = Duration::from_millis(100);

/// Progress is reported once in this many records.
const PROGRESS_EVERY: u64 = 256;

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Corpus files that were read.
    pub read: usize,
    /// Corpus files whose records were taken out.
    pub removed: usize,
    /// The work it took.
    pub work: SyncWork,
    /// True where the caller asked to stop before the end.
    pub cancelled: bool,
    /// Why the papers could not be brought up to date, neither on disk nor in memory; `None` where they were.
    pub failed: Option<String>,
}

/// What had to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncWork {
    /// Records that were parsed.
    pub records: u64,
    /// Entries of databases that were put together from their rows.
    pub put_together: usize,
}

impl SyncReport {
    /// Whether the index is other than before.
    pub fn changed(&self) -> bool {
        self.read + self.removed > 0
    }
}

/// Why an update ended.
#[derive(Debug)]
enum Stop {
    Cancelled,
    /// The index cannot be written: words for the user.
    Index(String),
    /// The index is not to be trusted.
    Damaged(String),
}

impl From<TantivyError> for Stop {
    fn from(error: TantivyError) -> Stop {
        match error {
            // What reads a segment in a thread trusts its bytes and panics over them.
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::ErrorInThread(_)
            | TantivyError::Poisoned => Stop::Damaged(error.to_string()),
            other => Stop::Index(other.to_string()),
        }
    }
}

impl Library {
    /// Brings the index up to date with exactly these corpus files. Files that look as
    /// they did are not opened. `keep` tells for a file that is no longer listed whether its records
    /// stay (its disk may be away for a while). Readers see the old state until the new one is
    /// complete; on a long first reading they see what is there so far.
    ///
    /// Where the disk cannot be written the index moves to memory; where the index is damaged it is
    /// built anew. One update runs at a time in one process; other processes are waited for.
    pub fn sync(
        &self,
        corpus: &[CorpusFile],
        keep: &dyn Fn(&Path) -> bool,
        on_progress: &mut OnProgress<'_>,
    ) -> SyncReport {
        self.sync_with(corpus, keep, on_progress, &Effort::for_bytes)
    }

    /// As [`Library::sync`], with a say in what indexing about so many bytes of text may take of the machine.
    pub(in crate::library) fn sync_with(
        &self,
        corpus: &[CorpusFile],
        keep: &dyn Fn(&Path) -> bool,
        on_progress: &mut OnProgress<'_>,
        effort: &dyn Fn(u64) -> Effort,
    ) -> SyncReport {
        self.mend();
        // Each way out of trouble is tried once: a damaged index anew, then memory.
        let mut failed = None;
        for _ in 0..3 {
            let mut report = SyncReport::default();
            let tried = guarded(|| self.try_sync(corpus, keep, on_progress, effort, &mut report));
            match tried.unwrap_or_else(|panic| Err(Stop::Damaged(panic))) {
                Ok(()) => match self.damage() {
                    None => {
                        self.seal();
                        return report;
                    }
                    Some(reason) => {
                        failed = Some(reason);
                        self.mend();
                    }
                },
                Err(Stop::Cancelled) => {
                    report.cancelled = true;
                    self.take_up();
                    return report;
                }
                Err(Stop::Damaged(reason)) => {
                    self.start_anew(&reason);
                    failed = Some(reason);
                }
                Err(Stop::Index(reason)) => {
                    let place = self.path().map_or_else(|| "the cache".to_owned(), |path| path.display().to_string());
                    self.move_to_memory(format!("{place} cannot be written: {reason}"));
                    failed = Some(reason);
                }
            }
        }
        self.take_up();
        tracing::error!("the papers cannot be brought up to date: {}", failed.as_deref().unwrap_or_default());
        SyncReport { failed, ..SyncReport::default() }
    }

    fn try_sync(
        &self,
        corpus: &[CorpusFile],
        keep: &dyn Fn(&Path) -> bool,
        on_progress: &mut OnProgress<'_>,
        effort: &dyn Fn(u64) -> Effort,
        report: &mut SyncReport,
    ) -> Result<(), Stop> {
        // Who asked to stop while segments were merged left more of them than there should be.
        let is_in_order = || self.snapshot().index.searcher.segment_readers().len() <= AT_REST;
        if !Plan::new(self.snapshot().files(), corpus, keep).has_work() && is_in_order() {
            return Ok(());
        }
        let writer = self.lock_writer(on_progress)?;
        // Another process may have done the work while this one waited for the lock.
        self.reload();
        if let Some(reason) = self.damage() {
            return Err(Stop::Damaged(reason));
        }
        let table = self.snapshot().files().clone();
        let plan = Plan::new(&table, corpus, keep);
        let fields = self.snapshot().index.fields;
        let bytes = plan.read.iter().map(|file| file.file.stamp.size).sum();
        let text_bytes = plan.read.iter().map(|file| file.text_bytes()).sum();
        writer.set_merge_policy(Box::new(FewSegments { most: WHILE_READING, threads: 1 }));
        let mut update = Update {
            library: self,
            indexers: Indexers::new(writer.index().clone(), fields, effort(text_bytes)),
            writer,
            fields,
            table,
            progress: Tally { files: plan.read.len(), bytes, ..Tally::default() },
            begun: Instant::now(),
            last_visible: Instant::now(),
            visible_after: VISIBLE_AFTER,
            put_together: 0,
        };
        for path in &plan.remove {
            update.remove(path);
            report.removed += 1;
        }
        let mut outcome = Ok(());
        for file in &plan.read {
            outcome = update.read(file, on_progress);
            if outcome.is_err() {
                break;
            }
            report.read += 1;
        }
        report.work = SyncWork { records: update.progress.records, put_together: update.put_together };
        if !matches!(outcome, Ok(()) | Err(Stop::Cancelled)) {
            return outcome;
        }
        if outcome.is_err() {
            // Who asked to stop does not wait for much to be merged.
            update.commit()?;
            update.writer.wait_merging_threads()?;
            return outcome;
        }
        let policy = FewSegments { most: AT_REST, threads: MERGE_THREADS };
        update.writer.set_merge_policy(Box::new(policy));
        update.commit()?;
        let Update { writer, progress, .. } = update;
        let folder = self.folder_of(&self.opened());
        let watch = MergeWatch::begin(writer.index(), folder, &policy)?;
        if watch.is_due() {
            // All is there; that asking for it takes longer while it is merged is no reason to keep it back.
            self.take_up();
        }
        let begun = Instant::now();
        let panicked = merges_panicked();
        watch.wait(writer, &mut |bytes| {
            let stage = SyncStage::Merging { bytes };
            on_progress(SyncProgress { stage, records: progress.records, elapsed: begun.elapsed() })
        })?;
        self.take_up();
        if merges_panicked() > panicked {
            Err(Stop::Damaged("segments could not be merged".to_owned()))
        } else {
            Ok(())
        }
    }

    fn lock_writer(&self, on_progress: &mut OnProgress<'_>) -> Result<IndexWriter<IndexDocument>, Stop> {
        // Its own indexing thread stays idle: ours hand in whole segments.
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(MERGE_THREADS).build();
        loop {
            let opened = self.opened();
            match opened.index.writer_with_options(options.clone()) {
                Ok(writer) => return Ok(writer),
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                    let waiting = SyncProgress { stage: SyncStage::Waiting, records: 0, elapsed: Duration::ZERO };
                    if !on_progress(waiting) {
                        return Err(Stop::Cancelled);
                    }
                    std::thread::sleep(LOCK_RETRY);
                    self.take_up();
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// What has to be done.
struct Plan<'a> {
    read: Vec<&'a CorpusFile>,
    remove: Vec<PathBuf>,
}

impl<'a> Plan<'a> {
    fn new(table: &FileTable, corpus: &'a [CorpusFile], keep: &dyn Fn(&Path) -> bool) -> Plan<'a> {
        let unchanged = |file: &CorpusFile| {
            table.by_path(&file.file.path).is_some_and(|entry| {
                entry.complete
                    && !entry.is_second_hand()
                    && file.file.stamp.is_unchanged(&entry.stamp)
                    && entry.format == file.format
                    && (file.format != Format::Zotero || entry.content_hash.starts_with(&file.selection.digest()))
            })
        };
        let read = corpus.iter().filter(|file| file.file.path.to_str().is_some() && !unchanged(file)).collect();
        let listed: rustc_hash::FxHashSet<&Path> = corpus.iter().map(|file| file.file.path.as_path()).collect();
        let gone = |entry: &&FileEntry| !listed.contains(entry.path.as_path()) && !keep(&entry.path);
        let remove = table.files.iter().filter(gone).map(|entry| entry.path.clone()).collect();
        Plan { read, remove }
    }

    fn has_work(&self) -> bool {
        !self.read.is_empty() || !self.remove.is_empty()
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    files: usize,
    files_done: usize,
    bytes: u64,
    bytes_done: u64,
    records: u64,
}

/// An update under way.
struct Update<'a> {
    library: &'a Library,
    writer: IndexWriter<IndexDocument>,
    indexers: Indexers,
    fields: Fields,
    table: FileTable,
    progress: Tally,
    begun: Instant,
    last_visible: Instant,
    visible_after: Duration,
    /// Entries of databases that were put together.
    put_together: usize,
}

impl Update<'_> {
    fn remove(&mut self, path: &Path) {
        self.take_out(path);
        self.table.remove(path);
    }

    /// Takes the records of a file out of the index.
    fn take_out(&self, path: &Path) {
        let Some(entry) = self.table.by_path(path) else { return };
        for id in entry.earlier.iter().map(|reading| reading.id).chain([entry.id]) {
            self.writer.delete_term(Term::from_field_u64(self.fields.file, u64::from(id)));
        }
    }

    /// Reads one file. A file that cannot be read keeps what the index has of it and gets a problem.
    fn read(&mut self, file: &CorpusFile, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        if file.compression == Some(Compression::Database) {
            return self.read_database(file, on_progress);
        }
        let known = self.table.by_path(&file.file.path);
        // A file of another size has changed for sure; the others are hashed before they are read.
        if let Some(known) = known
            .filter(|known| known.complete && known.stamp.size == file.file.stamp.size && known.format == file.format)
        {
            match content_hash(&file.file.path) {
                Ok(hash) if hash == known.content_hash => {
                    // Touched, but not changed.
                    let entry = FileEntry { stamp: file.file.stamp, ..known.clone() };
                    self.table.put(entry);
                    return self.done(file, on_progress);
                }
                Ok(_) => {}
                Err(error) => {
                    self.unreadable(file, &error);
                    return Ok(());
                }
            }
        }
        if self.read_changes(file, on_progress)? {
            return Ok(());
        }
        self.read_anew(file, on_progress)
    }

    /// Reads a known file and gives the index only what changed in it. False where it has to be read anew: nothing
    /// has been given then.
    fn read_changes(&mut self, file: &CorpusFile, on_progress: &mut OnProgress<'_>) -> Result<bool, Stop> {
        let known = self.table.by_path(&file.file.path);
        let known = known.filter(|known| (known.format, known.compression) == (file.format, file.compression));
        let known = known.and_then(|known| IndexedRecords::of(&self.library.snapshot(), known));
        let (Some(mut known), Some(reader)) = (known, reader_for(file.format)) else { return Ok(false) };
        let Ok(mut input) = CorpusInput::open(file) else { return Ok(false) };
        let mut entry = new_entry(self.table.fresh_id(), file);
        let mut changed = Vec::new();
        let records_before = self.progress.records;
        let (read, stop) = read_each(reader, &mut input, &mut entry, &mut |entry, record, read_up_to| {
            if !known.find(&record) {
                changed.push(record);
            }
            self.tick(entry, read_up_to, on_progress)?;
            let is_few = changed.len() <= known.most_changed();
            Ok(if is_few { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        let few = changed.len() <= known.most_changed();
        let hash = read.and_then(|()| if few { input.hash(file) } else { Ok(String::new()) });
        let (true, Ok(hash), Some(compared)) = (few, hash, known.finish()) else {
            self.progress.records = records_before;
            return Ok(false);
        };
        for address in compared.gone {
            self.writer.delete_term(Term::from_field_u64(self.fields.address, address));
        }
        for record in changed {
            self.indexers.add(&self.writer, entry.id, record)?;
        }
        self.table.put(FileEntry { content_hash: hash, earlier: compared.earlier, complete: true, ..entry });
        self.done(file, on_progress)?;
        Ok(true)
    }

    fn read_anew(&mut self, file: &CorpusFile, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        let mut input = match CorpusInput::open(file) {
            Ok(input) => input,
            Err(error) => {
                self.unreadable(file, &error);
                return Ok(());
            }
        };
        let first_reading = self.table.by_path(&file.file.path).is_none();
        self.take_out(&file.file.path);
        let mut entry = new_entry(self.table.fresh_id(), file);
        let Some(reader) = reader_for(file.format) else { return Ok(()) };
        let (read, stop) = read_each(reader, &mut input, &mut entry, &mut |entry, record, read_up_to| {
            self.add(record, read_up_to, entry, first_reading, on_progress)?;
            Ok(ControlFlow::Continue(()))
        });
        let hash = if stop.is_none() { input.hash(file) } else { Ok(String::new()) };
        match read.and(hash) {
            Ok(hash) => entry.content_hash = hash,
            Err(error) => keep_problem(&mut entry, unreadable_problem(&error)),
        }
        entry.complete = stop.is_none();
        self.table.put(entry);
        match stop {
            Some(stop) => Err(stop),
            None => self.done(file, on_progress),
        }
    }

    fn add(
        &mut self,
        record: Record,
        read_up_to: u64,
        entry: &FileEntry,
        first_reading: bool,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<(), Stop> {
        self.indexers.add(&self.writer, entry.id, record)?;
        self.tick(entry, read_up_to, on_progress)?;
        // While a changed file is read again its old records are served, so that nothing flickers;
        // only what was never there before is shown in part.
        if first_reading
            && self.progress.records.is_multiple_of(PROGRESS_EVERY)
            && self.last_visible.elapsed() >= self.visible_after
        {
            self.table.put(entry.clone());
            self.commit()?;
            self.library.take_up();
            self.last_visible = Instant::now();
            self.visible_after *= 2;
        }
        Ok(())
    }

    /// Counts a record after which `read_up_to` bytes of its file are read, and tells about the way now and then.
    fn tick(&mut self, entry: &FileEntry, read_up_to: u64, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        self.progress.records += 1;
        if !self.progress.records.is_multiple_of(PROGRESS_EVERY) {
            return Ok(());
        }
        self.tell(&entry.path, read_up_to.min(entry.stamp.size), on_progress)
    }

    fn done(&mut self, file: &CorpusFile, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        self.progress.files_done += 1;
        self.progress.bytes_done += file.file.stamp.size;
        self.tell(&file.file.path, 0, on_progress)
    }

    /// Tells how far a file is read, in bytes, and those before it.
    fn tell(&self, file: &Path, read_up_to: u64, on_progress: &mut OnProgress<'_>) -> Result<(), Stop> {
        let Tally { files, files_done, bytes, bytes_done, records } = self.progress;
        let stage = SyncStage::Reading { file, files: (files_done, files), bytes: (bytes_done + read_up_to, bytes) };
        let progress = SyncProgress { stage, records, elapsed: self.begun.elapsed() };
        if on_progress(progress) { Ok(()) } else { Err(Stop::Cancelled) }
    }

    fn unreadable(&mut self, file: &CorpusFile, error: &io::Error) {
        tracing::warn!("{}: cannot be read: {error}", file.file.path.display());
        let known = self.table.by_path(&file.file.path).cloned();
        let mut entry = known.unwrap_or_else(|| new_entry(self.table.fresh_id(), file));
        let known = entry.problems.len();
        entry.problems.retain(|problem| problem.line != 0);
        entry.problem_count = entry.problem_count.saturating_sub((known - entry.problems.len()) as u64);
        keep_problem(&mut entry, unreadable_problem(error));
        self.table.put(entry);
        self.progress.files_done += 1;
    }

    /// Makes everything so far durable, the file table with it.
    fn commit(&mut self) -> Result<(), Stop> {
        self.indexers.finish(&self.writer)?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&self.table.to_payload(commit.opstamp()));
        commit.commit()?;
        Ok(())
    }
}

/// A corpus file being read. A plain one is hashed as it is read; one that is compressed is small beside what is
/// in it, and hashed by itself.
enum CorpusInput {
    Plain(Box<TextInput<HashedFile<File>>>),
    Compressed(Box<CorpusText>, Option<Consumed>),
}

impl CorpusInput {
    fn open(file: &CorpusFile) -> io::Result<CorpusInput> {
        let path = &file.file.path;
        if file.compression.is_some() {
            let (input, consumed) = open_input_with_progress(path, &file.selection)?;
            return Ok(Self::Compressed(Box::new(input), consumed));
        }
        let hashed = HashedFile::new(crate::files::open(path)?);
        Ok(Self::Plain(Box::new(TextInput::new(hashed))))
    }

    fn for_reader(&mut self) -> &mut dyn Input {
        match self {
            Self::Plain(input) => &mut **input,
            Self::Compressed(input, _) => &mut **input,
        }
    }

    /// What had to be done to read the file as UTF-8.
    fn problem(&self) -> Option<&Diagnostic> {
        match self {
            Self::Plain(input) => input.problem(),
            Self::Compressed(input, _) => input.problem(),
        }
    }

    /// What tells how much of the file was read, where the places of its records do not.
    fn consumed(&self) -> Option<Consumed> {
        match self {
            Self::Plain(_) => None,
            Self::Compressed(_, consumed) => consumed.clone(),
        }
    }

    /// What tells the content of the file from another.
    fn hash(self, file: &CorpusFile) -> io::Result<String> {
        match self {
            Self::Plain(input) => input.into_inner().finish(),
            Self::Compressed(..) => content_hash(&file.file.path),
        }
    }
}

/// Takes a record, and says whether to go on; fails where the whole update has to stop.
type OnRecord<'a> = dyn FnMut(&FileEntry, Record, u64) -> Result<ControlFlow<()>, Stop> + 'a;

/// Counts the records of a file and keeps its problems. `each` is given every record with the number of bytes of the
/// file that were read up to its end, and answers whether to go on; the reason is given back where it asks to stop.
fn read_each(
    reader: &dyn Reader,
    input: &mut CorpusInput,
    entry: &mut FileEntry,
    each: &mut OnRecord<'_>,
) -> (io::Result<()>, Option<Stop>) {
    let mut stop = None;
    let consumed = input.consumed();
    let read = reader.read(input.for_reader(), &mut |found| match found {
        ReadEvent::Diagnostic(problem) => {
            keep_problem(entry, problem);
            ControlFlow::Continue(())
        }
        ReadEvent::Record(record) => {
            entry.records += 1;
            let read_up_to = consumed.as_ref().map_or(record.span.end, Consumed::bytes);
            each(entry, *record, read_up_to).unwrap_or_else(|reason| {
                stop = Some(reason);
                ControlFlow::Break(())
            })
        }
    });
    if let (Ok(()), None, Some(problem)) = (&read, &stop, input.problem()) {
        keep_problem(entry, problem.clone());
    }
    (read, stop)
}

fn new_entry(id: u32, file: &CorpusFile) -> FileEntry {
    let (compression, stamp) = (file.compression, file.file.stamp);
    FileEntry { compression, stamp, ..FileEntry::new(id, file.file.path.clone(), file.format) }
}

fn keep_problem(entry: &mut FileEntry, problem: Diagnostic) {
    entry.problem_count += 1;
    if entry.problems.len() < KEPT_PROBLEMS {
        entry.problems.push(problem);
    }
}

fn unreadable_problem(error: &io::Error) -> Diagnostic {
    Diagnostic::at_line(0, format!("the file cannot be read to its end: {error}"))
}
