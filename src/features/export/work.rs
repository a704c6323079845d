//! What sort of work a record describes, where it appeared, and who is named as its author.

use super::super::escape::plain_text;
use crate::paper::{CSL_TYPES, Person, Record, Role, Variable};

/// The CSL type of a record: its own, or else the one that its venue and identifiers suggest. What is on arXiv and
/// nowhere else is an `article`, which in CSL is a preprint.
pub(super) fn csl_type(record: &Record) -> &'static str {
    let own = record.work_type.as_deref().and_then(|own| CSL_TYPES.into_iter().find(|known| *known == own));
    let is_paper = own.is_none_or(|own| ["article", "article-journal", "manuscript", "document"].contains(&own));
    let venue = venue(record);
    match (own, venue) {
        (_, None) if is_paper && record.arxiv.is_some() => "article",
        (Some(own), _) => own,
        (None, Some(venue)) if is_conference(&venue) => "paper-conference",
        (None, Some(_)) => "article-journal",
        (None, None) => "document",
    }
}

/// The journal, conference or book that a work appeared in. arXiv is none: `arXiv preprint arXiv:2306.02707` and the
/// `CoRR` of DBLP say no more than the identifier.
pub(super) fn venue(record: &Record) -> Option<String> {
    let venue = plain_text(record.details.text(Variable::ContainerTitle)?);
    let lower = venue.to_lowercase();
    let is_arxiv = lower.starts_with("arxiv") || (lower == "corr" && record.arxiv.is_some());
    (!venue.is_empty() && !is_arxiv).then_some(venue)
}

/// The volume, unless it is the `abs/2306.02707` that DBLP writes for arXiv.
pub(super) fn volume(record: &Record) -> Option<&str> {
    record.details.text(Variable::Volume).filter(|volume| record.arxiv.is_none() || !volume.starts_with("abs/"))
}

/// A name as a reference has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contributor {
    /// The family name, or the whole name of a group.
    pub family: String,
    /// Empty for groups and people of one name.
    pub given: String,
    /// A generational suffix, `Jr.`; empty for most.
    pub suffix: String,
}

/// The authors of a record: those it lists, else the organisation it names instead.
pub(super) fn authors(record: &Record) -> Vec<Contributor> {
    let listed = contributors(&record.authors);
    if !listed.is_empty() {
        return listed;
    }
    let organization = record.organization.as_ref();
    let name = organization.map(|it| if it.name.trim().is_empty() { &it.handle } else { &it.name });
    contributors(&name.map(Person::group).into_iter().collect::<Vec<_>>())
}

/// The editors of a record.
pub(super) fn editors(record: &Record) -> Vec<Contributor> {
    contributors(record.details.people(Role::Editor))
}

/// Whether there are authors beside those that [`authors`] gives: the record counts more than it lists, or names an
/// organisation instead.
pub(super) fn has_further_authors(record: &Record) -> bool {
    let named = authors(record).len();
    match record.author_count {
        Some(count) => named > 0 && count as usize > named,
        None => record.authors.is_empty() && named > 0,
    }
}

fn contributors(people: &[Person]) -> Vec<Contributor> {
    let plain = people.iter().map(|person| {
        (plain_text(&person.family_with_particle()), plain_text(&person.given), plain_text(&person.suffix))
    });
    plain
        .filter_map(|(family, given, suffix)| match (family.is_empty(), given.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Contributor { family: given, ..Contributor::default() }),
            _ => Some(Contributor { family, given, suffix }),
        })
        .collect()
}

fn is_conference(venue: &str) -> bool {
    let lower = venue.to_lowercase();
    ["proceedings", "proc.", "conference", "workshop", "symposium"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{Details, Organization, Person};

    fn in_container(title: Option<String>) -> Details {
        Details::default().with_text(Variable::ContainerTitle, title)
    }

    fn typed(own: Option<&str>, venue: Option<&str>, arxiv: Option<&str>) -> &'static str {
        let [own, venue, arxiv] = [own, venue, arxiv].map(|it| it.map(str::to_owned));
        csl_type(&Record { work_type: own, details: in_container(venue), arxiv, ..Record::default() })
    }

    #[test]
    fn types_are_taken_or_told_from_the_rest() {
        let arxiv = Some("2306.02707");
        assert_eq!(typed(Some("book"), None, arxiv), "book");
        assert_eq!(typed(Some("article-journal"), Some("arXiv preprint arXiv:2306.02707"), arxiv), "article");
        assert_eq!(typed(Some("article-journal"), Some("Nature"), arxiv), "article-journal");
        assert_eq!(typed(None, Some("CoRR"), arxiv), "article");
        assert_eq!(typed(None, Some("Proceedings of X"), None), "paper-conference");
        assert_eq!(typed(None, Some("Nature"), None), "article-journal");
        assert_eq!(typed(Some("no such type"), None, None), "document");
    }

    #[test]
    fn an_organisation_stands_for_authors_who_are_not_listed() {
        let organization = Organization { handle: "metaresearch".into(), name: "Meta Research".into() };
        let mut record = Record { organization: Some(organization), ..Record::default() };
        assert_eq!(authors(&record), [Contributor { family: "Meta Research".into(), ..Contributor::default() }]);
        assert!(has_further_authors(&record));
        record.authors = vec![Person::new(" ", "Ada")];
        assert_eq!(authors(&record), [Contributor { family: "Ada".into(), ..Contributor::default() }]);
        assert!(!has_further_authors(&record));
        record.author_count = Some(2);
        assert!(has_further_authors(&record));
        let counted = Record { author_count: Some(6), ..Record::default() };
        assert!(authors(&counted).is_empty() && !has_further_authors(&counted));
    }
}
