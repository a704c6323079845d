//! What sort of work a record describes, where it appeared, and who is named as its author.

use std::borrow::Cow;

use super::super::escape::plain_text;
use crate::paper::{CSL_TYPES, MarkedText, Person, Record, Variable, fold};

/// The CSL type of a record: its own, or else the one that its container and identifiers suggest.
pub(super) fn csl_type(record: &Record) -> &'static str {
    let own = record.work_type.as_deref().and_then(|own| CSL_TYPES.into_iter().find(|known| *known == own));
    match (own, venue(record)) {
        (Some(own), _) => own,
        (None, None) if record.arxiv.is_some() => "article",
        (None, Some(venue)) if is_conference(&venue) => "paper-conference",
        (None, Some(_)) => "article-journal",
        (None, None) => "document",
    }
}

/// The title of a record, on one line, with what is marked in it.
pub(super) fn title(record: &Record) -> MarkedText {
    let plain = plain_text(&record.title);
    let marked = record.details.text(Variable::MarkedTitle).map(MarkedText::parse);
    let marked = marked.filter(|marked| marked.plain == plain);
    marked.unwrap_or(MarkedText { plain, marks: Vec::new() })
}

/// Whether a reference names arXiv as the publisher: a paper that is there and, as far as the record tells, nowhere else.
pub(super) fn is_arxiv_paper(record: &Record) -> bool {
    let is_paper = ["article", "article-journal", "manuscript", "document", "webpage"].contains(&csl_type(record));
    is_paper && record.arxiv.is_some() && venue(record).is_none()
}

/// The journal, conference or book that a work appeared in, on one line.
pub(super) fn venue(record: &Record) -> Option<String> {
    record.appeared_in().map(plain_text).filter(|venue| !venue.is_empty())
}

/// The authors of a record: those it lists, else the organisation it names instead.
pub(super) fn authors(record: &Record) -> Vec<Person> {
    let listed = people(&record.authors);
    if !listed.is_empty() {
        return listed;
    }
    let organization = record.organization.as_ref();
    let name = organization.map(|it| if it.name.trim().is_empty() { &it.handle } else { &it.name });
    people(&name.map(Person::group).into_iter().collect::<Vec<_>>())
}

/// Whether there are authors beside those that [`authors`] gives: the record counts more than it lists, or does not
/// list them all, or names an organisation instead.
pub(super) fn has_further_authors(record: &Record) -> bool {
    let named = authors(record).len();
    match record.author_count {
        Some(count) => named > 0 && count as usize > named,
        None => named > 0,
    }
}

/// The state of publication. That a work was taken back goes before what else its record says.
pub(super) fn status(record: &Record) -> Option<Cow<'_, str>> {
    let own = record.details.text(Variable::Status);
    let says_so = |status: &str| ["retracted", "withdrawn"].contains(&status.to_lowercase().as_str());
    match own {
        None if record.retracted => Some("retracted".into()),
        Some(own) if record.retracted && !says_so(own) => Some(format!("retracted; {own}").into()),
        own => own.map(Cow::Borrowed),
    }
}

/// People with a name each, on one line; one who has a given name only is called by that.
pub(super) fn people(people: &[Person]) -> Vec<Person> {
    let plain = people.iter().map(|person| Person {
        family: plain_text(&person.family),
        given: plain_text(&person.given),
        dropping_particle: plain_text(&person.dropping_particle),
        particle: plain_text(&person.particle),
        suffix: plain_text(&person.suffix),
        is_group: person.is_group,
    });
    plain
        .filter_map(|person| match (person.family.is_empty(), person.given.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Person { family: person.given, given: String::new(), ..person }),
            _ => Some(person),
        })
        .collect()
}

/// What two records have in common that a reader of a list would take for the same entry.
pub(super) fn likeness(record: &Record) -> impl Eq + std::hash::Hash + use<> {
    let texts = [
        Variable::ContainerTitle,
        Variable::EventTitle,
        Variable::Publisher,
        Variable::Volume,
        Variable::Issue,
        Variable::Number,
        Variable::Page,
        Variable::Edition,
        Variable::Version,
        Variable::Genre,
    ];
    let place = texts.map(|variable| record.details.text(variable).map(fold));
    let authors: Vec<String> = record.authors.iter().map(Person::identity).collect();
    let identifiers = (record.doi.clone(), record.arxiv.clone());
    (fold(&record.title), authors, record.date.map(|date| date.year), csl_type(record), place, identifiers)
}

fn is_conference(venue: &str) -> bool {
    let lower = venue.to_lowercase();
    ["proceedings", "proc.", "conference", "workshop", "symposium"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{Details, Organization};

    fn typed(own: Option<&str>, venue: Option<&str>, arxiv: Option<&str>) -> (&'static str, bool) {
        let [own, venue, arxiv] = [own, venue, arxiv].map(|it| it.map(str::to_owned));
        let details = Details::default().with_text(Variable::ContainerTitle, venue);
        let record = Record { work_type: own, details, arxiv, ..Record::default() };
        (csl_type(&record), is_arxiv_paper(&record))
    }

    #[test]
    fn types_are_taken_or_told_from_the_rest() {
        let arxiv = Some("2306.02707");
        assert_eq!(typed(Some("book"), None, arxiv), ("book", false));
        let on_arxiv = Some("arXiv preprint arXiv:2306.02707");
        assert_eq!(typed(Some("article-journal"), on_arxiv, arxiv), ("article-journal", true));
        assert_eq!(typed(Some("article-journal"), Some("Nature"), arxiv), ("article-journal", false));
        assert_eq!(typed(None, Some("CoRR"), arxiv), ("article", true));
        assert_eq!(typed(None, Some("Proceedings of X"), None), ("paper-conference", false));
        assert_eq!(typed(None, Some("Nature"), None), ("article-journal", false));
        assert_eq!(typed(Some("no such type"), None, None), ("document", false));
    }

    #[test]
    fn a_work_that_was_taken_back_says_so() {
        let cases = [
            (false, None, None),
            (false, Some("in press"), Some("in press")),
            (true, None, Some("retracted")),
            (true, Some("Retracted"), Some("Retracted")),
            (true, Some("in press"), Some("retracted; in press")),
        ];
        for (retracted, own, expected) in cases {
            let details = Details::default().with_text(Variable::Status, own.map(str::to_owned));
            let record = Record { details, retracted, ..Record::default() };
            assert_eq!(status(&record).as_deref(), expected);
        }
    }

    #[test]
    fn an_organisation_stands_for_authors_who_are_not_listed() {
        let organization = Organization { handle: "metaresearch".into(), name: "Meta Research".into() };
        let mut record = Record { organization: Some(organization), ..Record::default() };
        assert_eq!(authors(&record), [Person::group("Meta Research")]);
        assert!(has_further_authors(&record));
        record.authors = vec![Person::new(" ", "Ada")];
        record.author_count = Some(1);
        assert_eq!(authors(&record), [Person::new("Ada", "")]);
        assert!(!has_further_authors(&record));
        record.author_count = Some(2);
        assert!(has_further_authors(&record));
        record.author_count = None;
        assert!(has_further_authors(&record), "a list that is not counted leaves somebody out");
        let counted = Record { author_count: Some(6), ..Record::default() };
        assert!(authors(&counted).is_empty() && !has_further_authors(&counted));
    }
}
