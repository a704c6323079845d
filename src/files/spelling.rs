//! How a path is spelled: one spelling for one place, and that which people and other programs write.
//!
//! On Windows the system gives a path without links as `\\?\C:\notes`, and editors name the same folder by `c:\notes`. Both
//! are taken for `C:\notes` wherever a path comes in, so that a note is one note and nobody is shown the prefix. There and on
//! macOS a file is also found under another case of letters, or another form of an accent: [`spelled`] gives the one on disk.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

/// What [`std::fs::canonicalize`] finds, spelled plainly.
pub trait Resolve {
    /// The path without links, which has to exist.
    fn resolved(&self) -> io::Result<PathBuf>;
}

impl Resolve for Path {
    fn resolved(&self) -> io::Result<PathBuf> {
        self.canonicalize().map(plain)
    }
}

/// A path as the disk spells it, where the system takes several spellings for one file; links in it stay. The last parts need
/// not be there, and stay as they are written.
pub fn spelled(path: PathBuf) -> PathBuf {
    let path = plain(path);
    if cfg!(any(windows, target_os = "macos")) { as_on(&System, &path) } else { path }
}

/// What is asked of a disk.
trait Disk {
    /// The path of what is there, without links.
    fn real(&self, path: &Path) -> Option<PathBuf>;
    /// Whether the path is that of a link.
    fn is_link(&self, path: &Path) -> bool;
    /// The names in a folder.
    fn names(&self, folder: &Path) -> Vec<OsString>;
}

/// The disks of this machine.
struct System;

impl Disk for System {
    fn real(&self, path: &Path) -> Option<PathBuf> {
        path.resolved().ok()
    }

    fn is_link(&self, path: &Path) -> bool {
        path.is_symlink()
    }

    fn names(&self, folder: &Path) -> Vec<OsString> {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect()
    }
}

fn as_on(disk: &impl Disk, path: &Path) -> PathBuf {
    // Most paths have no link in them, and are what they lead to.
    if let Some((above, real)) = path.ancestors().find_map(|above| Some((above, disk.real(above)?)))
        && is_same(&real, above)
        && let Ok(rest) = path.strip_prefix(above)
    {
        // A joined path would end with a separator.
        return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
    }
    let mut spelled = PathBuf::new();
    for part in path.components() {
        let here = spelled.join(part);
        match part {
            Component::Normal(name) => spelled.push(name_on(disk, &spelled, &here, name)),
            _ => spelled = here,
        }
    }
    spelled
}

/// The name of what is at a path, as the folder spells it; as it is written where nothing is there.
fn name_on(disk: &impl Disk, folder: &Path, path: &Path, name: &OsStr) -> OsString {
    if !disk.is_link(path) {
        let real = disk.real(path);
        return real.as_deref().and_then(Path::file_name).unwrap_or(name).to_owned();
    }
    let names = disk.names(folder);
    let is_it = |other: &&OsString| folded(other) == folded(name);
    let found = names.iter().find(|other| *other == name).or_else(|| names.iter().find(is_it));
    found.map_or_else(|| name.to_owned(), Clone::clone)
}

/// Whether two paths differ at most in case of letters and forms of accents.
fn is_same(one: &Path, other: &Path) -> bool {
    one.components().map(|part| folded(part.as_os_str())).eq(other.components().map(|part| folded(part.as_os_str())))
}

fn folded(name: &OsStr) -> String {
    name.to_string_lossy().nfd().flat_map(char::to_lowercase).collect()
}

/// A path as people write it: without the prefix of Windows where it does without, and with a capital drive letter. The
/// system itself puts the prefix before a path that is too long without. Any other path stays as it is.
pub fn plain(path: PathBuf) -> PathBuf {
    match path.to_str().and_then(plainly) {
        Some(text) => PathBuf::from(text),
        None => path,
    }
}

/// The plain spelling, where it is another one.
fn plainly(text: &str) -> Option<String> {
    const PREFIX: &str = r"\\?\";
    if let Some(share) = text.strip_prefix(r"\\?\UNC\") {
        return is_plain_name(share).then(|| format!(r"\\{share}"));
    }
    let rest = text.strip_prefix(PREFIX).unwrap_or(text);
    let [letter, b':', after @ ..] = rest.as_bytes() else { return None };
    let is_drive = letter.is_ascii_alphabetic() && after.first().is_none_or(|first| b"\\/".contains(first));
    if !is_drive || (rest.len() < text.len() && !is_plain_name(&rest[2..])) {
        return None;
    }
    let plain = format!("{}{}", letter.to_ascii_uppercase() as char, &rest[1..]);
    (plain != text).then_some(plain)
}

/// Names that Windows takes for a device, or cuts, unless the prefix stands before the path.
fn is_plain_name(path: &str) -> bool {
    path.split('\\').all(|name| {
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
        let is_port = |stem: &str| {
            let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
            number.is_some_and(|number| {
                matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
            })
        };
        let is_device = matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || is_port(&stem);
        !is_device && !name.ends_with(['.', ' ']) && !name.contains('/')
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_of_windows_are_spelled_as_people_write_them() {
        for (written, expected) in [
            (r"\\?\C:\notes\a.md", r"C:\notes\a.md"),
            (r"\\?\c:\notes\a.md", r"C:\notes\a.md"),
            (r"c:\Notes\a.md", r"C:\Notes\a.md"),
            (r"c:/notes", r"C:/notes"),
            (r"\\?\z:\", r"Z:\"),
            ("c:", "C:"),
            (r"\\?\UNC\server\share\a.md", r"\\server\share\a.md"),
            // The file is what it is by its prefix alone.
            (r"\\?\C:\notes\CON.md", r"\\?\C:\notes\CON.md"),
            (r"\\?\C:\aux\a.md", r"\\?\C:\aux\a.md"),
            (r"\\?\C:\notes\com1", r"\\?\C:\notes\com1"),
            (r"\\?\C:\notes\a.", r"\\?\C:\notes\a."),
            (r"\\?\C:\notes \a", r"\\?\C:\notes \a"),
            (r"\\?\UNC\server\share\nul", r"\\?\UNC\server\share\nul"),
            (r"\\?\C:\notes\console.md", r"C:\notes\console.md"),
            (r"\\?\C:\notes\com10", r"C:\notes\com10"),
            // No drives.
            (r"\\?\Volume{0}\a", r"\\?\Volume{0}\a"),
            (r"\\server\share", r"\\server\share"),
            ("c:a.md", "c:a.md"),
            ("é:/a", "é:/a"),
            ("/c:/notes", "/c:/notes"),
            ("/home/a/notes", "/home/a/notes"),
            ("notes", "notes"),
            ("", ""),
        ] {
            assert_eq!(plain(PathBuf::from(written)), PathBuf::from(expected), "{written}");
            assert_eq!(plain(PathBuf::from(expected)).as_os_str(), expected, "twice: {written}");
        }
    }

    /// A disk that finds files under any case of letters and form of accents. Links have what they lead to.
    struct Forgiving(&'static [(&'static str, Option<&'static str>)]);

    impl Forgiving {
        fn entry(&self, path: &Path) -> Option<&(&'static str, Option<&'static str>)> {
            self.0.iter().find(|(own, _)| is_same(Path::new(own), path))
        }
    }

    impl Disk for Forgiving {
        fn real(&self, path: &Path) -> Option<PathBuf> {
            let mut real = PathBuf::new();
            for part in path.components() {
                let (own, target) = self.entry(&real.join(part))?;
                real = target.unwrap_or(own).into();
            }
            Some(real)
        }

        fn is_link(&self, path: &Path) -> bool {
            let above = path.parent().and_then(|above| self.real(above));
            let own = above.zip(path.file_name()).map(|(above, name)| above.join(name));
            own.and_then(|own| self.entry(&own)?.1).is_some()
        }

        fn names(&self, folder: &Path) -> Vec<OsString> {
            let Some(real) = self.real(folder) else { return Vec::new() };
            let below = self.0.iter().filter(|(own, _)| Path::new(own).parent() == Some(&*real));
            below.filter_map(|(own, _)| Path::new(own).file_name().map(OsStr::to_owned)).collect()
        }
    }

    #[test]
    fn a_path_has_the_letters_and_accents_of_the_disk() {
        let mac = Forgiving(&[
            ("/", None),
            ("/private", None),
            ("/private/tmp", None),
            ("/private/tmp/Vault", None),
            ("/private/tmp/Vault/Gro\u{308}\u{df}e.md", None),
            ("/tmp", Some("/private/tmp")),
            ("/Users", None),
            ("/Users/ada", None),
            ("/Users/ada/Notes", None),
            ("/Users/ada/Notes/Caf\u{e9}.md", None),
            ("/Users/ada/Papers", Some("/private/tmp/Vault")),
        ]);
        for (written, expected) in [
            ("/Users/ada/Notes", "/Users/ada/Notes"),
            ("/users/ADA/notes", "/Users/ada/Notes"),
            // A volume keeps the form that a file was made with, and finds it by the other.
            ("/Users/ada/Notes/Cafe\u{301}.md", "/Users/ada/Notes/Caf\u{e9}.md"),
            ("/Users/ada/notes/CAF\u{c9}.MD", "/Users/ada/Notes/Caf\u{e9}.md"),
            // What is not there is spelled as it is written, below what is.
            ("/users/ada/notes/New One.md", "/Users/ada/Notes/New One.md"),
            ("/users/ada/notes/Drafts/New.md", "/Users/ada/Notes/Drafts/New.md"),
            ("/Elsewhere/a.md", "/Elsewhere/a.md"),
            // Links stay what the user calls them.
            ("/tmp", "/tmp"),
            ("/TMP/vault", "/tmp/Vault"),
            ("/tmp/vault/GR\u{d6}\u{df}E.md", "/tmp/Vault/Gro\u{308}\u{df}e.md"),
            ("/private/tmp/vault", "/private/tmp/Vault"),
            ("/users/ada/papers/new.md", "/Users/ada/Papers/new.md"),
            ("/users/ada/PAPERS", "/Users/ada/Papers"),
            ("/", "/"),
            ("", ""),
        ] {
            // The names of a Mac, wherever the test runs.
            let shown = |path: &Path| path.to_str().unwrap().replace('\\', "/");
            let found = as_on(&mac, Path::new(written));
            assert_eq!(shown(&found), expected, "{written}");
            assert_eq!(shown(&as_on(&mac, &found)), expected, "twice: {written}");
        }
    }

    #[test]
    fn one_file_of_this_system_has_one_spelling() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        std::fs::create_dir_all(root.join("Vault/Sub")).unwrap();
        std::fs::write(root.join("Vault/Sub/Note.md"), "").unwrap();
        let finds_others = root.join("vault/sub").is_dir();
        assert_eq!(finds_others, cfg!(any(windows, target_os = "macos")), "as these systems usually are");
        for written in ["vault/sub/note.md", "VAULT/Sub/NOTE.MD", "Vault/Sub/Note.md"] {
            let own = if finds_others { "Vault/Sub/Note.md" } else { written };
            let found = spelled(root.join(written).components().collect());
            assert_eq!(found.as_os_str(), root.join(own).components().collect::<PathBuf>().as_os_str(), "{written}");
        }
    }

    #[test]
    fn a_long_path_loses_the_prefix_too() {
        let long = format!(r"\\?\C:\{}\a.md", "folder\\".repeat(100).trim_end_matches('\\'));
        assert_eq!(plain(PathBuf::from(&long)).to_str(), long.strip_prefix(r"\\?\"));
    }
}
