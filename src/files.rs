//! Reading files: regular ones only, and only as much as is sane.
//!
//! A pipe, a device or a socket may be called `x.md` as well as a note, and would keep its reader waiting for ever or
//! give bytes without an end. All reading of files goes through here; what is refused is an error that says so.

mod held;
mod replace;
mod spelling;
mod stamp;
mod written;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use held::patiently;
pub use held::{persist, replaced_patiently};
use ignore::{DirEntry, WalkBuilder};
pub use replace::{Existing, write_whole};
pub use spelling::{Resolve, plain, spelled};
pub use stamp::{FileId, FileStamp, since_1970};
pub use written::{decoded, decoded_lossy};

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
    /// A .bib file that is to be changed.
    Bibliography,
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
            Purpose::Bibliography => 64 << 20,
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
    let file = patiently(|| open_without_waiting(path))?;
    // It may have been replaced in between.
    check(&file.metadata()?)?;
    check_file_system(&file)?;
    Ok(file)
}

/// Fails for what the system makes up while it is read: such files say that they are regular, and may have no end.
#[cfg(target_os = "linux")]
fn check_file_system(file: &File) -> io::Result<()> {
    /// Where Linux shows its devices and settings.
    const SYSFS: u64 = 0x6265_6572;
    let kind = u64::try_from(rustix::fs::fstatfs(file)?.f_type).unwrap_or(0);
    if kind == SYSFS || Ok(kind) == u64::try_from(rustix::fs::PROC_SUPER_MAGIC) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is a file of the system's own"));
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are such files")]
fn check_file_system(_: &File) -> io::Result<()> {
    Ok(())
}

/// Whether a path, of which links are resolved, lies in a folder that the system makes up: what is in there is no file that
/// anybody wrote, and may have no end.
pub fn is_of_system(real: &Path) -> bool {
    cfg!(target_os = "linux") && ["/proc", "/sys", "/dev"].iter().any(|folder| real.starts_with(folder))
}

/// Reads a regular file whole. Fails where it is something else, or larger than is sane for its purpose.
pub fn read(path: &Path, purpose: Purpose) -> io::Result<Vec<u8>> {
    // A part of the file may be locked.
    patiently(|| read_once(path, purpose))
}

fn read_once(path: &Path, purpose: Purpose) -> io::Result<Vec<u8>> {
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

/// As [`read`], for text in UTF-8, or in UTF-16 with a byte order mark. The mark is left out.
pub fn read_text(path: &Path, purpose: Purpose) -> io::Result<String> {
    let bytes = read(path, purpose)?;
    let text = decoded(&bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))?;
    Ok(text.into_owned())
}

/// Whether a path leads out of a folder, by `..` or by links. Its last parts need not be there. Where that cannot be found out,
/// it does.
pub fn leads_out(folder: &Path, path: &Path) -> bool {
    let Ok(folder) = folder.resolved() else { return true };
    real_path(path).is_none_or(|real| !real.starts_with(folder))
}

/// The path without links, of which the last parts need not be there. `None` where it cannot be found out, and for a link that
/// leads to nothing: a program that wrote there would write where it leads.
fn real_path(path: &Path) -> Option<PathBuf> {
    for above in path.ancestors() {
        match above.resolved() {
            Ok(real) => {
                let rest = path.strip_prefix(above).ok()?;
                let is_plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
                return is_plain.then(|| if rest.as_os_str().is_empty() { real } else { real.join(rest) });
            }
            Err(error) if error.kind() == ErrorKind::NotFound && above.symlink_metadata().is_err() => {}
            Err(_) => return None,
        }
    }
    None
}

/// The files that say what is not looked at, as a folder may have them.
const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".git/info/exclude"];

/// A walk below a folder that honours ignore files. Folders whose ignore file is not a regular file are not entered, since who
/// reads it may wait for ever; where that of the folder itself or above it is not a regular file, the walk honours none.
pub fn walk(root: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder.require_git(false).filter_entry(may_enter);
    if root.ancestors().any(|folder| odd_ignore_file(folder).is_some()) {
        builder.ignore(false).git_ignore(false).git_exclude(false).parents(false);
    }
    builder
}

/// Whether a walk may enter this: anything but a folder with an ignore file that is not a regular file.
pub fn may_enter(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    !is_folder || entry.depth() == 0 || odd_ignore_file(entry.path()).is_none()
}

/// The ignore file of a folder that is not a regular file, if there is one.
pub fn odd_ignore_file(folder: &Path) -> Option<PathBuf> {
    let is_odd = |path: &PathBuf| path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    IGNORE_FILES.iter().map(|name| folder.join(name)).find(is_odd)
}

/// Fails for what is not a regular file, in words for the user.
pub fn check(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let message =
        if kind.is_dir() { "it is a folder" } else { "it is not a regular file but a pipe, socket or device" };
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
    fn what_leads_out_is_told_whether_it_is_there_or_not() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("vault");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::create_dir(folder.path().join("vault-2")).unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        let link = |target: &str, name: &str| symlink(target, root.join(name)).unwrap();
        link("..", "up");
        link("../secret", "style.csl");
        link("sub", "within");
        link("../nothing", "dangling");
        link("sub/later", "dangling-within");
        link("loop", "loop");
        let out = [
            "..",
            "../vault-2/x",
            "up/x/y",
            "style.csl",
            "dangling",
            "dangling/x",
            "sub/../../secret",
            "loop",
            "no/../x",
        ];
        for path in out {
            assert!(leads_out(&root, &root.join(path)), "{path}");
        }
        for path in ["", "x", "sub/x/y/z", "within/x", "up/vault/x", "sub/.."] {
            assert!(!leads_out(&root, &root.join(path)), "{path}");
        }
        assert!(leads_out(&folder.path().join("none"), &root));
    }

    #[test]
    #[cfg(unix)]
    fn nothing_else_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.md");
        // rustix makes none on a Mac.
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = folder.path().join("socket.md");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link.md");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        #[cfg(target_os = "linux")]
        for path in ["/proc/self/status", "/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled"] {
            if let Err(error) = open(Path::new(path)) {
                assert!(error.kind() == ErrorKind::NotFound || error.to_string().contains("system's own"), "{error}");
            } else {
                panic!("{path} was opened");
            }
        }
        for path in [&pipe, &socket, &link, Path::new("/dev/null")] {
            let error = open(path).unwrap_err();
            assert!(error.to_string().contains("not a regular file"), "{}: {error}", path.display());
        }
        // Were it put there after the look, it would not be waited for either.
        assert!(check(&open_without_waiting(&pipe).unwrap().metadata().unwrap()).is_err());
    }
}
