//! The tables, and the raw figures as JSON lines.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::Outcome;
use crate::measure::{Machine, Sample, Samples, median};
use crate::workload::KINDS;

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Server {
    Ibid,
    Echo,
}

/// A figure with all that it was measured by.
#[derive(Debug, Serialize)]
struct Row {
    papers: u64,
    run: u32,
    server: Server,
    #[serde(flatten)]
    sample: Sample,
}

/// All figures so far.
pub struct Report {
    folder: PathBuf,
    machine: Machine,
    raw: File,
    rows: Vec<Row>,
    sizes: Vec<u64>,
}

impl Report {
    /// Begins a report in a folder.
    pub fn begin(folder: &Path, machine: Machine) -> Outcome<Report> {
        std::fs::create_dir_all(folder)?;
        let mut raw = File::create(folder.join("report.jsonl"))?;
        writeln!(raw, "{}", serde_json::json!({ "machine": machine }))?;
        Ok(Report { folder: folder.to_owned(), machine, raw, rows: Vec::new(), sizes: Vec::new() })
    }

    /// Takes the figures of a run and writes them down at once.
    pub fn add(&mut self, papers: u64, run: u32, server: Server, samples: Samples) -> Outcome<()> {
        if !self.sizes.contains(&papers) {
            self.sizes.push(papers);
        }
        for sample in samples.0 {
            let row = Row { papers, run, server, sample };
            writeln!(self.raw, "{}", serde_json::to_string(&row)?)?;
            self.rows.push(row);
        }
        Ok(())
    }

    /// Writes the tables into the folder and gives them.
    pub fn finish(&self) -> Outcome<String> {
        let mut text = self.heading();
        text.push_str(&self.by_size("Indexing", &INDEXING));
        text.push_str(&self.by_size("Starts, bursts and memory", &SERVING));
        for papers in &self.sizes {
            text.push_str(&self.requests(*papers));
        }
        let path = self.folder.join("report.md");
        std::fs::write(&path, &text)?;
        let _ = writeln!(text, "These tables are in {}, the raw figures beside them in report.jsonl.", path.display());
        Ok(text)
    }

    fn heading(&self) -> String {
        let machine = &self.machine;
        let mut text = format!("# ibid {} from end to end\n\n{}", machine.version, machine.system);
        if let Some(processor) = &machine.processor {
            let _ = write!(text, ", {processor}");
        }
        let _ = write!(text, ", {} cores", machine.cores);
        if let Some(memory) = machine.memory_gb {
            let _ = write!(text, ", {memory:.0} GB");
        }
        if let Some(load) = machine.load {
            let _ = write!(text, "; load at the start {load}");
        }
        let runs = self.rows.iter().map(|row| row.run).max().unwrap_or(0);
        let _ = write!(text, ".\nMedians of {runs} run{}.\n\n", if runs == 1 { "" } else { "s" });
        for warning in machine.warnings() {
            let _ = writeln!(text, "**Warning: {warning}.**\n");
        }
        text
    }

    /// The median of the runs.
    fn value(&self, papers: u64, server: Server, key: Key) -> Option<f64> {
        let (section, what, measure) = key;
        let is_meant = |row: &&Row| {
            row.papers == papers
                && row.server == server
                && (row.sample.section, row.sample.what.as_str(), row.sample.measure) == (section, what, measure)
        };
        let values: Vec<f64> = self.rows.iter().filter(is_meant).map(|row| row.sample.value).collect();
        median(&values)
    }

    /// A table with a column for each size.
    fn by_size(&self, title: &str, lines: &[(&str, Server, Key<'_>)]) -> String {
        let sizes = self.sizes.iter().map(|size| format!("{} papers", grouped(*size))).collect();
        let rows = lines.iter().map(|(name, server, key)| {
            let values = self.sizes.iter().map(|size| shown(self.value(*size, *server, *key)));
            std::iter::once((*name).to_owned()).chain(values).collect()
        });
        table(title, "", sizes, rows)
    }

    /// The table of all requests at one size.
    fn requests(&self, papers: u64) -> String {
        let columns =
            ["n", "p50", "p95", "p99", "max", "bytes", "most", "echo p50", "ratio", "echo p99", "ratio", "right"];
        let kinds = KINDS.iter().map(|kind| ("completion", *kind, *kind));
        let others = [
            ("completion", "all keystrokes", "all keystrokes"),
            ("resolve", "", "resolve"),
            ("hover", "one paper", "hover, one paper"),
            ("hover", "several papers", "hover, several papers"),
            ("hover", "did you mean", "hover, did you mean"),
            ("definition", "", "definition"),
        ];
        let rows = kinds.chain(others).map(|(section, what, name)| {
            let ibid = |measure| self.value(papers, Server::Ibid, (section, what, measure));
            let echo = |measure| self.value(papers, Server::Echo, (section, what, measure));
            let ratio = |measure| shown(ibid(measure).zip(echo(measure)).map(|(ibid, echo)| ibid / echo));
            let right = ibid("right").zip(ibid("judged"));
            let right = right.map_or_else(String::new, |(right, judged)| {
                format!("{} of {}", shown(Some(right)), shown(Some(judged)))
            });
            let mut cells = vec![name.to_owned()];
            let measures = ["count", "p50_ms", "p95_ms", "p99_ms", "max_ms", "bytes", "max_bytes"];
            cells.extend(measures.map(|measure| shown(ibid(measure))));
            cells.extend([shown(echo("p50_ms")), ratio("p50_ms"), shown(echo("p99_ms")), ratio("p99_ms"), right]);
            cells
        });
        let columns = columns.map(str::to_owned).to_vec();
        table(&format!("Requests among {} papers", grouped(papers)), "ms", columns, rows)
    }
}

/// A section, a kind and a figure.
type Key<'a> = (&'a str, &'a str, &'a str);

const INDEXING: [(&str, Server, Key<'static>); 9] = [
    ("seconds", Server::Ibid, ("indexing", "", "seconds")),
    ("records a second", Server::Ibid, ("indexing", "", "records_per_s")),
    ("input, MB", Server::Ibid, ("indexing", "", "input_mb")),
    ("index, MB", Server::Ibid, ("indexing", "", "index_mb")),
    ("index / input", Server::Ibid, ("indexing", "", "index_per_input")),
    ("peak memory with mapped pages, MB", Server::Ibid, ("indexing", "", "peak_rss_mb")),
    ("peak private memory, MB", Server::Ibid, ("indexing", "", "peak_private_mb")),
    ("adding 1,000 records, s", Server::Ibid, ("indexing", "", "add_1000_s")),
    ("peak private memory then, MB", Server::Ibid, ("indexing", "", "add_1000_peak_private_mb")),
];

const SERVING: [(&str, Server, Key<'static>); 27] = [
    ("ready, ms", Server::Ibid, ("ready", "", "p50_ms")),
    ("ready, slowest, ms", Server::Ibid, ("ready", "", "max_ms")),
    ("ready, echo, ms", Server::Echo, ("ready", "", "p50_ms")),
    ("100 keystrokes at once, ms", Server::Ibid, ("burst", "", "p50_ms")),
    ("the same, slowest, ms", Server::Ibid, ("burst", "", "max_ms")),
    ("the same, echo, ms", Server::Echo, ("burst", "", "p50_ms")),
    ("requests in bursts", Server::Ibid, ("burst", "", "sent")),
    ("of them answered, not superseded", Server::Ibid, ("burst", "", "answered")),
    ("bursts", Server::Ibid, ("burst", "", "judged")),
    ("of them with the right end", Server::Ibid, ("burst", "", "right")),
    ("names typed", Server::Ibid, ("names", "", "typed")),
    ("of them listed within 3 characters", Server::Ibid, ("names", "", "within_3")),
    ("characters until listed", Server::Ibid, ("names", "", "characters_p50")),
    ("the same, most", Server::Ibid, ("names", "", "characters_max")),
    ("private memory, MB", Server::Ibid, ("memory", "", "private_mb")),
    ("mapped memory, MB", Server::Ibid, ("memory", "", "mapped_mb")),
    ("private memory, echo, MB", Server::Echo, ("memory", "", "private_mb")),
    ("edits", Server::Ibid, ("edits", "", "count")),
    ("edits a second", Server::Ibid, ("edits", "", "edits_per_s")),
    ("memory they leave taken, MB", Server::Ibid, ("edits", "", "growth_mb")),
    ("second server: ready, ms", Server::Ibid, ("second server", "", "ready_ms")),
    ("second server: private memory, MB", Server::Ibid, ("second server", "", "private_mb")),
    ("second server: mapped memory, MB", Server::Ibid, ("second server", "", "mapped_mb")),
    ("second server: keystroke p50, ms", Server::Ibid, ("second server", "all keystrokes", "p50_ms")),
    ("first server: keystroke p50, ms", Server::Ibid, ("completion", "all keystrokes", "p50_ms")),
    ("second server: keystroke p99, ms", Server::Ibid, ("second server", "all keystrokes", "p99_ms")),
    ("first server: keystroke p99, ms", Server::Ibid, ("completion", "all keystrokes", "p99_ms")),
];

fn table(title: &str, corner: &str, columns: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let header: Vec<String> = std::iter::once(corner.to_owned()).chain(columns).collect();
    let rule = header.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }.to_owned()).collect();
    let lines = [header, rule].into_iter().chain(rows).map(|cells| format!("| {} |\n", cells.join(" | ")));
    format!("## {title}\n\n{}\n", lines.collect::<String>())
}

/// A figure with about three digits.
fn shown(value: Option<f64>) -> String {
    match value {
        None => "not measured".to_owned(),
        Some(value) if value.fract() == 0.0 || value.abs() >= 100.0 => format!("{value:.0}"),
        Some(value) if value.abs() >= 10.0 => format!("{value:.1}"),
        Some(value) if value.abs() >= 0.1 => format!("{value:.2}"),
        Some(value) => format!("{value:.3}"),
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
