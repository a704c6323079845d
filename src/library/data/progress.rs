//! How far an update of the library has come.

use std::path::Path;
use std::time::Duration;

/// What is told about the way of an update; answers whether to go on.
pub type OnProgress<'a> = dyn FnMut(SyncProgress<'_>) -> bool + 'a;

/// A corpus of so many bytes comes in more parts than an index at rest has, which are put together in the end.
const WORTH_MERGING: u64 = 500 << 20;

/// How long that takes beside the reading, in parts of a hundred.
const MERGING_PERCENT: u64 = 40;

/// Nothing is said of what takes no longer than this many milliseconds.
const EARLY: u64 = 500;

/// How far an update has come.
#[derive(Debug, Clone, Copy)]
pub struct SyncProgress<'a> {
    /// What is being done.
    pub stage: SyncStage<'a>,
    /// Records read in this update.
    pub records: u64,
    /// Time since the stage began.
    pub elapsed: Duration,
}

/// What an update is doing.
#[derive(Debug, Clone, Copy)]
pub enum SyncStage<'a> {
    /// It waits until something else no longer writes the index.
    Waiting,
    /// It reads corpus files.
    Reading {
        /// The file being read.
        file: &'a Path,
        /// Files read, of all that have to be.
        files: (usize, usize),
        /// Bytes of the files read, of all that have to be: those on disk, also where files are compressed.
        bytes: (u64, u64),
    },
    /// All is read and can be asked for; the parts of the index are put together, so that asking takes less.
    Merging {
        /// Bytes written, of about as many.
        bytes: (u64, u64),
    },
}

impl SyncProgress<'_> {
    /// How fast records are read; `None` while it is too early to tell, and when all are.
    pub fn records_per_second(&self) -> Option<u64> {
        match self.stage {
            SyncStage::Reading { .. } => self.records.saturating_mul(1000).checked_div(self.known_milliseconds()?),
            SyncStage::Waiting | SyncStage::Merging { .. } => None,
        }
    }

    /// How long the rest takes if it goes on like that; `None` while it is too early to tell.
    pub fn time_left(&self) -> Option<Duration> {
        let elapsed = u128::from(self.known_milliseconds()?);
        let (done, all) = match self.stage {
            SyncStage::Waiting => return None,
            SyncStage::Reading { bytes, .. } | SyncStage::Merging { bytes } => bytes,
        };
        let left = (u128::from(all.saturating_sub(done)) * elapsed).checked_div(u128::from(done))?;
        let merging = (elapsed + left) * u128::from(self.merging_percent()) / 100;
        u64::try_from(left + merging).ok().map(Duration::from_millis)
    }

    /// How much of the update is done, in parts of a hundred.
    pub fn percent(&self) -> u32 {
        let share = |(done, all): (u64, u64), of: u64| done.saturating_mul(of).checked_div(all).unwrap_or(0).min(of);
        let percent = match self.stage {
            SyncStage::Waiting => 0,
            SyncStage::Reading { bytes, .. } => share(bytes, 100 * 100 / (100 + self.merging_percent())),
            SyncStage::Merging { bytes } => {
                let read = 100 * 100 / (100 + MERGING_PERCENT);
                read + share(bytes, 100 - read)
            }
        };
        u32::try_from(percent).unwrap_or(100)
    }

    /// How long merging takes once all is read, in parts of a hundred of the reading.
    fn merging_percent(&self) -> u64 {
        match self.stage {
            SyncStage::Reading { bytes: (_, all), .. } if all >= WORTH_MERGING => MERGING_PERCENT,
            _ => 0,
        }
    }

    fn known_milliseconds(&self) -> Option<u64> {
        let elapsed = u64::try_from(self.elapsed.as_millis()).ok()?;
        (elapsed >= EARLY).then_some(elapsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(done: u64, all: u64) -> SyncProgress<'static> {
        let stage = SyncStage::Reading { file: Path::new("arxiv.jsonl"), files: (0, 1), bytes: (done, all) };
        SyncProgress { stage, records: 1000, elapsed: Duration::from_secs(10) }
    }

    #[test]
    fn what_is_left_of_much_has_the_merging_in_it() {
        assert_eq!(reading(100, 400).time_left(), Some(Duration::from_secs(30)));
        assert_eq!(reading(1 << 30, 4 << 30).time_left(), Some(Duration::from_secs(30 + 40 * 4 / 10)));
        let merging = SyncProgress { stage: SyncStage::Merging { bytes: (1, 3) }, ..reading(0, 0) };
        assert_eq!(merging.time_left(), Some(Duration::from_secs(20)));
        assert_eq!((merging.records_per_second(), reading(1, 2).records_per_second()), (None, Some(100)));
    }

    #[test]
    fn percents_rise_from_stage_to_stage() {
        let merging = |done| SyncProgress { stage: SyncStage::Merging { bytes: (done, 100) }, ..reading(0, 0) };
        let much = |done: u64| reading(done << 30, 4 << 30);
        let all = [much(0), much(2), much(4), merging(0), merging(50), merging(100), merging(200)];
        assert_eq!(all.map(|it| it.percent()), [0, 35, 71, 71, 85, 100, 100]);
        assert_eq!([reading(0, 0), reading(1, 2), reading(2, 2)].map(|it| it.percent()), [0, 50, 100]);
    }

    #[test]
    fn nothing_is_said_too_early() {
        let early = SyncProgress { elapsed: Duration::from_millis(EARLY - 1), ..reading(1, 2) };
        assert_eq!((early.time_left(), early.records_per_second()), (None, None));
        assert_eq!(reading(0, 2).time_left(), None);
        let waiting = SyncProgress { stage: SyncStage::Waiting, ..reading(1, 2) };
        assert_eq!((waiting.time_left(), waiting.records_per_second(), waiting.percent()), (None, None, 0));
    }
}
