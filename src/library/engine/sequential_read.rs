//! Reading files of an index from one end to the other, while others wait for a page of them.

use std::io::{self, Read};
use std::path::Path;

use tantivy::Index;

use crate::priority::yield_now;

/// Bytes that are read at once: a reader that wants a page meanwhile waits for no more than these.
const PIECE: usize = 128 << 10;

/// Calls `visit` with the first `most` bytes of a file, piece by piece. Gives how many bytes there were.
pub(in crate::library) fn each_piece(path: &Path, most: u64, mut visit: impl FnMut(&[u8])) -> io::Result<usize> {
    let file = crate::files::open(path)?;
    // Systems that read megabytes ahead keep all others waiting for as long.
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::Random);
    let mut file = file.take(most);
    let mut piece = vec![0; PIECE];
    let mut total = 0;
    loop {
        yield_now();
        let read = match file.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok(total);
        }
        visit(&piece[..read]);
        total += read;
    }
}

/// Has the system read the dictionaries of an index, an eighth of it: a misspelt word is looked for in many places of them,
/// each of which would otherwise be read from the disk on its own. Gives how many bytes they have; what cannot be read is
/// for others to find.
pub(in crate::library) fn read_dictionaries_ahead(index: &Index, folder: &Path) -> usize {
    let files = index.load_metas().map(|metas| metas.list_segment_files()).unwrap_or_default();
    let dictionaries = files.into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "term"));
    let read = |file| each_piece(&folder.join(file), u64::MAX, |_| ()).ok();
    dictionaries.filter_map(read).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_file_comes_in_pieces_as_far_as_it_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes: Vec<u8> = (0..3 * PIECE + 7).map(|at| u8::try_from(at % 251).unwrap()).collect();
        fs::write(&path, &bytes).unwrap();
        for most in [0, 1, PIECE, 2 * PIECE + 1, bytes.len(), bytes.len() + 1] {
            let mut read = Vec::new();
            let total = each_piece(&path, most as u64, |piece| read.extend_from_slice(piece)).unwrap();
            assert_eq!((read.as_slice(), total), (&bytes[..most.min(bytes.len())], read.len()));
        }
        assert!(each_piece(&folder.path().join("none"), 1, |_| ()).is_err());
    }
}
