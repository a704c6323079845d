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
use tantivy::{Index, IndexWriter, TantivyError};

use super::entry::Entry;
use super::schema::Fields;
use super::segment::SegmentBuilder;
use super::stored::StoredRecord;
use crate::paper::Record;

/// What indexing may take of the machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Threads that index, besides the one that reads.
    pub threads: usize,
    /// Memory of one thread for the segment it builds, in bytes.
    pub memory: usize,
    /// Records handed over at once.
    pub batch: usize,
}

impl Effort {
    /// What suits the machine and the number of bytes to read.
    pub fn for_bytes(bytes: u64) -> Effort {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = cores.clamp(1, MOST_THREADS);
        let all = std::env::var("IBIDX_MEM").ok().and_then(|it| it.parse::<usize>().ok()).map_or(MOST_MEMORY, |it| it << 20);
        let most = all / threads;
        let wanted = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_mul(2);
        Effort { threads, memory: wanted.clamp(LEAST_MEMORY, most), batch: 64 }
    }
}

/// More threads than this wait for the disk and the reader.
const MOST_THREADS: usize = 4;

/// Memory of all threads together, in bytes.
const MOST_MEMORY: usize = 128 << 20;

/// Memory of a thread that has next to nothing to do, in bytes. An empty segment takes some of it already:
/// with much less, every record would make a segment.
const LEAST_MEMORY: usize = 16 << 20;

/// A batch is handed over early when its records take this many bytes of the corpus.
const BATCH_BYTES: u64 = 256 << 10;

/// Batches that wait to be taken up, for each thread.
const WAITING: usize = 2;

/// Records with the numbers of their files.
type Batch = Vec<(u32, Record)>;

/// The threads, started as they are needed.
pub(super) struct Indexers {
    index: Index,
    fields: Fields,
    effort: Effort,
    pending: Batch,
    pending_bytes: u64,
    crew: Option<Crew>,
}

/// The threads at work on the segments of one commit.
struct Crew {
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
        Indexers { index, fields, effort, pending: Vec::new(), pending_bytes: 0, crew: None }
    }

    /// Takes a record of a file. Waits where the threads have enough to do. Fails where one of them failed.
    pub fn add(&mut self, writer: &IndexWriter<Entry>, file: u32, record: Record) -> tantivy::Result<()> {
        self.pending_bytes += record.span.end.saturating_sub(record.span.start);
        self.pending.push((file, record));
        if self.pending.len() >= self.effort.batch || self.pending_bytes >= BATCH_BYTES {
            self.hand_over(writer)?;
        }
        Ok(())
    }

    /// Waits until all records are in segments that the next commit will show.
    pub fn finish(&mut self, writer: &IndexWriter<Entry>) -> tantivy::Result<()> {
        if !self.pending.is_empty() {
            self.hand_over(writer)?;
        }
        let Some(crew) = self.crew.take() else { return Ok(()) };
        drop((crew.jobs, crew.hand_in));
        // The segments come in until the last thread is done.
        for segment in &crew.finished {
            writer.add_segment(segment)?;
        }
        for thread in crew.threads {
            thread.join().map_err(|_| TantivyError::ErrorInThread("an indexing thread panicked".to_owned()))??;
        }
        Ok(())
    }

    fn hand_over(&mut self, writer: &IndexWriter<Entry>) -> tantivy::Result<()> {
        self.pending_bytes = 0;
        let batch = std::mem::take(&mut self.pending);
        let crew = self.crew.get_or_insert_with(|| Crew::new(self.effort));
        for segment in crew.finished.try_iter() {
            writer.add_segment(segment)?;
        }
        if crew.failed.load(Ordering::Relaxed) {
            // Nothing is lost by dropping the batch: nothing of this update will be committed.
            return self.finish(writer);
        }
        // Little work is done by one thread in one segment; another one starts where the first is behind.
        let batch = if crew.threads.is_empty() {
            batch
        } else {
            match crew.jobs.try_send(batch) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) => batch,
            }
        };
        if crew.threads.len() < self.effort.threads {
            let thread = crew.thread(self.index.clone(), self.fields, self.effort.memory);
            let thread = std::thread::Builder::new().name("indexer".to_owned()).spawn(thread)?;
            crew.threads.push(thread);
        }
        // The crew holds the other end itself, so that sending cannot fail.
        let _ = crew.jobs.send(batch);
        Ok(())
    }
}

impl Crew {
    fn new(effort: Effort) -> Crew {
        let (jobs, waiting) = sync_channel(WAITING * effort.threads);
        let (hand_in, finished) = channel();
        let failed = Arc::new(AtomicBool::new(false));
        Crew { jobs, waiting: Arc::new(Mutex::new(waiting)), finished, hand_in, failed, threads: Vec::new() }
    }

    /// What a thread does: it indexes until there are no more jobs.
    fn thread(&self, index: Index, fields: Fields, memory: usize) -> impl FnOnce() -> tantivy::Result<()> + use<> {
        let (waiting, hand_in, failed) = (self.waiting.clone(), self.hand_in.clone(), self.failed.clone());
        move || {
            let mut segment = None;
            // After a failure the jobs are taken all the same, so that nobody waits for ever.
            let mut outcome = Ok(());
            loop {
                let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = job else { break };
                if outcome.is_ok() {
                    outcome = index_batch(&index, fields, memory, job, &mut segment, &hand_in);
                    failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
                }
            }
            outcome?;
            segment.map_or(Ok(()), |segment| write(segment, &hand_in))
        }
    }
}

fn index_batch(
    index: &Index,
    fields: Fields,
    memory: usize,
    batch: Batch,
    segment: &mut Option<SegmentBuilder>,
    hand_in: &Sender<SegmentMeta>,
) -> tantivy::Result<()> {
    for (file, record) in batch {
        let entry = Entry::new(fields, &StoredRecord::new(file, record));
        let building = segment.get_or_insert_with(|| SegmentBuilder::new(index.new_segment(), fields));
        building.add(&entry);
        if building.memory() >= memory
            && let Some(full) = segment.take()
        {
            write(full, hand_in)?;
        }
    }
    Ok(())
}

/// Writes a segment to disk and hands it in.
fn write(segment: SegmentBuilder, hand_in: &Sender<SegmentMeta>) -> tantivy::Result<()> {
    let meta = segment.write()?;
    // Nobody takes it where the update has failed already.
    let _ = hand_in.send(meta);
    Ok(())
}
