//! `ibid push`: fills the search engine of a group from corpus files, straight from them: nothing is kept on this disk but how
//! far it came.

mod checkpoint;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;

use super::interrupt::interruptible;
use super::output::{Output, counted, grouped, warn};
use super::session::{config_file_of, root_of};
use super::{Outcome, Place, Stop};
use crate::config::{Settings, Sources, load, user_file};
use crate::corpus::{CorpusFile, Discovery, ReadEvent, Roots, discover, open_input_with_progress, reader_for};
use crate::features::export::{CitedRecord, csl_json_line};
use crate::files::Resolve;
use crate::paper::Record;
use crate::remote::{Failure, Layout, MAX_BULK_BYTES, Pusher, Sent};
use checkpoint::Checkpoint;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files and folders to read papers from, in any format ibid reads
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The index [default: that of `remote.index`]
    #[arg(long, value_name = "NAME")]
    index: Option<String>,
    /// How many shards a new index has
    #[arg(long, default_value_t = 1, value_name = "N")]
    shards: u32,
    /// How many further copies of each shard a new index has
    #[arg(long, default_value_t = 0, value_name = "N")]
    replicas: u32,
    /// How many requests are on their way at once
    #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    connections: u32,
    /// Send again what was sent before
    #[arg(long)]
    again: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// So many records go from the reader to a sender at once.
const BATCH: usize = 500;

/// How often it is said how far it came, and written down.
const SAY_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, Default, Serialize)]
struct Report {
    index: String,
    records: u64,
    refused: u64,
    /// Records that were sent by an earlier push.
    skipped: u64,
    problems: u64,
    waits: u64,
    seconds: f64,
    records_per_second: u64,
}

/// Records of one file on their way.
struct Batch {
    /// Number of the file.
    file: usize,
    /// Number of the batch within the file, and of the file's records up to its end.
    number: u64,
    up_to: u64,
    records: Vec<Record>,
}

/// What became of a batch.
struct Done {
    file: usize,
    number: u64,
    up_to: u64,
    records: u64,
    sent: Result<Sent, Failure>,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let mut settings = settings(place)?;
    if let Some(index) = &arguments.index {
        settings.remote.index.value = vec![index.clone()];
    }
    let pusher =
        Pusher::new(&settings.remote).map_err(|reason| Stop::Cannot(format!("nothing was pushed: {reason}")))?;
    let files = files(&arguments.paths)?;
    let layout = Layout { shards: arguments.shards.max(1), replicas: arguments.replicas };
    let created = pusher.create(layout).map_err(|failure| cannot(&pusher, &failure))?;
    warn(&format!(
        "{} on {} at {}: index {} {}",
        counted(files.len() as u64, "file"),
        pusher.probe(),
        pusher.engine().name(),
        pusher.index(),
        if created { "was created" } else { "is there" }
    ));
    let mut checkpoint = Checkpoint::open(pusher.engine().settings(), pusher.index());
    if arguments.again || created {
        checkpoint.forget();
    }
    let begun = Instant::now();
    let connections = usize::try_from(arguments.connections).unwrap_or(1);
    let mut push = Push { checkpoint, report: Report::default(), failed: None, begun, said: begun };
    let is_whole = interruptible(|go_on| push.files(&files, &pusher, connections, go_on))?;
    push.checkpoint.save();
    let Push { mut report, failed, .. } = push;
    pusher.index().clone_into(&mut report.index);
    report.seconds = (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    report.records_per_second = rate(report.records, begun.elapsed());
    if let Some(failure) = failed {
        let state = counted(report.records, "record");
        let Stop::Cannot(reason) = cannot(&pusher, &failure) else { return Ok(Outcome::FoundProblems) };
        return Err(Stop::Cannot(format!("{reason}; {state} were sent, run it again to go on")));
    }
    if !is_whole {
        let records = counted(report.records, "record");
        return Err(Stop::Interrupted(format!("stopped with {records} sent; run it again to go on")));
    }
    pusher.finish().map_err(|failure| cannot(&pusher, &failure))?;
    if arguments.json {
        output.json(&report)?;
    } else {
        let mut parts = vec![
            counted(report.records, "record"),
            format!("{:.2} s", report.seconds),
            format!("{} a second", grouped(report.records_per_second)),
            counted(report.problems, "problem"),
        ];
        for (number, what) in [(report.skipped, "sent before"), (report.refused, "refused")] {
            parts.extend((number > 0).then(|| format!("{} {what}", grouped(number))));
        }
        output.line(parts.join(", "))?;
    }
    Ok(Outcome::fine_unless(report.refused > 0))
}

fn cannot(pusher: &Pusher, failure: &Failure) -> Stop {
    Stop::Cannot(format!("the engine at {} {failure}", pusher.engine().name()))
}

fn rate(records: u64, time: Duration) -> u64 {
    let thousandths = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    records.saturating_mul(1000) / thousandths
}

fn settings(place: &Place) -> Result<Settings, Stop> {
    let root = root_of(place)?;
    let config_file = config_file_of(place, &root)?;
    let user_file = user_file();
    let (settings, problems) = load(&Sources {
        root: &root,
        config_file: place.config.as_ref().and(config_file.as_deref()),
        user_file: user_file.as_deref(),
        editor: &serde_json::Value::Null,
        zotero: &[],
    });
    problems.iter().for_each(|problem| warn(&problem.to_string()));
    Ok(settings)
}

fn files(paths: &[PathBuf]) -> Result<Vec<CorpusFile>, Stop> {
    let mut explicit = Vec::new();
    for path in paths {
        let there = path.resolved();
        explicit.push(there.map_err(|error| {
            Stop::Cannot(format!("{}: {error}; give a file or folder that exists", path.display()))
        })?);
    }
    let Discovery { files, problems, .. } = discover(&Roots { workspace: Vec::new(), explicit });
    problems.iter().for_each(|problem| warn(&problem.to_string()));
    if files.is_empty() {
        return Err(Stop::Cannot("no corpus file is there; give a file in a format that ibid reads".to_owned()));
    }
    Ok(files)
}

struct Push {
    checkpoint: Checkpoint,
    report: Report,
    /// Why the engine takes no more.
    failed: Option<Failure>,
    begun: Instant,
    said: Instant,
}

impl Push {
    /// Reads the files one after the other, while their records are sent. False where the user has stopped it.
    fn files(
        &mut self,
        files: &[CorpusFile],
        pusher: &Pusher,
        connections: usize,
        go_on: &dyn Fn() -> bool,
    ) -> Result<bool, Stop> {
        let (batches, waiting) = sync_channel::<Batch>(connections);
        let (tell, done) = channel::<Done>();
        let waiting = Mutex::new(waiting);
        let is_stopped = std::sync::atomic::AtomicBool::new(false);
        let (waiting, is_stopped) = (&waiting, &is_stopped);
        std::thread::scope(|scope| {
            for _ in 0..connections {
                let tell = tell.clone();
                scope.spawn(move || send_all(pusher, waiting, &tell, is_stopped));
            }
            drop(tell);
            let mut is_whole = true;
            for (number, file) in files.iter().enumerate() {
                is_whole = self.file(number, file, &batches, &done, go_on)?;
                if !is_whole || self.failed.is_some() {
                    is_stopped.store(true, std::sync::atomic::Ordering::Relaxed);
                    break;
                }
            }
            drop(batches);
            while let Ok(done) = done.recv() {
                self.take(done);
                if !go_on() {
                    is_stopped.store(true, std::sync::atomic::Ordering::Relaxed);
                    is_whole = false;
                }
            }
            self.checkpoint.all_are_read(is_whole && self.failed.is_none());
            Ok(is_whole)
        })
    }

    /// Reads one file. False where the user has stopped it.
    fn file(
        &mut self,
        number: usize,
        file: &CorpusFile,
        batches: &SyncSender<Batch>,
        done: &Receiver<Done>,
        go_on: &dyn Fn() -> bool,
    ) -> Result<bool, Stop> {
        let path = &file.file.real_path;
        let known = self.checkpoint.begin(number, path, file.file.stamp);
        if known.is_whole {
            self.report.skipped += known.records;
            return Ok(true);
        }
        let cannot = |error: std::io::Error| Stop::Cannot(format!("{}: {error}", path.display()));
        let (mut input, _) = open_input_with_progress(path, &file.selection).map_err(cannot)?;
        let Some(reader) = reader_for(file.format) else { return Ok(true) };
        let (mut read, mut sequence, mut is_whole) = (0_u64, 0_u64, true);
        let mut records = Vec::with_capacity(BATCH);
        let outcome = reader.read(&mut input, &mut |event| {
            let record = match event {
                ReadEvent::Record(record) => record,
                ReadEvent::Diagnostic(_) => {
                    self.report.problems += 1;
                    return ControlFlow::Continue(());
                }
            };
            read += 1;
            if read <= known.records {
                self.report.skipped += 1;
                return ControlFlow::Continue(());
            }
            if record.title.is_empty() || record.only_in_notices {
                return ControlFlow::Continue(());
            }
            records.push(*record);
            if records.len() < BATCH {
                return ControlFlow::Continue(());
            }
            let records = std::mem::replace(&mut records, Vec::with_capacity(BATCH));
            let is_sent = batches.send(Batch { file: number, number: sequence, up_to: read, records }).is_ok();
            sequence += 1;
            done.try_iter().for_each(|done| self.take(done));
            is_whole = go_on();
            if is_sent && is_whole && self.failed.is_none() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        outcome.map_err(cannot)?;
        if is_whole && self.failed.is_none() {
            let last = Batch { file: number, number: sequence, up_to: read, records };
            if batches.send(last).is_ok() {
                self.checkpoint.is_read(number, sequence);
            }
        }
        Ok(is_whole)
    }

    /// Counts what became of a batch, writes it down and says it.
    fn take(&mut self, done: Done) {
        match done.sent {
            Ok(sent) => {
                self.report.records += done.records - sent.refused;
                self.report.refused += sent.refused;
                self.report.waits += sent.waits;
                if let Some(reason) = sent.reason
                    && self.report.refused == sent.refused
                {
                    warn(&format!("the engine refuses a record: {reason}"));
                }
                self.checkpoint.sent(done.file, done.number, done.up_to);
            }
            Err(failure) => {
                self.failed.get_or_insert(failure);
            }
        }
        if self.said.elapsed() >= SAY_EVERY {
            self.said = Instant::now();
            self.checkpoint.save();
            let rate = grouped(rate(self.report.records, self.begun.elapsed()));
            warn(&format!("{} sent, {rate} a second", counted(self.report.records, "record")));
        }
    }
}

/// Sends batches until there are no more.
fn send_all(
    pusher: &Pusher,
    waiting: &Mutex<Receiver<Batch>>,
    tell: &Sender<Done>,
    is_stopped: &std::sync::atomic::AtomicBool,
) {
    let go_on = || !is_stopped.load(std::sync::atomic::Ordering::Relaxed);
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Batch { file, number, up_to, records }) = next else { return };
        let count = records.len() as u64;
        let sent = if go_on() { send(pusher, records, &go_on) } else { Err(Failure::Busy(None)) };
        let has_failed = sent.is_err();
        if tell.send(Done { file, number, up_to, records: count, sent }).is_err() || has_failed {
            is_stopped.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

/// Sends the records of a batch in bulks that the engine takes.
fn send(pusher: &Pusher, records: Vec<Record>, go_on: &dyn Fn() -> bool) -> Result<Sent, Failure> {
    let mut all = Sent::default();
    let mut bulk = Vec::new();
    let mut flush = |bulk: &mut Vec<u8>| -> Result<(), Failure> {
        if !bulk.is_empty() {
            let sent = pusher.send(std::mem::take(bulk), go_on)?;
            all.refused += sent.refused;
            all.waits += sent.waits;
            all.reason = all.reason.take().or(sent.reason);
        }
        Ok(())
    };
    for record in records {
        let cited = CitedRecord::from(record);
        let line = csl_json_line(&cited);
        pusher.add(&cited.record, &line, &mut bulk);
        if bulk.len() >= MAX_BULK_BYTES {
            flush(&mut bulk)?;
        }
    }
    flush(&mut bulk)?;
    Ok(all)
}
