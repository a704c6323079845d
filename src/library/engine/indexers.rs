//! Threads that turn records into segments of the index while the corpus is read.
//!
//! Each thread fills a segment of its own and writes it to disk when it has taken the memory it may take.
//! Memory is bounded by the number of threads, not by the corpus: who reads faster than the threads
//! index waits for them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tantivy::index::SegmentMeta;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{Index, IndexWriter, Segment, TantivyError};

use crate::library::data::record::StoredRecord;
use crate::library::engine::compression::{Dictionaries, Samples};
use crate::library::engine::index_document::IndexDocument;
use crate::library::engine::interner::small;
use crate::library::engine::plain::{OwnWay, is_plain};
use crate::library::engine::record_codec::written_head;
use crate::library::engine::schema::Fields;
use crate::library::engine::segment::SegmentBuilder;
use crate::paper::Record;

/// What indexing may take of the machine.
#[derive(Debug, Clone, Copy)]
pub(in crate::library) struct Effort {
    /// Threads that index, besides the one that reads.
    pub threads: usize,
    /// Memory of one thread for the segment it builds, in bytes.
    pub memory: usize,
    /// Records handed over at once.
    pub batch: usize,
    /// How many of the first records of an empty index train dictionaries; none where it is not worth the time.
    pub samples: usize,
}

impl Effort {
    /// What suits the machine and the number of bytes of text to read, which need not be exact.
    pub fn for_bytes(bytes: u64) -> Effort {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = cores.clamp(1, MAX_THREADS);
        let samples = if bytes >= MIN_TRAINING_BYTES { MAX_SAMPLES } else { 0 };
        Effort { threads, memory: MAX_MEMORY / threads, batch: 64, samples }
    }
}

/// More threads than this wait for the disk and the reader.
const MAX_THREADS: usize = 4;

/// Memory of all threads together, in bytes.
const MAX_MEMORY: usize = 128 << 20;

/// A corpus of so many bytes of text is worth dictionaries of its own.
const MIN_TRAINING_BYTES: u64 = 64 << 20;

/// So many records tell what the others are made of, at most.
const MAX_SAMPLES: usize = 3072;

/// Records that train dictionaries are no more than take this many bytes of the corpus.
const MAX_SAMPLE_BYTES: u64 = 8 << 20;

/// A batch is handed over early when its records take this many bytes of the corpus.
const BATCH_BYTES: u64 = 256 << 10;

/// Batches that wait to be taken up, for each thread.
const WAITING: usize = 2;

/// Records with the numbers of their files.
type Batch = Vec<(u32, Record)>;

/// The threads, started as they are needed.
pub(in crate::library) struct Indexers {
    index: Index,
    fields: Fields,
    effort: Effort,
    /// What records are packed with, once that is settled.
    dictionaries: Option<Dictionaries>,
    pending: Batch,
    pending_bytes: u64,
    pool: Option<Pool>,
}

/// The threads at work on the segments of one commit.
struct Pool {
    jobs: SyncSender<Batch>,
    waiting: Arc<Mutex<Receiver<Batch>>>,
    finished: Receiver<SegmentMeta>,
    hand_in: Sender<SegmentMeta>,
    failed: Arc<AtomicBool>,
    threads: Vec<JoinHandle<tantivy::Result<()>>>,
}

impl Indexers {
    /// Threads for an index; none is started before there is something to do.
    pub fn new(index: Index, fields: Fields, effort: Effort) -> Indexers {
        let is_empty = index.searchable_segment_ids().is_ok_and(|segments| segments.is_empty());
        let settled = (!is_empty || effort.samples == 0).then(Dictionaries::built_in);
        let dictionaries = Dictionaries::of(&index).or(settled);
        Indexers { index, fields, effort, dictionaries, pending: Vec::new(), pending_bytes: 0, pool: None }
    }

    /// Takes a record of a file. Waits where the threads have enough to do. Fails where one of them failed.
    pub fn add(&mut self, writer: &IndexWriter<IndexDocument>, file: u32, record: Record) -> tantivy::Result<()> {
        self.pending_bytes += record.span.end.saturating_sub(record.span.start);
        self.pending.push((file, record));
        let (most, most_bytes) = match self.dictionaries {
            Some(_) => (self.effort.batch, BATCH_BYTES),
            None => (self.effort.samples, MAX_SAMPLE_BYTES),
        };
        if self.pending.len() >= most || self.pending_bytes >= most_bytes {
            self.submit(writer)?;
        }
        Ok(())
    }

    /// Waits until all records are in segments that the next commit will show.
    pub fn finish(&mut self, writer: &IndexWriter<IndexDocument>) -> tantivy::Result<()> {
        if !self.pending.is_empty() {
            self.submit(writer)?;
        }
        let Some(pool) = self.pool.take() else { return Ok(()) };
        drop((pool.jobs, pool.hand_in));
        // The segments come in until the last thread is done.
        for segment in &pool.finished {
            writer.add_segment(segment)?;
        }
        for thread in pool.threads {
            thread.join().map_err(|_| TantivyError::ErrorInThread("an indexing thread panicked".to_owned()))??;
        }
        Ok(())
    }

    /// Hands over what is pending; what trained the dictionaries is many batches.
    fn submit(&mut self, writer: &IndexWriter<IndexDocument>) -> tantivy::Result<()> {
        self.pending_bytes = 0;
        let mut pending = std::mem::take(&mut self.pending);
        let dictionaries = match self.dictionaries {
            Some(ref dictionaries) => dictionaries.clone(),
            None => self.dictionaries.insert(train(&pending, &self.index)?).clone(),
        };
        while pending.len() > self.effort.batch {
            let rest = pending.split_off(self.effort.batch);
            self.hand_over_batch(writer, std::mem::replace(&mut pending, rest), &dictionaries)?;
        }
        self.hand_over_batch(writer, pending, &dictionaries)
    }

    fn hand_over_batch(
        &mut self,
        writer: &IndexWriter<IndexDocument>,
        batch: Batch,
        dictionaries: &Dictionaries,
    ) -> tantivy::Result<()> {
        let pool = self.pool.get_or_insert_with(|| Pool::new(self.effort));
        for segment in pool.finished.try_iter() {
            writer.add_segment(segment)?;
        }
        if pool.failed.load(Ordering::Relaxed) {
            // Nothing is lost by dropping the batch: nothing of this update will be committed.
            return self.finish(writer);
        }
        // Little work is done by one thread in one segment; another one starts where the first is behind.
        let batch = if pool.threads.is_empty() {
            batch
        } else {
            match pool.jobs.try_send(batch) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) => batch,
            }
        };
        if pool.threads.len() < self.effort.threads {
            let thread = pool.thread(self.index.clone(), self.fields, self.effort.memory, dictionaries.clone());
            let thread = std::thread::Builder::new().name("indexer".to_owned()).spawn(thread)?;
            pool.threads.push(thread);
        }
        // The pool holds the other end itself, so that sending cannot fail.
        let _ = pool.jobs.send(batch);
        Ok(())
    }
}

impl Pool {
    fn new(effort: Effort) -> Pool {
        let (jobs, waiting) = sync_channel(WAITING * effort.threads);
        let (hand_in, finished) = channel();
        let failed = Arc::new(AtomicBool::new(false));
        Pool { jobs, waiting: Arc::new(Mutex::new(waiting)), finished, hand_in, failed, threads: Vec::new() }
    }

    /// What a thread does: it indexes until there are no more jobs.
    fn thread(
        &self,
        index: Index,
        fields: Fields,
        memory: usize,
        dictionaries: Dictionaries,
    ) -> impl FnOnce() -> tantivy::Result<()> + use<> {
        let (waiting, hand_in, failed) = (self.waiting.clone(), self.hand_in.clone(), self.failed.clone());
        move || {
            let mut segments = Segments { index, fields, memory, dictionaries, building: None, hand_in };
            // After a failure the jobs are taken all the same, so that nobody waits for ever.
            let mut outcome = Ok(());
            loop {
                let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = job else { break };
                if outcome.is_ok() {
                    outcome = segments.index(job);
                    failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
                }
            }
            outcome?;
            segments.write()
        }
    }
}

/// Trains dictionaries with records.
fn train(records: &[(u32, Record)], index: &Index) -> tantivy::Result<Dictionaries> {
    let (mut heads, mut abstracts) = (Samples::default(), Samples::default());
    for (file, record) in records {
        heads.add(&written_head(*file, record, &[]));
        abstracts.add(record.abstract_text.as_deref().unwrap_or_default().as_bytes());
    }
    Ok(Dictionaries::train(&heads, &abstracts, index)?)
}

/// The segments of one thread, one after the other.
struct Segments {
    index: Index,
    fields: Fields,
    /// Memory that one may take, in bytes.
    memory: usize,
    dictionaries: Dictionaries,
    building: Option<Building>,
    hand_in: Sender<SegmentMeta>,
}

impl Segments {
    fn index(&mut self, batch: Batch) -> tantivy::Result<()> {
        let fields = self.fields;
        for (file, record) in batch {
            let entry = IndexDocument::new(fields, &StoredRecord::new(file, record), &self.dictionaries);
            let building = match self.building {
                Some(ref mut building) => building,
                None => self.building.insert(Building::new(&self.index, fields, self.memory)?),
            };
            if building.add(entry)? >= self.memory {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Writes the segment that is being built to disk and hands it in.
    fn write(&mut self) -> tantivy::Result<()> {
        let Some(segment) = self.building.take() else { return Ok(()) };
        let meta = segment.write()?;
        // Nobody takes it where the update has failed already.
        let _ = self.hand_in.send(meta);
        Ok(())
    }
}

/// A segment that is being built.
enum Building {
    /// By our own writer.
    Own(Box<SegmentBuilder>),
    /// By tantivy's, which has taken so many documents.
    Plain(Segment, Box<SegmentWriter>, usize),
}

impl Building {
    /// An empty segment that takes so much memory, in bytes.
    fn new(index: &Index, fields: Fields, memory: usize) -> tantivy::Result<Building> {
        let segment = index.new_segment();
        if is_plain(OwnWay::SegmentWriter) {
            let writer = SegmentWriter::for_segment(memory, segment.clone())?;
            return Ok(Building::Plain(segment, Box::new(writer), 0));
        }
        Ok(Building::Own(Box::new(SegmentBuilder::new(segment, fields))))
    }

    /// Takes up a document; the memory taken so far, in bytes.
    fn add(&mut self, document: IndexDocument) -> tantivy::Result<usize> {
        match self {
            Building::Own(builder) => {
                builder.add(&document);
                Ok(builder.memory())
            }
            Building::Plain(_, writer, documents) => {
                writer.add_document(AddOperation { opstamp: 0, document })?;
                *documents += 1;
                Ok(writer.mem_usage())
            }
        }
    }

    /// Writes the segment to disk.
    fn write(self) -> tantivy::Result<SegmentMeta> {
        match self {
            Building::Own(builder) => builder.write(),
            Building::Plain(segment, writer, documents) => {
                writer.finalize()?;
                let meta = segment.with_max_doc(small(documents)).meta().clone();
                meta.untrack_temp_docstore();
                Ok(meta)
            }
        }
    }
}
