//! What a corpus file says about one paper, as plain data.

use serde::{Deserialize, Serialize};

use super::date::PublicationDate;
use super::details::{DateVariable, Details, Role, Variable};
use super::holding::Holding;
use super::notice::Notice;
use super::person::Person;

/// One entry in one corpus file: everything that file says about a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The full title on one line, white space collapsed.
    pub title: String,
    /// The abstract as one text, or `None` where the file has none.
    #[serde(rename = "abstract", default, skip_serializing_if = "Option::is_none")]
    pub abstract_text: Option<String>,
    /// Author names in the order given; empty where only their number is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
    /// How many authors there are, where the file says so or lists them all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_count: Option<u32>,
    /// When the paper appeared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PublicationDate>,
    /// The organisation that a listing page names instead of authors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Organization>,
    /// How many comments the listing page counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u32>,
    /// Citation keys: the entry's own first, then its declared aliases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The version-less arXiv id in canonical form, such as `2306.02707` or `hep-th/9901001`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arxiv: Option<String>,
    /// The DOI in lower case without any prefix, such as `10.1000/xyz`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// The DOI as the file writes it, where it has capitals there; it is compared without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_doi: Option<String>,
    /// Short titles the entry declares for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short_titles: Vec<String>,
    /// Addresses the file itself gives.
    #[serde(default, skip_serializing_if = "Links::is_empty")]
    pub links: Links,
    /// What sort of work it is, as a CSL type such as `article-journal`, `paper-conference` or `book`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub work_type: Option<String>,
    /// What a reference list says beyond title, authors, date and venue.
    #[serde(default, skip_serializing_if = "Details::is_empty")]
    pub details: Details,
    /// The corpus file says that the paper was retracted or withdrawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retracted: bool,
    /// Notices about the paper, in the order of their dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The record stands in a list of notices, which only says what became of papers: the paper answers to its
    /// identifiers and its title, and is offered nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_in_notices: bool,
    /// What the user's reference manager keeps about it; `None` where the record is from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<Box<Holding>>,
    /// Where in the file the record stands.
    pub span: Span,
}

impl Record {
    /// What stands for the record where its title is shown: the title, else an identifier.
    pub fn heading(&self) -> &str {
        let identifier = self.arxiv.as_deref().or(self.doi.as_deref()).or(self.keys.first().map(String::as_str));
        if self.title.is_empty() { identifier.unwrap_or_default() } else { &self.title }
    }

    /// The DOI for people and other programs, in the capitals of its source.
    pub fn shown_doi(&self) -> Option<&str> {
        let doi = self.doi.as_deref()?;
        Some(self.written_doi.as_deref().filter(|written| written.eq_ignore_ascii_case(doi)).unwrap_or(doi))
    }

    /// Where the work appeared: the journal, the book or the conference; else who published it. `None` where the
    /// record says nothing of it.
    pub fn venue(&self) -> Option<&str> {
        let order = [
            Variable::ContainerTitle,
            Variable::EventTitle,
            Variable::CollectionTitle,
            Variable::Publisher,
            Variable::HowPublished,
        ];
        order.into_iter().find_map(|variable| self.details.text(variable))
    }

    /// The people of a role besides the authors, in the order given.
    pub fn people(&self, role: Role) -> &[Person] {
        if role == Role::Author { &self.authors } else { self.details.people(role) }
    }

    /// A date of the record besides that of publication.
    pub fn other_date(&self, date: DateVariable) -> Option<PublicationDate> {
        self.details.date(date)
    }

    /// How much the record tells, for choosing the richest of several: larger is richer.
    ///
    /// The figure depends on the record alone, so that the choice never depends on reading order.
    pub fn completeness_score(&self) -> u32 {
        // What a list of notices says of a paper is said better anywhere else.
        if self.only_in_notices {
            return 0;
        }
        let text = self.abstract_text.as_ref().map_or(0, |text| 8 + (text.len() / 400).min(8));
        let flags = [
            (!self.authors.is_empty(), 6),
            (self.author_count.is_some(), 2),
            (self.date.is_some(), 3),
            (self.date.is_some_and(|date| !date.year_inferred), 1),
            (self.arxiv.is_some(), 3),
            (self.doi.is_some(), 3),
            (!self.keys.is_empty(), 2),
            (self.venue().is_some(), 2),
            (self.organization.is_some(), 1),
            (self.comments.is_some(), 1),
            (!self.links.is_empty(), 1),
        ];
        let fields: u32 = flags.iter().filter(|(there, _)| *there).map(|(_, weight)| weight).sum();
        fields + u32::try_from(text).unwrap_or(u32::MAX)
    }
}

/// An organisation on a listing page: its handle and its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The short handle, such as `metaresearch`.
    pub handle: String,
    /// The name, such as `Meta Research`.
    pub name: String,
}

/// Addresses that a corpus file gives for a paper. Untrusted until [`crate::features`] has checked them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The paper's own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// A PDF: an address or a local path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
    /// Source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The paper in the user's Zotero: an address such as `zotero://select/library/items/ABCD1234`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zotero: Option<String>,
}

impl Links {
    /// Whether no address is known.
    pub fn is_empty(&self) -> bool {
        *self == Links::default()
    }
}

/// The place of a record in its file, measured in bytes and lines of the file as it is on disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Byte offset of the first byte.
    pub start: u64,
    /// Byte offset after the last byte.
    pub end: u64,
    /// The line of the title or entry head, counted from 0.
    pub line: u32,
    /// The last line of the record, counted from 0.
    pub end_line: u32,
    /// Length of the title line (without its line ending) in UTF-16 code units, so that a selection
    /// range can be given without opening the file.
    pub title_utf16: u32,
}
