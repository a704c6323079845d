//! What a bibliography needs of a work beyond title, authors and date: the variables of CSL.

use serde::{Deserialize, Serialize};

use super::date::PublicationDate;
use super::person::Person;

/// The smaller print of a reference: each variable at most once, ordered by variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Details {
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    texts: Vec<(Variable, String)>,
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    dates: Vec<(DateVariable, PublicationDate)>,
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<(Role, Vec<Person>)>,
}

impl Details {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.dates.is_empty() && self.people.is_empty()
    }

    /// The text of a variable, as its source writes it but for mark-up.
    pub fn text(&self, variable: Variable) -> Option<&str> {
        get(&self.texts, variable).map(String::as_str)
    }

    /// Every text there is, ordered by variable.
    pub fn texts(&self) -> impl Iterator<Item = (Variable, &str)> {
        self.texts.iter().map(|(variable, text)| (*variable, text.as_str()))
    }

    /// Sets a text; an empty one removes it.
    pub fn set_text(&mut self, variable: Variable, text: impl Into<String>) {
        let text = text.into();
        set(&mut self.texts, variable, (!text.is_empty()).then_some(text));
    }

    /// These details with one text more; `None` changes nothing.
    #[must_use]
    pub fn with_text(mut self, variable: Variable, text: Option<String>) -> Self {
        text.into_iter().for_each(|text| self.set_text(variable, text));
        self
    }

    /// These details with the people of a role.
    #[must_use]
    pub fn with_people(mut self, role: Role, people: Vec<Person>) -> Self {
        self.set_people(role, people);
        self
    }

    /// One of the dates.
    pub fn date(&self, variable: DateVariable) -> Option<PublicationDate> {
        get(&self.dates, variable).copied()
    }

    /// Every date there is, ordered by variable.
    pub fn dates(&self) -> impl Iterator<Item = (DateVariable, PublicationDate)> {
        self.dates.iter().copied()
    }

    /// Sets one of the dates.
    pub fn set_date(&mut self, variable: DateVariable, date: PublicationDate) {
        set(&mut self.dates, variable, Some(date));
    }

    /// The people of a role, in the order given; empty where there are none.
    pub fn people(&self, role: Role) -> &[Person] {
        get(&self.people, role).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every list of people there is, ordered by role.
    pub fn all_people(&self) -> impl Iterator<Item = (Role, &[Person])> {
        self.people.iter().map(|(role, people)| (*role, people.as_slice()))
    }

    /// Sets the people of a role; an empty list removes it.
    pub fn set_people(&mut self, role: Role, people: Vec<Person>) {
        set(&mut self.people, role, (!people.is_empty()).then_some(people));
    }

    /// Adds one person to a role.
    pub fn add_person(&mut self, role: Role, person: Person) {
        match self.people.binary_search_by_key(&role, |(role, _)| *role) {
            Ok(at) => self.people.get_mut(at).into_iter().for_each(|(_, people)| people.push(person.clone())),
            Err(at) => self.people.insert(at, (role, vec![person])),
        }
    }
}

/// Texts that may be there.
impl FromIterator<(Variable, Option<String>)> for Details {
    fn from_iter<I: IntoIterator<Item = (Variable, Option<String>)>>(texts: I) -> Self {
        let present = texts.into_iter();
        present.fold(Details::default(), |details, (variable, text)| details.with_text(variable, text))
    }
}

fn get<K: Ord + Copy, V>(list: &[(K, V)], key: K) -> Option<&V> {
    let at = list.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    list.get(at).map(|(_, value)| value)
}

fn set<K: Ord + Copy, V>(list: &mut Vec<(K, V)>, key: K, value: Option<V>) {
    let place = list.binary_search_by_key(&key, |(key, _)| *key);
    match (place, value) {
        (Ok(at), Some(value)) => list.get_mut(at).into_iter().zip([value]).for_each(|(slot, value)| slot.1 = value),
        (Ok(at), None) => drop(list.remove(at)),
        (Err(at), Some(value)) => list.insert(at, (key, value)),
        (Err(_), None) => {}
    }
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Declares an enumeration whose members have names: those of CSL 1.0.2 where CSL has the variable.
macro_rules! named_variables {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $member:ident = $csl:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $csl)] $member),*
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &[$name] = &[$($name::$member),*];

            /// The name in CSL-JSON, such as `container-title`.
            pub fn csl_name(self) -> &'static str {
                match self {
                    $($name::$member => $csl),*
                }
            }

            /// The one that CSL calls so, in any case and with anything between the words: `container-title`,
            /// `Container Title`, `containerTitle`.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| letters(it.csl_name()).eq(letters(name)))
            }
        }
    };
}

named_variables! {
    /// A text or number of a reference.
    Variable {
        /// The journal, the book or the proceedings that the work is a part of.
        ContainerTitle = "container-title",
        /// The abbreviated container title.
        ContainerTitleShort = "container-title-short",
        /// The series that the container or the book belongs to.
        CollectionTitle = "collection-title",
        /// The number within the series.
        CollectionNumber = "collection-number",
        /// The title of the volume, where the volumes of a work have titles of their own.
        VolumeTitle = "volume-title",
        /// The title of one part of a work.
        PartTitle = "part-title",
        /// The conference.
        EventTitle = "event-title",
        /// Where the conference took place.
        EventPlace = "event-place",
        /// Publisher, school or institution.
        Publisher = "publisher",
        /// Where the publisher is.
        PublisherPlace = "publisher-place",
        /// The publisher of the original.
        OriginalPublisher = "original-publisher",
        /// Where the publisher of the original is.
        OriginalPublisherPlace = "original-publisher-place",
        /// The title of the original, of a translation or reprint.
        OriginalTitle = "original-title",
        /// The title of the work that this one reviews.
        ReviewedTitle = "reviewed-title",
        /// The volume of the journal or series.
        Volume = "volume",
        /// The issue within the volume.
        Issue = "issue",
        /// The number of a report, patent or standard.
        Number = "number",
        /// Pages, with an en dash or hyphen between first and last; an article number.
        Page = "page",
        /// How many pages there are.
        NumberOfPages = "number-of-pages",
        /// How many volumes there are.
        NumberOfVolumes = "number-of-volumes",
        /// The number of a chapter.
        ChapterNumber = "chapter-number",
        /// The number of a part.
        PartNumber = "part-number",
        /// The number of a supplement.
        SupplementNumber = "supplement-number",
        /// A section of a newspaper or law.
        Section = "section",
        /// Edition of a book.
        Edition = "edition",
        /// Version of software or data.
        Version = "version",
        /// What sort of thesis, report or patent it is, in words.
        Genre = "genre",
        /// What the work is stored on.
        Medium = "medium",
        /// Size or duration.
        Dimensions = "dimensions",
        /// Scale of a map.
        Scale = "scale",
        /// The language, as the source writes it.
        Language = "language",
        /// A note to be printed.
        Note = "note",
        /// A note of the reader's own.
        Annote = "annote",
        /// State of publication: `in press`, `retracted`.
        Status = "status",
        /// ISBN.
        Isbn = "ISBN",
        /// ISSN.
        Issn = "ISSN",
        /// The number in `PubMed`.
        Pmid = "PMID",
        /// The number in `PubMed` Central, with `PMC`.
        Pmcid = "PMCID",
        /// Who keeps the work: an archive, a library or a preprint server.
        Archive = "archive",
        /// The collection within the archive.
        ArchiveCollection = "archive_collection",
        /// Where in the archive it is kept.
        ArchiveLocation = "archive_location",
        /// Where the archive is.
        ArchivePlace = "archive-place",
        /// The shelf mark.
        CallNumber = "call-number",
        /// The authority of a law, standard or patent.
        Authority = "authority",
        /// Where a law or patent holds.
        Jurisdiction = "jurisdiction",
        /// Works that a law or standard refers to.
        References = "references",
        /// Keywords, with commas between them.
        Keyword = "keyword",
        /// The database that the entry was taken from.
        Source = "source",
        /// How a work without publisher came out, in words.
        HowPublished = "howpublished",
        /// The entry type that a `.bib` file declares, in lower case.
        EntryType = "entry-type",
        /// The title with the tags of CSL, where words of it are set in other type or keep their case.
        MarkedTitle = "marked-title",
        /// What stands in the place of the date of publication: `in press`.
        DateText = "date-text",
    }
}

named_variables! {
    /// A date of a reference besides that of publication.
    DateVariable {
        /// When the address was looked at.
        Accessed = "accessed",
        /// When the work could be had, before it was printed.
        AvailableDate = "available-date",
        /// When the conference took place.
        EventDate = "event-date",
        /// When the original appeared, of a translation or reprint.
        OriginalDate = "original-date",
        /// When the manuscript or the patent was handed in.
        Submitted = "submitted",
    }
}

named_variables! {
    /// What a person did for a work.
    Role {
        /// Wrote it.
        Author = "author",
        /// Chaired the committee or session.
        Chair = "chair",
        /// Edited the series.
        CollectionEditor = "collection-editor",
        /// Compiled it.
        Compiler = "compiler",
        /// Composed it.
        Composer = "composer",
        /// Wrote the book that this is a chapter of.
        ContainerAuthor = "container-author",
        /// Helped.
        Contributor = "contributor",
        /// Curated it.
        Curator = "curator",
        /// Directed it.
        Director = "director",
        /// Edited it.
        Editor = "editor",
        /// Directed the edition.
        EditorialDirector = "editorial-director",
        /// Translated and edited it.
        EditorTranslator = "editortranslator",
        /// Was a guest.
        Guest = "guest",
        /// Hosted it.
        Host = "host",
        /// Drew the pictures.
        Illustrator = "illustrator",
        /// Asked the questions.
        Interviewer = "interviewer",
        /// Narrated it.
        Narrator = "narrator",
        /// Organised the event.
        Organizer = "organizer",
        /// Wrote the original.
        OriginalAuthor = "original-author",
        /// Performed it.
        Performer = "performer",
        /// Produced it.
        Producer = "producer",
        /// Received the letter; of a patent, holds it.
        Recipient = "recipient",
        /// Wrote the work that this one reviews.
        ReviewedAuthor = "reviewed-author",
        /// Wrote the script.
        ScriptWriter = "script-writer",
        /// Created the series.
        SeriesCreator = "series-creator",
        /// Translated it.
        Translator = "translator",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_kept_once_and_in_order() {
        let mut details = Details::default();
        details.set_text(Variable::Volume, "3");
        details.set_text(Variable::ContainerTitle, "Old");
        details.set_text(Variable::ContainerTitle, "Journal");
        details.set_text(Variable::Issue, "");
        assert_eq!(
            details.texts().collect::<Vec<_>>(),
            [(Variable::ContainerTitle, "Journal"), (Variable::Volume, "3")]
        );
        details.set_text(Variable::Volume, "");
        assert_eq!(details.text(Variable::Volume), None);
        details.add_person(Role::Editor, Person::new("A", ""));
        details.add_person(Role::Editor, Person::new("B", ""));
        details.add_person(Role::Chair, Person::new("C", ""));
        assert_eq!(details.people(Role::Editor).len(), 2);
        assert_eq!(details.all_people().next().map(|(role, _)| role), Some(Role::Chair));
        details.set_people(Role::Editor, Vec::new());
        assert!(details.people(Role::Editor).is_empty());
    }

    #[test]
    fn details_come_back_from_json() {
        let mut details = Details::default();
        details.set_text(Variable::Isbn, "978");
        details.set_date(DateVariable::EventDate, PublicationDate::new(2020, Some(5), None));
        details.add_person(Role::Editor, Person::group("ATLAS"));
        let json = serde_json::to_string(&details).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Details>(&json).ok(), Some(details));
    }
}
