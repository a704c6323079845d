//! The labels of lines: the names of CSL, those that Zotero shows, and the fields of BibTeX after `tex.`

use crate::corpus::table::lookup;
use crate::paper::{DateVariable, Role, Variable};

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The citation key.
    Key,
    /// Other citation keys, with commas between them.
    Aliases,
    /// The arXiv id.
    Arxiv,
    /// The DOI.
    Doi,
    /// A short title.
    ShortTitle,
    /// The date of publication.
    Issued,
    /// Another date.
    Date(DateVariable),
    /// The type of the work.
    Type,
    /// A text.
    Text(Variable),
    /// One person.
    Person(Role),
    /// A list of people as BibTeX writes it.
    People(Role),
}

/// What a label in small letters, with spaces for hyphens, says that the line is about.
pub(super) fn label(key: &str) -> Option<Label> {
    lookup(&LABELS, &key)
        .or_else(|| Variable::named(key).filter(|it| is_readers(*it)).map(Label::Text))
        .or_else(|| DateVariable::named(key).map(Label::Date))
        .or_else(|| Role::named(key).map(Label::Person))
}

/// Whether a line may set the variable. A line that calls itself a note is one.
fn is_readers(variable: Variable) -> bool {
    !matches!(variable, Variable::Note | Variable::EntryType | Variable::HowPublished)
}

use Label::{Aliases, Arxiv, Doi, Issued, Key, People, Person, ShortTitle, Text, Type};

/// Labels that are not names of CSL, sorted.
#[rustfmt::skip]
const LABELS: [(&str, Label); 77] = [
    ("# of pages", Text(Variable::NumberOfPages)), ("# of volumes", Text(Variable::NumberOfVolumes)),
    ("artwork size", Text(Variable::Dimensions)), ("arxiv", Arxiv), ("arxiv id", Arxiv), ("arxiv number", Arxiv),
    ("bibtex", Key), ("bibtex*", Key), ("book author", Person(Role::ContainerAuthor)),
    ("book title", Text(Variable::ContainerTitle)), ("cartographer", Person(Role::Author)), ("citation key", Key),
    ("citation key alias", Aliases), ("citationkey", Key), ("conference name", Text(Variable::EventTitle)),
    ("date", Issued), ("doi", Doi), ("eprint", Arxiv), ("event", Text(Variable::EventTitle)), ("ids", Aliases),
    ("institution", Text(Variable::Publisher)), ("issued", Issued), ("journal", Text(Variable::ContainerTitle)),
    ("journal abbr", Text(Variable::ContainerTitleShort)),
    ("journal abbreviation", Text(Variable::ContainerTitleShort)), ("library catalog", Text(Variable::Source)),
    ("loc. in archive", Text(Variable::ArchiveLocation)), ("meeting name", Text(Variable::EventTitle)),
    ("num pages", Text(Variable::NumberOfPages)), ("pages", Text(Variable::Page)),
    ("patent number", Text(Variable::Number)), ("place", Text(Variable::PublisherPlace)),
    ("proceedings title", Text(Variable::ContainerTitle)), ("publication", Text(Variable::ContainerTitle)),
    ("publication title", Text(Variable::ContainerTitle)), ("report number", Text(Variable::Number)),
    ("report type", Text(Variable::Genre)), ("running time", Text(Variable::Dimensions)),
    ("series", Text(Variable::CollectionTitle)), ("series editor", Person(Role::CollectionEditor)),
    ("series number", Text(Variable::CollectionNumber)), ("short title", ShortTitle), ("shorttitle", ShortTitle),
    ("tex.address", Text(Variable::PublisherPlace)), ("tex.author", People(Role::Author)),
    ("tex.booktitle", Text(Variable::ContainerTitle)), ("tex.date", Issued), ("tex.doi", Doi),
    ("tex.edition", Text(Variable::Edition)), ("tex.editor", People(Role::Editor)), ("tex.eprint", Arxiv),
    ("tex.howpublished", Text(Variable::HowPublished)), ("tex.ids", Aliases),
    ("tex.institution", Text(Variable::Publisher)), ("tex.isbn", Text(Variable::Isbn)),
    ("tex.issn", Text(Variable::Issn)), ("tex.issue", Text(Variable::Issue)),
    ("tex.journal", Text(Variable::ContainerTitle)), ("tex.journaltitle", Text(Variable::ContainerTitle)),
    ("tex.langid", Text(Variable::Language)), ("tex.language", Text(Variable::Language)),
    ("tex.location", Text(Variable::PublisherPlace)), ("tex.note", Text(Variable::Note)),
    ("tex.number", Text(Variable::Number)), ("tex.pages", Text(Variable::Page)),
    ("tex.publisher", Text(Variable::Publisher)), ("tex.pubstate", Text(Variable::Status)),
    ("tex.series", Text(Variable::CollectionTitle)), ("tex.shorttitle", ShortTitle),
    ("tex.translator", People(Role::Translator)), ("tex.type", Text(Variable::Genre)),
    ("tex.version", Text(Variable::Version)), ("tex.volume", Text(Variable::Volume)), ("tex.year", Issued),
    ("thesis type", Text(Variable::Genre)), ("title short", ShortTitle), ("type", Type),
];

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn labels_are_sorted() {
        assert!(LABELS.is_sorted_by(|one, other| one.0 < other.0));
    }
}
