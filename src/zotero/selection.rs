//! Which part of a library is read.

/// The libraries and collections to read; all where none is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of groups, their numbers, or `My Library`.
    pub libraries: Vec<String>,
    /// Names of collections, or their paths such as `Reading/2024`. What is in collections below them counts too.
    pub collections: Vec<String>,
    /// The port on this machine at which Zotero is asked where its database cannot be read; `None` where it is not to be.
    pub api: Option<u16>,
}

impl Selection {
    /// Whether all of a library is read.
    pub fn is_all(&self) -> bool {
        self.libraries.is_empty() && self.collections.is_empty()
    }

    /// Tells one selection from another.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (kind, names) in [("l", &self.libraries), ("c", &self.collections)] {
            for name in names {
                hasher.update(kind.as_bytes()).update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selections_are_told_apart() {
        let of = |libraries: &[&str], collections: &[&str]| Selection {
            libraries: libraries.iter().map(|&name| name.to_owned()).collect(),
            collections: collections.iter().map(|&name| name.to_owned()).collect(),
            api: None,
        };
        let all = [of(&[], &[]), of(&["a"], &[]), of(&[], &["a"]), of(&["ab"], &[]), of(&["a", "b"], &[])];
        for (at, one) in all.iter().enumerate() {
            assert_eq!(one.is_all(), at == 0);
            assert!(all.iter().skip(at + 1).all(|other| other.digest() != one.digest()), "{one:?}");
        }
    }
}
