//! Which format a file is of, told by its name and its beginning.

use std::io;
use std::path::Path;

use super::compressed::{Compression, head_of, inner_name, open_input};
use crate::corpus::formats::recognise;
use crate::corpus::{Found, Reader};

/// Looks at the first 64 KiB of a file, or of what is compressed in it; `None` where no reader knows it.
pub fn recognise_file(path: &Path) -> io::Result<Option<&'static dyn Reader>> {
    Ok(inspect(path)?.map(|(reader, _)| reader))
}

/// As [`recognise_file`], with the compression of the file.
pub(super) fn inspect(path: &Path) -> io::Result<Option<(&'static dyn Reader, Option<Compression>)>> {
    let (compression, head) = head_of(path, HEAD_BYTES)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let inner = compression.and_then(|_| inner_name(&name)).unwrap_or(&name);
    Ok(recognise(inner, &head).map(|reader| (reader, compression)))
}

/// Recognises a file, reads it whole and hands what it finds to `sink`; `false` from the sink ends
/// the reading. Gives the reader that was used, or `None` where no reader knows the file.
/// Fails where the file cannot be opened or read.
pub fn read_file(path: &Path, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<Option<&'static dyn Reader>> {
    let reader = recognise_file(path)?;
    if let Some(reader) = reader {
        reader.read(&mut *open_input(path)?, sink)?;
    }
    Ok(reader)
}

/// How much of a file is looked at to recognise it.
pub(in crate::corpus) const HEAD_BYTES: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_of_no_format_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prose.txt");
        std::fs::write(&path, "Nothing but prose.").unwrap();
        let mut heard = 0;
        let mut sink = |_| {
            heard += 1;
            true
        };
        assert!(read_file(&path, &mut sink).unwrap().is_none());
        assert!(read_file(&folder.path().join("gone.txt"), &mut sink).is_err());
        assert_eq!(heard, 0);
    }
}
