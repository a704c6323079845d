//! Progress of indexing on standard error: a bar on a terminal, now and then a line elsewhere.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::{counted, grouped, warn};
use crate::library::{SyncProgress, SyncStage};

/// Work that takes no longer is done without a bar.
const BAR_AFTER: Duration = Duration::from_millis(200);

/// Where there is no terminal, a line is written this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows how an update of the library comes along. Nothing is shown of one that has nothing to do.
pub(super) struct Progress {
    is_terminal: bool,
    bar: Option<ProgressBar>,
    begin: Instant,
    last_line: Instant,
}

impl Progress {
    pub fn new() -> Progress {
        let begin = Instant::now();
        Progress { is_terminal: io::stderr().is_terminal(), bar: None, begin, last_line: begin }
    }

    /// Shows where the update is.
    pub fn show(&mut self, progress: SyncProgress<'_>) {
        let message = message(progress);
        if !self.is_terminal {
            if self.last_line.elapsed() >= LINE_EVERY {
                self.last_line = Instant::now();
                warn(&message);
            }
            return;
        }
        if self.bar.is_none() && self.begin.elapsed() < BAR_AFTER {
            return;
        }
        let bar = self.bar.get_or_insert_with(new_bar);
        bar.set_message(message);
        bar.set_length(100);
        bar.set_position(bar.position().max(u64::from(progress.percent())));
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> ProgressBar {
    // Drawn once it has something to say.
    let bar = ProgressBar::new(1);
    let template = "{bar:30} {percent:>3} %  {wide_msg}";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn message(progress: SyncProgress<'_>) -> String {
    let records = counted(progress.records, "record");
    let rate = progress.records_per_second().map_or_else(String::new, |rate| format!(" ({} a second)", grouped(rate)));
    let left = progress.time_left().map_or_else(String::new, |left| format!(", {} left", rounded(left)));
    match progress.stage {
        SyncStage::Waiting => "waiting until the index can be written: another ibid is at it".to_owned(),
        SyncStage::Reading { file, files: (done, all), .. } => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            format!("{records}{rate}, {done} of {all} files{left}, {name}")
        }
        SyncStage::Merging { .. } if progress.records == 0 => format!("putting the index in order{left}"),
        SyncStage::Merging { .. } => format!("{records} read, putting the index in order{left}"),
    }
}

/// A time to wait, as exact as it can be known.
fn rounded(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_message_says_how_fast_and_how_long() {
        let file = Path::new("/papers/arxiv.jsonl");
        let mut step = SyncProgress {
            stage: SyncStage::Reading { file, files: (0, 1), bytes: (250, 1000) },
            records: 50_000,
            elapsed: Duration::from_secs(2),
        };
        assert_eq!(message(step), "50,000 records (25,000 a second), 0 of 1 files, 6 s left, arxiv.jsonl");
        step.elapsed = Duration::from_secs(100);
        assert_eq!(message(step), "50,000 records (500 a second), 0 of 1 files, 5 min left, arxiv.jsonl");
        step.elapsed = Duration::from_millis(10);
        assert_eq!(message(step), "50,000 records, 0 of 1 files, arxiv.jsonl", "too early to tell");
        step.stage = SyncStage::Merging { bytes: (250, 1000) };
        assert_eq!(message(step), "50,000 records read, putting the index in order", "too early to tell");
        step.elapsed = Duration::from_secs(2);
        assert_eq!(message(step), "50,000 records read, putting the index in order, 6 s left");
        step.stage = SyncStage::Waiting;
        assert_eq!(message(step), "waiting until the index can be written: another ibid is at it");
    }
}
