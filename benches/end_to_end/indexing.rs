//! Indexing by the built program: a corpus from nothing, and a few papers more.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::Outcome;
use crate::corpus::Papers;
use crate::measure::{Memory, Samples, bytes_below, memory_of};
use crate::workload::Workload;

/// So many papers are added to an index.
const ADDED: u64 = 1_000;

/// The folders of one corpus, below a folder for all of them.
pub struct Workspace {
    pub root: PathBuf,
    pub cache: PathBuf,
    count: u64,
    corpus_bytes: u64,
    added: PathBuf,
}

impl Workspace {
    /// Writes the notes and the configuration, and the corpus where it is not there yet.
    pub fn prepare(folder: &Path, papers: &Papers, count: u64, workload: &Workload) -> Outcome<Workspace> {
        let corpus = papers.file(folder, 0..count)?;
        let added = papers.file(folder, count..count + ADDED)?;
        let root = folder.join(format!("workspace-{count}"));
        remove(&root)?;
        std::fs::create_dir_all(root.join("notes"))?;
        // A root of its own, whatever repository it lies in.
        std::fs::create_dir_all(root.join(".git"))?;
        let config = toml::to_string(&toml::Table::from_iter([(
            "corpus".to_owned(),
            toml::Value::Table(toml::Table::from_iter([(
                "paths".to_owned(),
                toml::Value::Array(vec![corpus.to_string_lossy().into_owned().into()]),
            )])),
        )]))?;
        std::fs::write(root.join("ibid.toml"), config)?;
        std::fs::write(root.join("reading.md"), workload.note(""))?;
        std::fs::write(root.join("doubtful.md"), workload.doubtful.join("\n"))?;
        for (at, lines) in workload.lines.chunks(6).enumerate() {
            std::fs::write(root.join(format!("notes/{at}.md")), lines.join("\n"))?;
        }
        let corpus_bytes = std::fs::metadata(&corpus)?.len();
        Ok(Workspace { root, cache: folder.join(format!("cache-{count}")), count, corpus_bytes, added })
    }

    /// Indexes the corpus from nothing.
    pub fn index(&self, samples: &mut Samples) -> Outcome<()> {
        remove(&self.cache)?;
        remove(&self.root.join("added.jsonl"))?;
        let indexed = self.run(self.count)?;
        let seconds = indexed.elapsed.as_secs_f64();
        samples.add("indexing", "", "seconds", seconds);
        samples.add("indexing", "", "records_per_s", self.count as f64 / seconds);
        samples.add("indexing", "", "input_mb", self.corpus_bytes as f64 / 1e6);
        samples.add_known("indexing", "", "peak_rss_mb", indexed.memory.map(|it| it.peak));
        samples.add_known("indexing", "", "peak_private_mb", indexed.memory.map(|it| it.private));
        let index_bytes = bytes_below(&self.cache) as f64;
        samples.add("indexing", "", "index_mb", index_bytes / 1e6);
        samples.add("indexing", "", "index_per_input", index_bytes / self.corpus_bytes as f64);
        Ok(())
    }

    /// Adds a file with more papers to the index, and takes it away again.
    pub fn add(&self, samples: &mut Samples) -> Outcome<()> {
        let place = self.root.join("added.jsonl");
        std::fs::copy(&self.added, &place)?;
        let indexed = self.run(self.count + ADDED)?;
        samples.add("indexing", "", "add_1000_s", indexed.elapsed.as_secs_f64());
        samples.add_known("indexing", "", "add_1000_peak_private_mb", indexed.memory.map(|it| it.private));
        remove(&place)
    }

    /// The built program, about to work on the workspace.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
        command.arg("--root").arg(&self.root).current_dir(&self.root).env("IBID_CACHE_DIR", &self.cache);
        command
    }

    fn run(&self, expected: u64) -> Outcome<Indexed> {
        let mut command = self.command();
        command.args(["index", "--json"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let begin = Instant::now();
        let mut child = Killed(command.spawn().map_err(|error| format!("ibid cannot be started: {error}"))?);
        let is_over = AtomicBool::new(false);
        let (status, text, elapsed, memory) = std::thread::scope(|scope| {
            let (process, is_over) = (child.0.id(), &is_over);
            let sampler = scope.spawn(move || watch(process, is_over));
            let mut text = String::new();
            let read = child.0.stdout.take().map_or(Ok(0), |mut output| output.read_to_string(&mut text));
            let status = read.and_then(|_| child.0.wait());
            let elapsed = begin.elapsed();
            is_over.store(true, Ordering::Relaxed);
            (status, text, elapsed, sampler.join().unwrap_or_default())
        });
        let status = status?;
        let report: IndexReport = serde_json::from_str(&text)
            .map_err(|error| format!("`ibid index` ended with {status} and did not say what it read: {error}"))?;
        if report.records != expected {
            return Err(format!("`ibid index` read {} records of {expected} ({status})", report.records).into());
        }
        Ok(Indexed { elapsed, memory })
    }
}

struct Indexed {
    elapsed: Duration,
    memory: Option<Memory>,
}

#[derive(Deserialize)]
struct IndexReport {
    records: u64,
}

/// A process that does not outlive this.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The most memory that a process takes until it is over.
fn watch(process: u32, is_over: &AtomicBool) -> Option<Memory> {
    let mut most: Option<Memory> = None;
    while !is_over.load(Ordering::Relaxed) {
        if let Some(now) = memory_of(process) {
            let most = most.get_or_insert(now);
            most.private = most.private.max(now.private);
            most.mapped = most.mapped.max(now.mapped);
            most.peak = most.peak.max(now.peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    most
}

/// Removes a file or folder that may not be there.
fn remove(path: &Path) -> Outcome<()> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{} cannot be removed: {error}", path.display()).into())
        }
        _ => Ok(()),
    }
}
