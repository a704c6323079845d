//! Literature notes: which paper a note is about.

use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::notes::{FrontMatterField, front_matter_fields};
use crate::paper::{Identifier, lookup_key, parse_arxiv, parse_doi, parse_identifier};
use crate::text::TextSpan;

/// What a note says of the paper it is about. All of it may be wrong or missing: people write it by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteIdentity {
    /// A version-less arXiv id.
    pub arxiv: Option<String>,
    /// A DOI in lower case.
    pub doi: Option<String>,
    /// A citation key: of the front matter, or of a file that is called `@key.md`.
    pub citation_key: Option<String>,
    /// The title as it is written.
    pub title: Option<String>,
    /// The first line of the front matter that names the paper by an identifier or a key.
    pub span: Option<TextSpan>,
}

/// What identifies a paper, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityField {
    /// The arXiv id.
    Arxiv,
    /// The DOI.
    Doi,
    /// The citation key.
    CitationKey,
    /// The title.
    Title,
}

impl NoteIdentity {
    /// From the path of a note and its front matter with the fences.
    pub fn new(path: &Path, front_matter: Option<&str>) -> NoteIdentity {
        let mut identity = NoteIdentity::default();
        front_matter.into_iter().flat_map(front_matter_fields).for_each(|field| identity.take(&field));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Some(key) = stem.strip_prefix('@').filter(|key| !key.is_empty()) {
            identity.citation_key.get_or_insert_with(|| key.to_owned());
        }
        identity
    }

    fn take(&mut self, field: &FrontMatterField<'_>) {
        let value = field.value;
        match field.name.to_lowercase().replace(['_', ' '], "-").as_str() {
            "arxiv" | "arxiv-id" | "arxivid" | "eprint" => set(&mut self.arxiv, parse_arxiv(value)),
            "doi" => match parse_identifier(value) {
                Some(Identifier::Arxiv(id)) => set(&mut self.arxiv, Some(id)),
                _ => set(&mut self.doi, parse_doi(value)),
            },
            // Any page may be named: only that of a paper identifies one.
            "url" | "link" | "source" if value.contains("://") => match parse_identifier(value) {
                Some(Identifier::Arxiv(id)) => set(&mut self.arxiv, Some(id)),
                Some(Identifier::Doi(doi)) => set(&mut self.doi, Some(doi)),
                None => {}
            },
            "citekey" | "cite-key" | "citation-key" | "citationkey" | "bibkey" | "ibid" => {
                let key = value.trim_start_matches('@');
                match parse_identifier(key) {
                    Some(Identifier::Arxiv(id)) => set(&mut self.arxiv, Some(id)),
                    Some(Identifier::Doi(doi)) => set(&mut self.doi, Some(doi)),
                    None => set(&mut self.citation_key, Some(key.to_owned()).filter(|key| !key.is_empty())),
                }
            }
            "title" => set(&mut self.title, Some(value.to_owned())),
            _ => {}
        }
    }

    /// The identifiers and the key, each with the sign before it in prose, strongest first.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = [("arXiv:", &self.arxiv), ("doi:", &self.doi), ("@", &self.citation_key)];
        names.into_iter().filter_map(|(sign, name)| Some((sign, name.as_deref()?)))
    }

    /// The fields that are there, with their lookup keys, strongest first.
    pub fn keys(&self) -> impl Iterator<Item = (IdentityField, String)> {
        let fields = [
            (IdentityField::Arxiv, &self.arxiv),
            (IdentityField::Doi, &self.doi),
            (IdentityField::CitationKey, &self.citation_key),
            (IdentityField::Title, &self.title),
        ];
        fields.into_iter().filter_map(|(field, value)| Some((field, lookup_key(value.as_ref()?))))
    }

    pub(super) fn key_set(&self) -> FxHashSet<String> {
        self.keys().map(|(_, key)| key).filter(|key| !key.is_empty()).collect()
    }
}

/// The first line of a front matter, with its fences, that names a paper by an identifier or a key.
pub(super) fn identity_line(front_matter: &str) -> Option<Range<usize>> {
    field_with(front_matter, |identity| identity.names().next().map(drop)).map(|(field, ())| field.line)
}

/// Where the citation key stands that a front matter, with its fences, gives its note: the first one, without `@` and
/// quotes. `None` where there is none.
pub fn citation_key_in(front_matter: &str) -> Option<Range<usize>> {
    let (field, key) = field_with(front_matter, |identity| identity.citation_key)?;
    let start = field.value_start + field.value.find(&key)?;
    Some(start..start + key.len())
}

/// The first field of a front matter that gives by itself what is wanted.
fn field_with<T>(front_matter: &str, wanted: impl Fn(NoteIdentity) -> Option<T>) -> Option<(FrontMatterField<'_>, T)> {
    front_matter_fields(front_matter).find_map(|field| {
        let mut identity = NoteIdentity::default();
        identity.take(&field);
        Some((field, wanted(identity)?))
    })
}

/// The first value of a field counts.
fn set(field: &mut Option<String>, value: Option<String>) {
    if field.is_none() {
        *field = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, front_matter: &str) -> [String; 4] {
        let identity = NoteIdentity::new(Path::new(path), Some(front_matter));
        [identity.arxiv, identity.doi, identity.citation_key, identity.title].map(Option::unwrap_or_default)
    }

    #[test]
    fn front_matter_names_the_paper() {
        let yaml = "---\r\ntitle: \"Orca: Progressive Learning\" # the paper\r\narxiv: https://arxiv.org/abs/2306.02707v2\r\nDOI: doi:10.1000/XYZ\r\ncitation_key: '@mukherjee2023'\r\ntags: [a]\r\n---\r\n";
        assert_eq!(read("a.md", yaml), ["2306.02707", "10.1000/xyz", "mukherjee2023", "Orca: Progressive Learning"]);
        let toml = "+++\ntitle = \"Orca\"\neprint = \"hep-th/9901001\"\n+++\n";
        assert_eq!(read("a.md", toml), ["hep-th/9901001", "", "", "Orca"]);
        assert_eq!(read("a.md", "---\nurl: https://arxiv.org/abs/2306.02707\n---"), ["2306.02707", "", "", ""]);
        assert_eq!(read("a.md", "---\ntitle: \"[Re] Orca\"\n---"), ["", "", "", "[Re] Orca"]);
        assert_eq!(read("a.md", "---\nibid: 2306.02707\n---"), ["2306.02707", "", "", ""]);
        assert_eq!(read("a.md", "---\ndoi: 10.48550/arXiv.2306.02707\n---"), ["2306.02707", "", "", ""]);
    }

    #[test]
    fn files_may_be_called_by_the_key() {
        assert_eq!(read("notes/@smith2020.md", ""), ["", "", "smith2020", ""]);
        assert_eq!(read("@smith2020.md", "---\ncitekey: other\n---"), ["", "", "other", ""]);
        assert_eq!(read("@.md", ""), [""; 4]);
    }

    #[test]
    fn what_is_no_plain_value_is_passed_over() {
        let odd = "---\ntitle: [a, b]\narxiv:\n  id: 2306.02707\ndoi: none\nurl: https://example.org\ntitle: |\n  x\ncitekey: \"\"\n---\n";
        assert_eq!(read("a.md", odd), [""; 4]);
        assert_eq!(read("a.md", "---\ntitle: one\ntitle: two\n---"), ["", "", "", "one"]);
        for text in ["---", "--- \u{0}", "+++\n=\n+++", ":::\n:", "---\n\"\n'\n---", "---\ntitle: \"open\n---"] {
            assert_eq!(read("a.md", text)[0], "");
        }
    }
}
