//! The bytes kept for a record, and the part of it that lists and names need.

use crate::library::data::record::RecordHead;
use crate::library::data::record::StoredRecord;
use std::borrow::Cow;

use crate::library::data::record::RecordId;
use serde::{Deserialize, Serialize};

use crate::library::engine::compression::{Dictionaries, Dictionary};
use crate::paper::{Details, Holding, Links, Notice, Organization, Origin, Person, PublicationDate, Record, Span};

/// What the index keeps of a record: two packed parts, each with a checksum before it. Lists read nothing of the
/// abstract that way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::library) struct Encoded {
    /// All but the abstract.
    pub head: Vec<u8>,
    /// The abstract; `None` where there is none.
    pub abstract_text: Option<Vec<u8>>,
}

/// What is kept for a record, packed with dictionaries.
pub(in crate::library) fn encode(stored: &StoredRecord, dictionaries: &Dictionaries) -> Encoded {
    let abstract_text = stored.record.abstract_text.as_deref();
    Encoded {
        head: seal(&written_head(stored.file, &stored.record, &stored.coined), &dictionaries.heads),
        abstract_text: abstract_text.map(|text| seal(text.as_bytes(), &dictionaries.abstracts)),
    }
}

/// All of a record but its abstract, as it is before it is packed.
pub(in crate::library) fn written_head(file: u32, record: &Record, coined: &[String]) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    // Serialising plain strings and numbers into memory cannot fail.
    let _ = serde_json::to_writer(&mut head, &Head::of(file, record, coined));
    head
}

/// The record in what was kept of it, or `None` where it is damaged.
pub(in crate::library) fn decode(encoded: &Encoded, dictionaries: &Dictionaries) -> Option<StoredRecord> {
    let head = unseal(&encoded.head, &dictionaries.heads)?;
    let mut head: Head<'_> = serde_json::from_str(&head).ok()?;
    let (file, coined) = (head.file, owned(std::mem::take(&mut head.coined)));
    let abstract_text = match &encoded.abstract_text {
        Some(text) => Some(unseal(text, &dictionaries.abstracts)?),
        None => None,
    };
    Some(StoredRecord { file, record: head.into_record(abstract_text), coined })
}

/// As [`decode`], without the abstract.
pub(in crate::library) fn decode_head(
    encoded: &[u8],
    dictionaries: &Dictionaries,
    document: RecordId,
) -> Option<RecordHead> {
    let text = unseal(encoded, &dictionaries.heads)?;
    let mut head: Head<'_> = serde_json::from_str(&text).ok()?;
    let (file, completeness_score) = (head.file, head.completeness_score);
    let coined = owned(std::mem::take(&mut head.coined));
    let record = head.into_record(None);
    Some(RecordHead::new(Origin::File { file, span: record.span }, completeness_score, coined, record, Some(document)))
}

/// Tells records apart that differ in anything but where they stand.
pub(in crate::library) fn fingerprint(record: &Record) -> u128 {
    let mut head = Head::of(0, record, &[]);
    (head.span.0, head.span.2) = (0, 0);
    let mut text = Vec::with_capacity(2048);
    // Serialising plain strings and numbers into memory cannot fail.
    let _ = serde_json::to_writer(&mut text, &(head, &record.abstract_text));
    let mut hash = [0; size_of::<u128>()];
    blake3::Hasher::new().update(&text).finalize_xof().fill(&mut hash);
    u128::from_le_bytes(hash)
}

/// Packs a text and puts a checksum of what is packed before it.
fn seal(text: &[u8], dictionary: &Dictionary) -> Vec<u8> {
    const CHECKSUM: usize = size_of::<u32>();
    let mut sealed = Vec::with_capacity(CHECKSUM + text.len() / 2 + 32);
    sealed.resize(CHECKSUM, 0);
    dictionary.pack(text, &mut sealed);
    let checksum = crc32fast::hash(&sealed[CHECKSUM..]).to_le_bytes();
    sealed[..CHECKSUM].copy_from_slice(&checksum);
    sealed
}

fn unseal(sealed: &[u8], dictionary: &Dictionary) -> Option<String> {
    let (checksum, packed) = sealed.split_first_chunk()?;
    (u32::from_le_bytes(*checksum) == crc32fast::hash(packed)).then(|| dictionary.unpack(packed))?
}

/// The record without its abstract, in few bytes.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    #[serde(rename = "f")]
    file: u32,
    #[serde(rename = "r")]
    completeness_score: u32,
    /// First byte, number of bytes, first line, number of further lines, and length of the title line.
    #[serde(rename = "s")]
    span: (u64, u64, u32, u32, u32),
    #[serde(rename = "t", borrow)]
    title: Cow<'a, str>,
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    coined: Vec<Cow<'a, str>>,
    /// Family name and given names of each, by turns.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Cow<'a, str>>,
    /// The authors that have more than these, by their place among the authors.
    #[serde(rename = "b", default, skip_serializing_if = "Vec::is_empty")]
    full_authors: Vec<(usize, Cow<'a, Person>)>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    author_count: Option<u32>,
    /// Year, month and day of a date that has nothing else.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    date: Option<(i32, u8, u8)>,
    /// Any other date.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    full_date: Option<PublicationDate>,
    /// Handle and name.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    organization: Option<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    comments: Option<u32>,
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Cow<'a, str>>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    arxiv: Option<Cow<'a, str>>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    doi: Option<Cow<'a, str>>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    written_doi: Option<Cow<'a, str>>,
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    short_titles: Vec<Cow<'a, str>>,
    #[serde(rename = "l", default, skip_serializing_if = "is_empty_links")]
    links: Cow<'a, Links>,
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    work_type: Option<Cow<'a, str>>,
    #[serde(rename = "m", default, skip_serializing_if = "is_empty_details")]
    details: Cow<'a, Details>,
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    retracted: bool,
    #[serde(rename = "v", default, skip_serializing_if = "Vec::is_empty")]
    notices: Vec<Cow<'a, Notice>>,
    #[serde(rename = "z", default, skip_serializing_if = "std::ops::Not::not")]
    only_in_notices: bool,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    holding: Option<Cow<'a, Holding>>,
}

fn is_empty_links(links: &Links) -> bool {
    links.is_empty()
}

fn is_empty_details(details: &Details) -> bool {
    details.is_empty()
}

impl<'a> Head<'a> {
    fn of(file: u32, record: &'a Record, coined: &'a [String]) -> Head<'a> {
        // Taken apart by name, so that no field of a record can be forgotten.
        let Record {
            title,
            abstract_text: _,
            authors,
            author_count,
            date,
            organization,
            comments,
            keys,
            arxiv,
            doi,
            written_doi,
            short_titles,
            links,
            work_type,
            details,
            retracted,
            notices,
            only_in_notices,
            holding,
            span,
        } = record;
        let by_turns = authors.iter().flat_map(|author| [author.family.as_str(), author.given.as_str()]);
        let is_plain = |person: &Person| *person == Person::new(person.family.as_str(), person.given.as_str());
        let day = |date: PublicationDate| (date.year, date.month.unwrap_or(0), date.day.unwrap_or(0));
        let is_plain_date = |date: &PublicationDate| *date == PublicationDate::new(date.year, date.month, date.day);
        Head {
            file,
            completeness_score: record.completeness_score(),
            span: (
                span.start,
                span.end.wrapping_sub(span.start),
                span.line,
                span.end_line.wrapping_sub(span.line),
                span.title_utf16,
            ),
            title: title.into(),
            coined: borrowed(coined),
            authors: by_turns.map(Cow::Borrowed).collect(),
            author_count: *author_count,
            full_authors: (0..)
                .zip(authors)
                .filter(|it| !is_plain(it.1))
                .map(|(at, it)| (at, Cow::Borrowed(it)))
                .collect(),
            date: date.filter(is_plain_date).map(day),
            full_date: date.filter(|date| !is_plain_date(date)),
            organization: organization.as_ref().map(|it| ((&it.handle).into(), (&it.name).into())),
            comments: *comments,
            keys: borrowed(keys),
            arxiv: arxiv.as_ref().map(Cow::from),
            doi: doi.as_ref().map(Cow::from),
            written_doi: written_doi.as_ref().map(Cow::from),
            short_titles: borrowed(short_titles),
            links: Cow::Borrowed(links),
            work_type: work_type.as_ref().map(Cow::from),
            details: Cow::Borrowed(details),
            retracted: *retracted,
            notices: notices.iter().map(Cow::Borrowed).collect(),
            only_in_notices: *only_in_notices,
            holding: holding.as_deref().map(Cow::Borrowed),
        }
    }

    fn into_record(self, abstract_text: Option<String>) -> Record {
        let mut names = self.authors.into_iter().map(Cow::into_owned);
        let mut authors = Vec::with_capacity(names.len() / 2);
        while let (Some(family), Some(given)) = (names.next(), names.next()) {
            authors.push(Person::new(family, given));
        }
        for (at, person) in self.full_authors {
            authors.get_mut(at).into_iter().for_each(|author| *author = person.clone().into_owned());
        }
        let (start, length, line, more_lines, title_utf16) = self.span;
        let part = |part: u8| (part > 0).then_some(part);
        let date = |(year, month, day): (i32, u8, u8)| PublicationDate::new(year, part(month), part(day));
        Record {
            title: self.title.into_owned(),
            abstract_text,
            authors,
            author_count: self.author_count,
            date: self.date.map(date).or(self.full_date),
            organization: self
                .organization
                .map(|(handle, name)| Organization { handle: handle.into_owned(), name: name.into_owned() }),
            comments: self.comments,
            keys: owned(self.keys),
            arxiv: self.arxiv.map(Cow::into_owned),
            doi: self.doi.map(Cow::into_owned),
            written_doi: self.written_doi.map(Cow::into_owned),
            short_titles: owned(self.short_titles),
            links: self.links.into_owned(),
            work_type: self.work_type.map(Cow::into_owned),
            details: self.details.into_owned(),
            retracted: self.retracted,
            notices: self.notices.into_iter().map(Cow::into_owned).collect(),
            only_in_notices: self.only_in_notices,
            holding: self.holding.map(|it| Box::new(it.into_owned())),
            span: Span {
                start,
                end: start.wrapping_add(length),
                line,
                end_line: line.wrapping_add(more_lines),
                title_utf16,
            },
        }
    }
}

fn borrowed(texts: &[String]) -> Vec<Cow<'_, str>> {
    texts.iter().map(Cow::from).collect()
}

fn owned(texts: Vec<Cow<'_, str>>) -> Vec<String> {
    texts.into_iter().map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::{DateVariable, Nature, Role, Variable};

    fn stored(abstract_text: Option<&str>) -> StoredRecord {
        let record = Record {
            title: "Orca:\nTwo \u{2028} Lines".into(),
            abstract_text: abstract_text.map(str::to_owned),
            ..Record::default()
        };
        StoredRecord { file: 3, record, coined: vec!["Beluga".to_owned()] }
    }

    #[test]
    fn a_flipped_byte_is_noticed() {
        let stored = stored(Some("An abstract."));
        let encoded = encode(&stored, &Dictionaries::built_in());
        assert_eq!(decode(&encoded, &Dictionaries::built_in()).unwrap(), stored);
        let flips = |bytes: &[u8]| -> Vec<Vec<u8>> {
            let flip = |at: usize| bytes.iter().enumerate().map(|(i, b)| b ^ u8::from(i == at)).collect();
            (0..bytes.len()).map(flip).collect()
        };
        let Encoded { head, abstract_text: Some(text) } = encoded else { panic!("no abstract") };
        for damaged in flips(&head).into_iter().chain([head[..2].to_vec(), Vec::new()]) {
            assert!(decode_head(&damaged, &Dictionaries::built_in(), RecordId::new(0, 0)).is_none());
            let encoded = Encoded { head: damaged, abstract_text: Some(text.clone()) };
            assert_eq!(decode(&encoded, &Dictionaries::built_in()), None);
        }
        for damaged in flips(&text) {
            let encoded = Encoded { head: head.clone(), abstract_text: Some(damaged) };
            assert_eq!(decode(&encoded, &Dictionaries::built_in()), None);
        }
    }

    #[test]
    fn every_field_comes_back() {
        let text = |text: &str| Some(text.to_owned());
        let author = |family: &str, given: &str| Person::new(family, given);
        let mut details = Details::default();
        details.set_text(Variable::Volume, "3");
        details.set_date(DateVariable::Accessed, PublicationDate::year(2020));
        details.add_person(Role::Editor, Person { particle: "von".into(), ..author("Ed", "") });
        let record = Record {
            title: "A \"title\" with \\ and 深度".into(),
            abstract_text: text("An abstract."),
            authors: vec![author("Ortega", "Ana"), Person::group("The \"Whale\" Group"), author("", "Bo")],
            author_count: Some(7),
            date: Some(PublicationDate { year_inferred: true, ..PublicationDate::new(-3, Some(5), None) }),
            organization: Some(Organization { handle: "h".into(), name: String::new() }),
            comments: Some(0),
            keys: vec!["k".into(), "é\n".into()],
            arxiv: text("2306.02707"),
            doi: text("10.1000/xyz"),
            written_doi: text("10.1000/XYZ"),
            short_titles: vec!["Short".into()],
            links: Links { page: text("https://example.org"), ..Links::default() },
            work_type: text("book"),
            details,
            retracted: true,
            notices: vec![Notice {
                date: Some(PublicationDate::year(2021)),
                nature: Nature::Concern,
                doi: text("10.1/n"),
                reason: "Doubt".into(),
            }],
            only_in_notices: true,
            holding: Some(Box::new(Holding { tags: vec!["to \"do\"".into()], ..Holding::default() })),
            span: Span { start: 9, end: 1 << 41, line: 4, end_line: 8, title_utf16: 5 },
        };
        let stored = StoredRecord { file: 3, record, coined: vec!["Beluga".to_owned()] };
        assert_eq!(decode(&encode(&stored, &Dictionaries::built_in()), &Dictionaries::built_in()).unwrap(), stored);
    }

    #[test]
    fn any_abstract_comes_back_and_heads_leave_it_out() {
        for text in [None, Some(""), Some("\n"), Some("Two\nlines, \"quoted\" \u{0}.")] {
            let stored = stored(text);
            let encoded = encode(&stored, &Dictionaries::built_in());
            assert_eq!(decode(&encoded, &Dictionaries::built_in()).unwrap(), stored);
            let head = decode_head(&encoded.head, &Dictionaries::built_in(), RecordId::new(0, 0)).unwrap();
            assert_eq!(head.record.abstract_text, None);
            assert_eq!((head.names(), head.completeness_score), (&*stored.names(), stored.record.completeness_score()));
        }
    }
}
