//! Comparing an index with the checksums in its files.
//!
//! Files are read piece by piece instead of being mapped: to take back a mapping of gigabytes keeps whoever reads the index
//! waiting for tens of milliseconds.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tantivy::Index;
use tantivy::directory::FileSlice;
use tantivy::directory::footer::Footer;

use crate::library::engine::sequential_read::each_piece;

/// The files of an index in a folder that are not what was written. Takes time in proportion to the size of the index.
pub(in crate::library) fn damaged_files(index: &Index, folder: &Path) -> tantivy::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = index.load_metas()?.list_segment_files().into_iter().collect();
    // By kind: the lists that each keystroke needs are in memory then before the records of which it needs a few.
    files.sort_unstable_by(|a, b| (a.extension(), a).cmp(&(b.extension(), b)));
    let (mut damaged, mut missing) = (Vec::new(), Vec::new());
    for file in files {
        match is_sound(&folder.join(&file)) {
            Ok(true) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => missing.push(file),
            Ok(false) => damaged.push(file),
            Err(error) => {
                tracing::warn!("{}: {error}", file.display());
                damaged.push(file);
            }
        }
    }
    missing.retain(|file| !may_be_missing(file));
    if !missing.is_empty() {
        // A merge of another process may have removed files meanwhile, with their segments.
        let files = index.load_metas()?.list_segment_files();
        damaged.extend(missing.into_iter().filter(|file| files.contains(file)));
    }
    Ok(damaged)
}

/// Whether not every segment has such a file: what was deleted of it, which is missed when an index is opened, and what is
/// there while it is being written.
fn may_be_missing(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "del" || kind == "temp")
}

/// Whether a file has the checksum that stands at its end. Fails for a file without one.
fn is_sound(path: &Path) -> io::Result<bool> {
    let (footer, body) = Footer::extract_footer(FileSlice::open(path)?)?;
    let mut checksum = crc32fast::Hasher::new();
    each_piece(path, body.num_bytes().get_bytes(), |piece| checksum.update(piece))?;
    Ok(checksum.finalize() == footer.crc)
}
