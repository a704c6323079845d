//! Reading files: regular ones only, and only as much as is sane.
//!
//! A pipe, a device or a socket may be called `x.md` as well as a note, and would keep its reader waiting for ever or
//! give bytes without an end. All reading of files goes through here; what is refused is an error that says so.

mod stamp;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
pub use stamp::{FileId, FileStamp, since_1970};

/// What a file is read for, which says how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A note.
    Note,
    /// The configuration.
    Config,
    /// A CSL style.
    Style,
    /// A template of literature notes.
    Template,
    /// Something that ibid itself has written.
    Cache,
}

impl Purpose {
    /// The largest such file that is read, in bytes.
    pub const fn most_bytes(self) -> u64 {
        match self {
            // Prose of a dozen books; beyond that it is hardly anything a person writes notes in, and open notes are not
            // read as a whole either.
            Purpose::Note => 8 << 20,
            Purpose::Config | Purpose::Template => 1 << 20,
            // The largest of the styles that people share has 0.2 MB.
            Purpose::Style => 4 << 20,
            Purpose::Cache => 1 << 30,
        }
    }
}

/// Opens a regular file. Fails, and does not wait, where the path leads to anything else: to a folder, a pipe, a socket or
/// a device.
pub fn open(path: &Path) -> io::Result<File> {
    // A look beforehand, for opening a device may do something to it.
    check(&std::fs::metadata(path)?)?;
    let file = open_without_waiting(path)?;
    // It may have been replaced in between.
    check(&file.metadata()?)?;
    Ok(file)
}

/// Reads a regular file whole. Fails where it is something else, or larger than is sane for its purpose.
pub fn read(path: &Path, purpose: Purpose) -> io::Result<Vec<u8>> {
    let most = purpose.most_bytes();
    let file = open(path)?;
    let size = file.metadata()?.len().min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it is larger than {} MiB, the most that is read of such a file", most >> 20);
        return Err(io::Error::new(ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// As [`read`], for text in UTF-8.
pub fn read_text(path: &Path, purpose: Purpose) -> io::Result<String> {
    String::from_utf8(read(path, purpose)?).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// The files that say what is not looked at, as a folder may have them.
const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".git/info/exclude"];

/// A walk below a folder that honours ignore files. Folders whose ignore file is no regular file are not entered, since who
/// reads it may wait for ever; where that of the folder itself or above it is not a regular file, the walk honours none.
pub fn walk(root: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder.require_git(false).filter_entry(may_enter);
    if root.ancestors().any(|folder| odd_ignore_file(folder).is_some()) {
        builder.ignore(false).git_ignore(false).git_exclude(false).parents(false);
    }
    builder
}

/// Whether a walk may enter this: anything but a folder with an ignore file that is no regular file.
pub fn may_enter(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    !is_folder || entry.depth() == 0 || odd_ignore_file(entry.path()).is_none()
}

/// The ignore file of a folder that is no regular file, if there is one.
pub fn odd_ignore_file(folder: &Path) -> Option<PathBuf> {
    let is_odd = |path: &PathBuf| path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    IGNORE_FILES.iter().map(|name| folder.join(name)).find(is_odd)
}

/// Fails for what is no regular file, in words for the user.
pub fn check(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let message = if kind.is_dir() { "it is a folder" } else { "it is no regular file but a pipe, socket or device" };
    Err(io::Error::new(ErrorKind::InvalidInput, message))
}

#[cfg(unix)]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    // Opening a pipe would wait for a writer.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    std::fs::OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn regular_files_are_read_up_to_their_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        std::fs::write(&path, "x = 1").unwrap();
        assert_eq!(read_text(&path, Purpose::Config).unwrap(), "x = 1");
        let file = File::create(&path).unwrap();
        file.set_len(Purpose::Config.most_bytes()).unwrap();
        assert_eq!(read(&path, Purpose::Config).unwrap().len() as u64, Purpose::Config.most_bytes());
        file.set_len(Purpose::Config.most_bytes() + 1).unwrap();
        assert_eq!(read(&path, Purpose::Config).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert!(read(folder.path(), Purpose::Note).unwrap_err().to_string().contains("folder"));
        assert_eq!(read(&folder.path().join("none"), Purpose::Note).unwrap_err().kind(), ErrorKind::NotFound);
        std::fs::write(&path, b"\xff").unwrap();
        assert!(read_text(&path, Purpose::Style).unwrap_err().to_string().contains("UTF-8"));
    }

    #[test]
    #[cfg(unix)]
    fn nothing_else_is_waited_for() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.md");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let socket = folder.path().join("socket.md");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link.md");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [&pipe, &socket, &link, Path::new("/dev/null")] {
            let error = open(path).unwrap_err();
            assert!(error.to_string().contains("no regular file"), "{}: {error}", path.display());
        }
        // Were it put there after the look, it would not be waited for either.
        assert!(check(&open_without_waiting(&pipe).unwrap().metadata().unwrap()).is_err());
    }
}
