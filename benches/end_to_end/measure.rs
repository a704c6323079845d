//! Figures: of latencies, of the memory of processes, and of the machine.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

/// One figure of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// What is measured, such as `completion`.
    pub section: &'static str,
    /// Which kind of it, such as `one letter`; empty where there is one kind.
    pub what: String,
    /// Which figure, with its unit, such as `p50_ms`.
    pub measure: &'static str,
    pub value: f64,
}

/// The figures of one run.
#[derive(Debug, Default)]
pub struct Samples(pub Vec<Sample>);

impl Samples {
    pub fn add(&mut self, section: &'static str, what: &str, measure: &'static str, value: f64) {
        self.0.push(Sample { section, what: what.to_owned(), measure, value });
    }

    /// Adds a figure where it could be measured.
    pub fn add_known(&mut self, section: &'static str, what: &str, measure: &'static str, value: Option<f64>) {
        if let Some(value) = value {
            self.add(section, what, measure, value);
        }
    }

    /// Adds how long requests took.
    pub fn add_series(&mut self, section: &'static str, what: &str, series: &Series) {
        let mut sorted = series.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        self.add(section, what, "count", sorted.len() as f64);
        for (measure, share) in [("p50_ms", 50), ("p95_ms", 95), ("p99_ms", 99), ("max_ms", 100)] {
            self.add_known(section, what, measure, percentile(&sorted, share));
        }
        let mut bytes = series.bytes.clone();
        bytes.sort_by(f64::total_cmp);
        self.add_known(section, what, "bytes", percentile(&bytes, 50));
        self.add_known(section, what, "max_bytes", percentile(&bytes, 100));
        if series.judged > 0 {
            self.add(section, what, "right", f64::from(series.right));
            self.add(section, what, "judged", f64::from(series.judged));
        }
    }
}

/// Answers to requests of one kind.
#[derive(Debug, Default)]
pub struct Series {
    pub milliseconds: Vec<f64>,
    pub bytes: Vec<f64>,
    pub right: u32,
    pub judged: u32,
}

impl Series {
    pub fn add(&mut self, elapsed: Duration, bytes: usize) {
        self.milliseconds.push(milliseconds(elapsed));
        self.bytes.push(bytes as f64);
    }

    pub fn judge(&mut self, is_right: bool) {
        self.judged += 1;
        self.right += u32::from(is_right);
    }
}

pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The smallest value that `share` percent of the values do not exceed.
pub fn percentile(sorted: &[f64], share: usize) -> Option<f64> {
    let rank = (sorted.len() * share).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// The middle value, or the mean of the two in the middle.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some(low.midpoint(*high))
}

/// The memory of a process, in megabytes of a million bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// What belongs to it alone.
    pub private: f64,
    /// Pages of files it has mapped, which the system may drop and other processes share.
    pub mapped: f64,
    /// The most that was resident at any time, mapped pages included.
    pub peak: f64,
}

/// The memory of a process; `None` where the system has no `/proc`, or the process has ended.
pub fn memory_of(process: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let of = |key: &str| megabytes(&status, key);
    Some(Memory { private: of("RssAnon:")?, mapped: of("RssFile:")?, peak: of("VmHWM:")? })
}

/// The value of a line such as `VmHWM:  123 kB`.
fn megabytes(text: &str, key: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: f64 = rest.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// The bytes of all files below a folder.
pub fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// What was measured on, when, and of what.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    pub system: String,
    pub processor: Option<String>,
    pub cores: usize,
    pub memory_gb: Option<f64>,
    /// The average of the last minute, before the start.
    pub load: Option<f64>,
    pub version: &'static str,
    pub optimised: bool,
}

impl Machine {
    pub fn look() -> Machine {
        let read = |path: &str| fs::read_to_string(path).ok();
        let processor = read("/proc/cpuinfo").and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
        let load = read("/proc/loadavg").and_then(|text| text.split_whitespace().next()?.parse().ok());
        Machine {
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            processor,
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_gb: read("/proc/meminfo").and_then(|text| megabytes(&text, "MemTotal:")).map(|mega| mega / 1e3),
            load,
            version: env!("CARGO_PKG_VERSION"),
            optimised: !cfg!(debug_assertions),
        }
    }

    /// What makes the figures doubtful.
    pub fn warnings(&self) -> Vec<String> {
        const QUIET: f64 = 0.5;
        let mut warnings = Vec::new();
        if let Some(load) = self.load.filter(|load| *load > QUIET) {
            warnings.push(format!("the machine was busy at the start (load {load}); figures will be too large"));
        }
        if !self.optimised {
            warnings.push("built without optimisation; figures mean nothing".to_owned());
        }
        if memory_of(std::process::id()).is_none() {
            warnings.push("this system has no /proc; memory is not measured".to_owned());
        }
        warnings
    }
}
