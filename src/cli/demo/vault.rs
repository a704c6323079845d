//! The sample vault: a page of papers and some notes that cite them, built into the program.

use std::fs;
use std::io;
use std::path::Path;

/// The files of the vault: path and text.
const FILES: [(&str, &str); 6] = [
    ("papers.txt", include_str!("../../../assets/demo/papers.txt")),
    ("ibid.toml", include_str!("../../../assets/demo/ibid.toml")),
    (NOTE, include_str!("../../../assets/demo/notes/small models.md")),
    ("notes/fine-tuning at home.md", include_str!("../../../assets/demo/notes/fine-tuning at home.md")),
    ("notes/attention.md", include_str!("../../../assets/demo/notes/attention.md")),
    ("notes/reading list.md", include_str!("../../../assets/demo/notes/reading list.md")),
];

/// The note that the demonstration opens.
pub(super) const NOTE: &str = "notes/small models.md";

/// Writes the vault into a folder, which is made if need be. Fails where a file of the vault is there
/// already: nothing is ever overwritten.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    for (path, text) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::File::create_new(path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
    }
    Ok(())
}

/// Whether a folder may be written to: it is not there yet, or empty.
pub(super) fn is_free(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_vault_is_never_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let vault = folder.path().join("vault");
        assert!(is_free(&vault).unwrap());
        write(&vault).unwrap();
        assert!(!is_free(&vault).unwrap());
        fs::write(vault.join(NOTE), "mine").unwrap();
        assert_eq!(write(&vault).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(vault.join(NOTE)).unwrap(), "mine");
        assert!(is_free(&vault.join("ibid.toml")).is_err());
    }
}
