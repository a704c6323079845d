//! Cards as files, for papers whose corpus file is compressed: an editor can open nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::features::Card;
use crate::files::{self, Existing};

/// Writes a card below the cache directory and gives its path; the same card always has the same one. The file is
/// read-only, so that it is not edited in place of the entry.
pub(super) fn write(card: &Card, cache_directory: &Path) -> io::Result<PathBuf> {
    let text = format!("<!-- made by ibid; changes are lost -->\n\n{}\n", card.markdown());
    let folder = cache_directory.join("cards");
    let digest = blake3::hash(text.as_bytes()).to_hex();
    let path = folder.join(format!("{}.md", digest.get(..24).unwrap_or_default()));
    if path.exists() {
        return Ok(path);
    }
    fs::create_dir_all(&folder)?;
    files::write_whole(&path, text.as_bytes(), Existing::Replaced)?;
    // Not before it has its name, with which Windows takes away what it was told of the file.
    let mut permissions = fs::metadata(&path)?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_card_is_written_once_and_can_only_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let card = Card { title: "Orca".to_owned(), ..Card::default() };
        let path = write(&card, folder.path()).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("**Orca**"));
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
        assert_eq!(write(&card, folder.path()).unwrap(), path);
        assert_eq!(fs::read_dir(folder.path().join("cards")).unwrap().count(), 1);
    }
}
