//! Writing a file whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

use super::persist;

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced, and the new one has its permissions.
    Replaced,
    /// It stays, and writing fails with [`io::ErrorKind::AlreadyExists`].
    Kept,
}

/// Writes a file into a folder that is there: into a temporary file beside it, which then gets its name. A link at `target`
/// is replaced itself; resolve it before, where it shall stay one.
pub fn write_whole(target: &Path, content: &[u8], existing: Existing) -> io::Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ibid-");
    // Temporary files are for their owner only; this one is to become an ordinary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(content)?;
    if existing == Existing::Replaced
        && let Ok(known) = target.metadata()
    {
        temporary.as_file().set_permissions(known.permissions())?;
    }
    temporary.as_file().sync_all()?;
    match existing {
        Existing::Replaced => persist(temporary, target),
        Existing::Kept => temporary.persist_noclobber(target).map(drop).map_err(|error| error.error),
    }
}
