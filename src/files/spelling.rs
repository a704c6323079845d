//! How a path is spelled: one spelling for one place, and that which people and other programs write.
//!
//! On Windows the system gives a path without links as `\\?\C:\notes`, and editors name the same folder by `c:\notes`. Both
//! are taken for `C:\notes` wherever a path comes in, so that a note is one note and nobody is shown the prefix.

use std::io;
use std::path::{Path, PathBuf};

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

    #[test]
    fn a_long_path_loses_the_prefix_too() {
        let long = format!(r"\\?\C:\{}\a.md", "folder\\".repeat(100).trim_end_matches('\\'));
        assert_eq!(plain(PathBuf::from(&long)).to_str(), long.strip_prefix(r"\\?\"));
    }
}
