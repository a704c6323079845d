//! Files that another program holds for a moment.
//!
//! On Windows a file can be kept from everybody else: a scanner looks into every new one, and a reference manager locks what
//! it writes. That lasts milliseconds, so a caller that is refused tries again. Elsewhere nobody is refused for such a reason.

use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use tempfile::NamedTempFile;

/// How long is waited before each further try, in milliseconds; a third of a second altogether.
const PAUSES_MS: [u64; 6] = [5, 10, 20, 40, 80, 160];

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is opened, to be read.
    Opened,
    /// Another file takes its name, or it is removed.
    Replaced,
}

impl Use {
    /// Whether an error says that another program holds the file.
    fn is_refused(self, error: &io::Error) -> bool {
        /// Windows' numbers: the file is shared with nobody, or a part of it is locked.
        const SHARING: [i32; 2] = [32, 33];
        /// Windows' number for what may not be done, among other reasons because the file is open somewhere.
        const ACCESS_DENIED: i32 = 5;
        let number = error.raw_os_error().filter(|_| cfg!(windows));
        number.is_some_and(|it| SHARING.contains(&it) || (self == Use::Replaced && it == ACCESS_DENIED))
    }
}

/// Reads a file, or opens it, and tries again for a third of a second where another program holds it.
pub(super) fn patiently<T>(read: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    tried_again(read, |error| Use::Opened.is_refused(error))
}

/// Gives a temporary file its name. Where there is a file of that name, which another program holds, tries again for a third
/// of a second.
pub fn persist(temporary: NamedTempFile, target: &Path) -> io::Result<()> {
    let mut waiting = Some(temporary);
    let rename = || {
        let Some(file) = waiting.take() else { return Ok(()) };
        file.persist(target).map(drop).map_err(|refused| {
            waiting = Some(refused.file);
            refused.error
        })
    };
    replaced_patiently(rename)
}

/// Gives a file another content, in whatever way, and tries again for a third of a second where another program holds it.
pub fn replaced_patiently<T>(replace: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    tried_again(replace, |error| Use::Replaced.is_refused(error))
}

fn tried_again<T>(mut act: impl FnMut() -> io::Result<T>, is_refused: impl Fn(&io::Error) -> bool) -> io::Result<T> {
    for pause in PAUSES_MS {
        match act() {
            Err(error) if is_refused(&error) => sleep(Duration::from_millis(pause)),
            outcome => return outcome,
        }
    }
    act()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn what_is_refused_is_tried_again_and_nothing_else_is() {
        for (refusals, kind, expected) in [
            (0, ErrorKind::ResourceBusy, Ok(1)),
            (3, ErrorKind::ResourceBusy, Ok(4)),
            (1, ErrorKind::NotFound, Err(ErrorKind::NotFound)),
            (100, ErrorKind::ResourceBusy, Err(ErrorKind::ResourceBusy)),
        ] {
            let mut tries = 0;
            let act = || {
                tries += 1;
                if tries > refusals { Ok(tries) } else { Err(io::Error::from(kind)) }
            };
            let outcome = tried_again(act, |error| error.kind() == ErrorKind::ResourceBusy);
            assert_eq!(outcome.map_err(|error| error.kind()), expected, "{refusals} {kind:?}");
        }
    }

    #[test]
    fn only_windows_refuses_for_a_moment() {
        for (number, opened, replaced) in [(2, false, false), (5, false, true), (32, true, true), (33, true, true)] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(Use::Opened.is_refused(&error), opened && cfg!(windows), "{number}");
            assert_eq!(Use::Replaced.is_refused(&error), replaced && cfg!(windows), "{number}");
        }
        assert!(!Use::Replaced.is_refused(&io::Error::from(ErrorKind::PermissionDenied)));
    }

    #[test]
    #[cfg(windows)]
    fn a_file_that_is_held_is_read_and_replaced_once_it_is_free() {
        use std::os::windows::fs::OpenOptionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papers.bib");
        std::fs::write(&path, "one").unwrap();
        let hold = || {
            let alone = std::fs::OpenOptions::new().read(true).share_mode(0).open(&path).unwrap();
            std::thread::spawn(move || {
                sleep(Duration::from_millis(60));
                drop(alone);
            })
        };
        let holder = hold();
        assert!(std::fs::read(&path).is_err());
        assert_eq!(super::super::read_text(&path, super::super::Purpose::Note).unwrap(), "one");
        holder.join().unwrap();
        let holder = hold();
        super::super::write_whole(&path, b"two", super::super::Existing::Replaced).unwrap();
        holder.join().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
    }
}
