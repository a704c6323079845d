//! The fields of an entry that have a meaning here, with their values put together.

use std::borrow::Cow;

use crate::corpus::syntax::bibtex::{RawEntry, Strings};
use crate::corpus::text::tex::Macros;
use crate::paper::{DateVariable, Role, Variable};

/// Declares the fields with their names, which have to be in order.
macro_rules! fields {
    ($($member:ident = $name:literal),* $(,)?) => {
        /// A field with a meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Field {
            $($member),*
        }

        impl Field {
            const ALL: &[Field] = &[$(Field::$member),*];
            const NAMES: &[&str] = &[$($name),*];
        }
    };
}

fields! {
    Abstract = "abstract",
    Addendum = "addendum",
    Address = "address",
    Afterword = "afterword",
    Annotation = "annotation",
    Annotator = "annotator",
    Annote = "annote",
    Archiveprefix = "archiveprefix",
    Articleno = "articleno",
    Arxiv = "arxiv",
    Arxivid = "arxivid",
    Author = "author",
    BdskUrl1 = "bdsk-url-1",
    Bookauthor = "bookauthor",
    Booksubtitle = "booksubtitle",
    Booktitle = "booktitle",
    Booktitleaddon = "booktitleaddon",
    Chapter = "chapter",
    Code = "code",
    Commentator = "commentator",
    Compiler = "compiler",
    Composer = "composer",
    Crossref = "crossref",
    Date = "date",
    Day = "day",
    Director = "director",
    Doi = "doi",
    Edition = "edition",
    Editor = "editor",
    Editora = "editora",
    Editoratype = "editoratype",
    Editorb = "editorb",
    Editorbtype = "editorbtype",
    Editorc = "editorc",
    Editorctype = "editorctype",
    Editortype = "editortype",
    Eid = "eid",
    Entrysubtype = "entrysubtype",
    Eprint = "eprint",
    Eprintclass = "eprintclass",
    Eprinttype = "eprinttype",
    Eventdate = "eventdate",
    Eventtitle = "eventtitle",
    Eventtitleaddon = "eventtitleaddon",
    File = "file",
    Foreword = "foreword",
    Holder = "holder",
    Howpublished = "howpublished",
    Hyphenation = "hyphenation",
    Ids = "ids",
    Illustrator = "illustrator",
    Institution = "institution",
    Interviewer = "interviewer",
    Introduction = "introduction",
    Isbn = "isbn",
    Isrn = "isrn",
    Issn = "issn",
    Issue = "issue",
    Issuesubtitle = "issuesubtitle",
    Issuetitle = "issuetitle",
    Issuetitleaddon = "issuetitleaddon",
    Journal = "journal",
    Journalsubtitle = "journalsubtitle",
    Journaltitle = "journaltitle",
    Journaltitleaddon = "journaltitleaddon",
    Keyword = "keyword",
    Keywords = "keywords",
    Langid = "langid",
    Language = "language",
    Library = "library",
    Location = "location",
    Mainsubtitle = "mainsubtitle",
    Maintitle = "maintitle",
    Maintitleaddon = "maintitleaddon",
    Month = "month",
    Narrator = "narrator",
    Note = "note",
    Number = "number",
    Numpages = "numpages",
    Organization = "organization",
    Origdate = "origdate",
    Origlocation = "origlocation",
    Origpublisher = "origpublisher",
    Origtitle = "origtitle",
    Pages = "pages",
    Pagetotal = "pagetotal",
    Part = "part",
    Pdf = "pdf",
    Performer = "performer",
    Pmcid = "pmcid",
    Pmid = "pmid",
    Primaryclass = "primaryclass",
    Producer = "producer",
    Publisher = "publisher",
    Pubstate = "pubstate",
    School = "school",
    Scriptwriter = "scriptwriter",
    Series = "series",
    Shorthand = "shorthand",
    Shortjournal = "shortjournal",
    Shorttitle = "shorttitle",
    Subtitle = "subtitle",
    Title = "title",
    Titleaddon = "titleaddon",
    Translator = "translator",
    Type = "type",
    Url = "url",
    Urldate = "urldate",
    Venue = "venue",
    Version = "version",
    Volume = "volume",
    Volumes = "volumes",
    Xdata = "xdata",
    Year = "year",
}

impl Field {
    /// The field of a name in any case.
    pub(super) fn named(name: &str) -> Option<Field> {
        let lower = || name.bytes().map(|byte| byte.to_ascii_lowercase());
        let at = Self::NAMES.binary_search_by(|known| known.bytes().cmp(lower())).ok()?;
        Self::ALL.get(at).copied()
    }

    /// A bit of its own in a set of fields.
    pub(super) fn bit(self) -> u128 {
        1 << (self as u8).min(127)
    }
}

/// A variable of CSL for which BibTeX and `BibLaTeX` have no field: it is one under its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Other {
    Text(Variable),
    Date(DateVariable),
    People(Role),
}

impl Other {
    /// The variable of a name in any case.
    fn named(name: &str) -> Option<Other> {
        let is_name = |known: &str| known.eq_ignore_ascii_case(name);
        let text = || Variable::ALL.iter().find(|it| is_name(it.csl_name())).map(|it| Other::Text(*it));
        let date = || DateVariable::ALL.iter().find(|it| is_name(it.csl_name())).map(|it| Other::Date(*it));
        let people = || Role::ALL.iter().find(|it| is_name(it.csl_name())).map(|it| Other::People(*it));
        text().filter(|it| *it != Other::Text(Variable::EntryType)).or_else(date).or_else(people)
    }
}

/// The fields of one entry that have a meaning, each once. Their number is bounded, whatever the entry holds.
#[derive(Debug, Default)]
pub(super) struct Fields<'t> {
    list: Vec<(Field, Cow<'t, str>)>,
    others: Vec<(Other, Cow<'t, str>)>,
    /// One bit for each field that is there.
    present: u128,
}

impl<'t> Fields<'t> {
    /// The fields of an entry; hands the offset and the name of each string that is defined nowhere to `missing`,
    /// and of each field that stands there twice with different values to `twice`.
    pub(super) fn new(
        entry: &RawEntry<'t>,
        strings: &Strings,
        macros: &Macros,
        missing: &mut dyn FnMut(usize, &str),
        twice: &mut dyn FnMut(usize, &str),
    ) -> Self {
        let mut fields = Self { list: Vec::with_capacity(entry.fields.len().min(32)), ..Self::default() };
        for raw in &entry.fields {
            let field = Field::named(raw.name);
            let other = if field.is_none() { Other::named(raw.name) } else { None };
            if field.is_none() && other.is_none() {
                continue;
            }
            let value = match strings.expand(raw.value.parts(), &mut |name| missing(raw.at, name)) {
                Cow::Borrowed(value) => macros.expanded(value),
                Cow::Owned(value) => Cow::Owned(macros.expanded(&value).into_owned()),
            };
            let known = match (field, other) {
                (Some(field), _) => fields.get(field),
                (None, other) => fields.others().find(|(known, _)| Some(*known) == other).map(|(_, value)| value),
            };
            match (known, field, other) {
                _ if value.trim().is_empty() => {}
                (Some(known), ..) if known != value.trim() => twice(raw.at, raw.name),
                (None, Some(field), _) => fields.add(field, value),
                (None, None, Some(other)) => fields.others.push((other, value)),
                _ => {}
            }
        }
        fields
    }

    /// The value of a field; `None` where it is missing or empty.
    pub(super) fn get(&self, field: Field) -> Option<&str> {
        if self.present & field.bit() == 0 {
            return None;
        }
        self.list.iter().find(|(known, _)| *known == field).map(|(_, value)| value.trim())
    }

    /// The first of several fields that is there.
    pub(super) fn first(&self, fields: &[Field]) -> Option<&str> {
        fields.iter().find_map(|field| self.get(*field))
    }

    /// Whether the field is there.
    pub(super) fn has(&self, field: Field) -> bool {
        self.present & field.bit() != 0
    }

    /// Adds a field that is not there and says something.
    pub(super) fn add(&mut self, field: Field, value: Cow<'t, str>) {
        if !self.has(field) {
            self.present |= field.bit();
            self.list.push((field, value));
        }
    }

    /// Adds keys to those that the entry answers to beside its own.
    pub(super) fn add_ids(&mut self, keys: &[String]) {
        if keys.is_empty() {
            return;
        }
        let own = self.get(Field::Ids).map(str::to_owned);
        let all: Vec<&str> = own.as_deref().into_iter().chain(keys.iter().map(String::as_str)).collect();
        let all = all.join(",");
        self.list.retain(|(field, _)| *field != Field::Ids);
        self.present |= Field::Ids.bit();
        self.list.push((Field::Ids, Cow::Owned(all)));
    }

    /// Those that only CSL has a name for, in the order of the file.
    pub(super) fn others(&self) -> impl Iterator<Item = (Other, &str)> {
        self.others.iter().map(|(other, value)| (*other, value.trim()))
    }

    /// All that BibTeX or `BibLaTeX` know, in the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.list.iter().map(|(field, value)| (*field, value.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::syntax::bibtex::parse;

    #[test]
    fn fields_are_found_by_their_names() {
        assert!(Field::NAMES.is_sorted());
        assert!(Field::NAMES.len() <= 128, "one bit each");
        for (name, field) in Field::NAMES.iter().zip(Field::ALL) {
            assert_eq!(Field::named(name), Some(*field));
            assert_eq!(Field::named(&name.to_uppercase()), Some(*field));
        }
        for name in ["", "f0", "titles", "bdsk-url-2", "größe"] {
            assert_eq!(Field::named(name), None, "{name}");
        }
    }

    #[test]
    fn variables_of_csl_are_fields_under_their_names() {
        let named = |name| Other::named(name);
        assert_eq!(named("Collection-Editor"), Some(Other::People(Role::CollectionEditor)));
        assert_eq!(named("archive_collection"), Some(Other::Text(Variable::ArchiveCollection)));
        assert_eq!(named("available-date"), Some(Other::Date(DateVariable::AvailableDate)));
        assert_eq!((named("entry-type"), named("owner")), (None, None));
    }

    #[test]
    fn an_entry_of_very_many_fields_keeps_those_that_mean_something() {
        let unknown: String = (0..20_000).map(|n| format!("f{n} = {{v}}, Title = {{T{n}}},\n")).collect();
        let text = format!("@misc{{a, {unknown}}}");
        let mut again = 0;
        let fields =
            Fields::new(&parse(&text, true), &Strings::default(), &Macros::default(), &mut |_, _| (), &mut |_, _| {
                again += 1;
            });
        assert_eq!(fields.iter().collect::<Vec<_>>(), [(Field::Title, "T0")]);
        assert_eq!(again, 19_999);
    }
}
