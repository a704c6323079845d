//! The fields of one RIS entry → a record.

use crate::corpus::text::one_line;
use crate::corpus::text::persons::plain_person as person;
use crate::paper::{Details, Links, Person, PublicationDate, Record, Role, Variable, parse_arxiv, parse_doi};

/// A tag and its value, with the lines that continue it.
pub(super) struct Field {
    pub(super) tag: String,
    pub(super) value: String,
}

/// An entry, its fields in file order.
pub(super) struct Entry {
    pub(super) fields: Vec<Field>,
}

impl Entry {
    /// The record of the entry, without its span.
    pub(super) fn record(&self) -> Record {
        let kind = self.first(&["TY"]).unwrap_or_default().to_ascii_uppercase();
        let title_tag = ["T1", "TI", "CT", "BT"].into_iter().find(|tag| self.first(&[tag]).is_some());
        // Entries of whole books have their title in the field of the book.
        let title_tag = title_tag.or_else(|| is_whole_book(&kind).then_some("T2"));
        let title = title_tag.and_then(|tag| line_of(self.first(&[tag]))).unwrap_or_default();
        let authors = self.people(&["AU", "A1"]);
        let authors_of_whole = self.people(&["A2", "ED"]);
        let short = line_of(self.first(&["ST"])).filter(|short| *short != title);
        let key = self.first(&["ID"]).filter(|key| is_citation_key(key));
        Record {
            abstract_text: line_of(self.first(&["AB", "N2"])),
            author_count: u32::try_from(authors.len()).ok().filter(|count| *count > 0),
            authors,
            date: self.date(),
            keys: key.into_iter().map(str::to_owned).collect(),
            arxiv: self.arxiv(),
            doi: self.doi(),
            short_titles: short.into_iter().collect(),
            links: self.links(),
            work_type: work_type(&kind).map(str::to_owned),
            details: self
                .details(&kind, authors_of_whole)
                .with_text(Variable::ContainerTitle, self.venue(&kind, title_tag)),
            title,
            ..Record::default()
        }
    }

    /// The values of a tag that are not empty.
    fn all<'t>(&'t self, tag: &'t str) -> impl Iterator<Item = &'t str> {
        let fields = self.fields.iter().filter(move |field| field.tag == tag);
        fields.map(|field| field.value.trim()).filter(|value| !value.is_empty())
    }

    /// The first value of the first of the tags that has one.
    fn first(&self, tags: &[&str]) -> Option<&str> {
        tags.iter()
            .find_map(|tag| self.fields.iter().find(|field| field.tag == *tag && !field.value.trim().is_empty()))
            .map(|field| field.value.trim())
    }

    fn people(&self, tags: &[&str]) -> Vec<Person> {
        let named = self.fields.iter().filter(|field| tags.contains(&field.tag.as_str()));
        // Some writers put all authors into one field.
        named.flat_map(|field| field.value.split(';')).filter_map(person).collect()
    }

    /// The most exact of the dates, all of the year that is given first.
    fn date(&self) -> Option<PublicationDate> {
        let dates: Vec<PublicationDate> =
            ["PY", "Y1", "DA"].iter().flat_map(|tag| self.all(tag)).filter_map(written_date).collect();
        let year = dates.first()?.year;
        let exactness = |date: &&PublicationDate| u8::from(date.month.is_some()) + u8::from(date.day.is_some());
        let of_year = dates.iter().filter(|date| date.year == year);
        // Of equally exact ones the first: `max_by_key` gives the last.
        of_year.rev().max_by_key(exactness).copied()
    }

    fn venue(&self, kind: &str, title_tag: Option<&str>) -> Option<String> {
        if is_whole_book(kind) || kind == "THES" || kind == "RPRT" {
            return None;
        }
        let tags: &[&str] = match kind {
            "CONF" | "CPAPER" => &["C3", "T2", "JF", "BT", "JO", "J2", "JA", "T3"],
            "CHAP" | "ECHAP" => &["BT", "T2", "JF", "JO"],
            _ => &["JF", "T2", "JO", "BT", "J2", "JA", "J1"],
        };
        let tags: Vec<&str> = tags.iter().copied().filter(|tag| Some(*tag) != title_tag).collect();
        line_of(self.first(&tags))
    }

    fn doi(&self) -> Option<String> {
        let written = ["DO", "M3", "L3"].iter().flat_map(|tag| self.all(tag));
        let addresses =
            ["UR", "LK", "L2"].iter().flat_map(|tag| self.all(tag)).filter(|value| value.contains("doi.org/"));
        written.chain(addresses).find_map(parse_doi)
    }

    /// The arXiv id: an identifier or address that is one, or a name of the journal that holds one.
    fn arxiv(&self) -> Option<String> {
        let written = ["DO", "UR", "L1", "L2", "LK", "AN"].iter().flat_map(|tag| self.all(tag));
        let is_address = |value: &&str| ["arxiv", "arXiv", "ARXIV"].iter().any(|name| value.contains(name));
        let journals = ["JO", "JF", "T2", "JA", "M1", "C7", "M3", "PB"].iter().flat_map(|tag| self.all(tag));
        let named = journals.filter_map(|value| {
            let at = value.find("arXiv:").or_else(|| value.find("arxiv:"))?;
            value.get(at..)?.split([' ', ',', ';']).next()
        });
        written.filter(is_address).chain(named).find_map(parse_arxiv)
    }

    fn links(&self) -> Links {
        // Several addresses are sometimes put into one field.
        let first = |value: &str| value.split([' ', ';']).find(|part| !part.is_empty()).map(str::to_owned);
        let page = self.first(&["UR"]).or_else(|| self.first(&["LK", "L2"])).and_then(first);
        let is_pdf = |value: &&str| value.to_ascii_lowercase().contains(".pdf");
        let pdf = self.first(&["L1"]).or_else(|| self.all("L2").chain(self.all("UR")).find(is_pdf));
        Links { page, pdf: pdf.map(str::to_owned), ..Links::default() }
    }

    fn details(&self, kind: &str, editors: Vec<Person>) -> Details {
        let line = |tags: &[&str]| line_of(self.first(tags));
        let is_report = matches!(kind, "RPRT" | "STAND" | "PAT");
        let (book_number, serial_number) = self.first(&["SN"]).map_or((None, None), serial_numbers);
        Details::from_iter([
            (Variable::Volume, line(&["VL"])),
            (Variable::Issue, line(&["IS", "CP"]).or_else(|| line(&["M1"]).filter(|_| is_report))),
            (Variable::Page, self.pages()),
            (Variable::Publisher, line(&["PB"])),
            (Variable::PublisherPlace, line(&["CY", "PP"])),
            (Variable::Edition, line(&["ET"])),
            (
                Variable::CollectionTitle,
                line(&["T3"])
                    .or_else(|| line(&["T2"]).filter(|_| is_whole_book(kind) && self.first(&["T1", "TI"]).is_some())),
            ),
            (Variable::Isbn, book_number),
            (Variable::Issn, serial_number),
        ])
        .with_people(Role::Editor, editors)
    }

    fn pages(&self) -> Option<String> {
        let (first, last) = (line_of(self.first(&["SP"])), line_of(self.first(&["EP"])));
        match (first, last) {
            // Some writers put the whole range into the first field, and the end again into the second.
            (Some(first), Some(last)) if first != last && !first.contains(['-', '–']) => {
                Some(format!("{first}–{last}"))
            }
            (first, last) => first.or(last).or_else(|| line_of(self.first(&["C7"]))),
        }
    }
}

/// `2020/05/01/`, `2020///spring`, `2020` and what other dates people write.
fn written_date(text: &str) -> Option<PublicationDate> {
    let text = text.trim().trim_end_matches('/');
    PublicationDate::parse(text).or_else(|| PublicationDate::parse(text.split('/').next()?))
}

/// A citation key has no white space, and is no more than a number in no library.
fn is_citation_key(text: &str) -> bool {
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '{' | '}' | '"' | '\\' | '%' | '#');
    text.len() <= 120 && text.chars().all(plain) && text.chars().any(char::is_alphabetic)
}

/// The ISBN and the ISSN, told apart by their lengths. Of several the first counts.
fn serial_numbers(text: &str) -> (Option<String>, Option<String>) {
    let words = text.split([' ', ',', ';', '(', ')']).filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    let (mut of_book, mut of_series) = (None, None);
    for word in words {
        let figures = word.bytes().filter(|byte| byte.is_ascii_digit() || matches!(byte, b'X' | b'x')).count();
        match figures {
            8 => of_series = of_series.or(Some(word.to_owned())),
            10 | 13 => of_book = of_book.or(Some(word.to_owned())),
            _ => {}
        }
    }
    (of_book, of_series)
}

fn is_whole_book(kind: &str) -> bool {
    matches!(kind, "BOOK" | "EBOOK" | "EDBOOK" | "WHOLE")
}

/// The CSL type of a RIS type.
fn work_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "JOUR" | "EJOUR" | "JFULL" | "ABST" => "article-journal",
        "MGZN" => "article-magazine",
        "NEWS" => "article-newspaper",
        "CONF" | "CPAPER" => "paper-conference",
        "BOOK" | "EBOOK" | "EDBOOK" | "WHOLE" => "book",
        "CHAP" | "ECHAP" => "chapter",
        "THES" => "thesis",
        "RPRT" | "GOVDOC" => "report",
        "INPR" | "UNPB" | "PREPRINT" | "UNPD" => "article",
        "MANSCPT" => "manuscript",
        "DATA" | "AGGR" | "DBASE" => "dataset",
        "COMP" => "software",
        "ELEC" | "WEB" | "ICOMM" => "webpage",
        "BLOG" => "post-weblog",
        "PAT" => "patent",
        "STAND" => "standard",
        "VIDEO" | "MPCT" => "motion_picture",
        "SLIDE" => "speech",
        "MAP" => "map",
        "PAMP" => "pamphlet",
        "PCOMM" => "personal_communication",
        "ENCYC" => "entry-encyclopedia",
        "DICT" => "entry-dictionary",
        "CASE" => "legal_case",
        "BILL" | "UNBILL" => "bill",
        "HEAR" => "hearing",
        "STAT" => "legislation",
        "SOUND" | "MUSIC" => "song",
        "ART" => "graphic",
        "FIGURE" => "figure",
        "GEN" => "document",
        _ => return None,
    })
}

/// The text on one line, where there is any.
fn line_of(text: Option<&str>) -> Option<String> {
    text.map(one_line).filter(|text| !text.is_empty())
}
