//! What the file system says of a file: which file it is, and whether it has changed.

use std::fs::Metadata;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

use serde::{Deserialize, Serialize};

/// What tells that two paths lead to one file, by whatever links; `None` on systems that do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileId {
    device: u64,
    number: u64,
}

impl FileId {
    /// That of a file, from what the system says of it: of a link, what it says of the file it leads to.
    pub fn of(metadata: &Metadata) -> Option<FileId> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(FileId { device: metadata.dev(), number: metadata.ino() })
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            None
        }
    }
}

/// What a file looks like without being read: a program that writes into it, or puts another in its place, changes at least one
/// of these. Times are in nanoseconds since 1970, negative before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// In bytes.
    pub size: u64,
    /// When its content was last changed, as programs may set it; `None` where the system does not say.
    pub modified_ns: Option<i64>,
    /// When anything about it was last changed, which no program can set; `None` where the system does not say.
    pub changed_ns: Option<i64>,
    /// Which file it is.
    pub id: Option<FileId>,
}

impl FileStamp {
    /// From what the system says: of a link, what it says of the file it leads to.
    pub fn of(metadata: &Metadata) -> FileStamp {
        FileStamp {
            size: metadata.len(),
            modified_ns: metadata.modified().ok().map(since_1970),
            changed_ns: changed_ns(metadata),
            id: FileId::of(metadata),
        }
    }

    /// That of the file at a path. Fails where there is none.
    pub fn at(path: &Path) -> io::Result<FileStamp> {
        Ok(FileStamp::of(&fs::metadata(path)?))
    }

    /// Whether the content is for sure what it was. Devices may be numbered anew whenever a disk is mounted, so their
    /// numbers do not count.
    pub fn is_unchanged(&self, since: &FileStamp) -> bool {
        let number = |stamp: &FileStamp| stamp.id.map(|id| id.number);
        let state = |stamp: &FileStamp| (stamp.size, stamp.modified_ns, stamp.changed_ns, number(stamp));
        state(self) == state(since)
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not say")]
fn changed_ns(metadata: &Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec()))
}

#[cfg(not(unix))]
fn changed_ns(_: &Metadata) -> Option<i64> {
    None
}

/// A time in nanoseconds since 1970, negative before; the first or last that can be written for times centuries away.
pub fn since_1970(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, i64::wrapping_neg),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    fn set_modified(path: &Path, time: SystemTime) {
        File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn times_before_1970_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.md");
        fs::write(&path, "old").unwrap();
        let mut seen = Vec::new();
        for seconds in [1, 2, 86_400 * 365 * 20] {
            set_modified(&path, UNIX_EPOCH - Duration::from_secs(seconds));
            let modified = FileStamp::at(&path).unwrap().modified_ns.unwrap();
            assert_eq!(modified, -1_000_000_000 * i64::try_from(seconds).unwrap());
            assert!(!seen.contains(&modified));
            seen.push(modified);
        }
        assert_eq!(since_1970(UNIX_EPOCH), 0);
        assert_eq!(since_1970(UNIX_EPOCH + Duration::from_secs(1 << 38)), i64::MAX);
    }

    type Way<'a> = (&'a str, &'a dyn Fn());

    /// Each way to put other content of the same size and time at a path.
    #[test]
    #[cfg(unix)]
    fn other_content_of_the_same_size_and_time_is_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papers.bib");
        let other = folder.path().join("other.bib");
        let time = SystemTime::now() - Duration::from_secs(100);
        let write = |path: &Path, text: &str| {
            fs::write(path, text).unwrap();
            set_modified(path, time);
        };
        let ways: [Way<'_>; 4] = [
            ("written in place", &|| write(&path, "two")),
            ("another renamed to it", &|| {
                write(&other, "two");
                fs::rename(&other, &path).unwrap();
            }),
            ("removed and made again", &|| {
                fs::remove_file(&path).unwrap();
                write(&path, "two");
            }),
            ("a link to another", &|| {
                write(&other, "two");
                fs::remove_file(&path).unwrap();
                std::os::unix::fs::symlink(&other, &path).unwrap();
            }),
        ];
        for (way, change) in ways {
            let _ = fs::remove_file(&path);
            write(&path, "one");
            let before = FileStamp::at(&path).unwrap();
            assert!(FileStamp::at(&path).unwrap().is_unchanged(&before), "{way}");
            // The clock of a file system may stand still for some milliseconds.
            std::thread::sleep(Duration::from_millis(20));
            change();
            let after = FileStamp::at(&path).unwrap();
            assert_eq!((before.size, before.modified_ns), (after.size, after.modified_ns), "{way}");
            assert!(!after.is_unchanged(&before), "{way}");
        }
    }

    #[test]
    fn a_disk_that_is_mounted_again_is_not_read_again() {
        let stamp = |device, number| FileStamp { id: Some(FileId { device, number }), ..FileStamp::default() };
        assert!(stamp(1, 7).is_unchanged(&stamp(2, 7)));
        assert!(!stamp(1, 7).is_unchanged(&stamp(1, 8)));
        assert_ne!(stamp(1, 7).id, stamp(2, 7).id);
    }
}
