//! The fields of RIS → a record. What a field means depends on the type of the reference; the tables are those of
//! `EndNote`, whose own tagged format has the same fields under other names. Where Zotero and the publishers mean something
//! else, the value tells.

use super::reference_types::ReferenceType;
use super::values::{addresses, date, is_citation_key, is_doi, most_exact, names, pages, serial_numbers};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::text::{Markup, dates, one_line};
use crate::paper::{DateVariable, PublicationDate, Role, Variable};

/// A tag that RIS does not have: a group that wrote the work.
pub(super) const CORPORATE_AUTHOR: &str = "AC";

/// The fields of one reference, under their tags of RIS, in file order. None is empty.
pub(super) struct Reference<'a> {
    pub reference_type: Option<ReferenceType>,
    pub fields: Vec<(&'a str, &'a str)>,
}

impl Reference<'_> {
    /// The record, and what is wrong with the reference.
    pub fn entry(&self) -> Entry {
        let mut builder = RecordBuilder::new(Markup::Html);
        if let Some(reference_type) = self.reference_type {
            builder.work_type(reference_type.csl);
        }
        self.titles(&mut builder);
        self.containers(&mut builder);
        self.people(&mut builder);
        self.dates(&mut builder);
        self.identifiers(&mut builder);
        self.links(&mut builder);
        self.numbers(&mut builder);
        self.genre(&mut builder);
        self.texts(&mut builder);
        self.notes(&mut builder);
        builder.finish()
    }

    /// Whether the reference is of one of these types, which are written with spaces between them.
    fn is(&self, types: &str) -> bool {
        let code = self.reference_type.map_or("", |it| it.code);
        types.split(' ').any(|it| it == code)
    }

    fn is_whole_book(&self) -> bool {
        self.is("ANCIENT BOOK CLSWK CTLG EBOOK EDBOOK PAMP SER")
    }

    fn all<'t>(&'t self, tags: &'t [&str]) -> impl Iterator<Item = &'t str> {
        self.fields.iter().filter(|(tag, _)| tags.contains(tag)).map(|(_, value)| *value)
    }

    /// The first value of the first of the tags that has one.
    fn first(&self, tags: &[&str]) -> Option<&str> {
        tags.iter().find_map(|wanted| self.fields.iter().find(|(tag, _)| tag == wanted)).map(|(_, value)| *value)
    }

    /// The tag of the title. Whole books may have theirs in a field that is the book's for a chapter.
    fn title_tag(&self) -> Option<&'static str> {
        let own = ["TI", "T1", "CT"].into_iter();
        let of_book = ["BT", "T2"].into_iter().filter(|_| self.is_whole_book());
        let last = ["BT", "ST"].into_iter().filter(|tag| *tag == "ST" || self.is("UNPB"));
        own.chain(of_book).chain(last).find(|tag| self.first(&[tag]).is_some())
    }

    fn titles(&self, builder: &mut RecordBuilder) {
        self.title_tag().and_then(|tag| self.first(&[tag])).into_iter().for_each(|title| builder.title(title));
        self.all(&["ST"]).for_each(|title| builder.short_title(title));
        self.first(&["TT"]).into_iter().for_each(|title| builder.text(Variable::OriginalTitle, title));
    }

    /// The journal, book, conference and series.
    fn containers(&self, builder: &mut RecordBuilder) {
        let title_tag = self.title_tag();
        let first =
            |tags: &[&str]| tags.iter().filter(|tag| Some(**tag) != title_tag).find_map(|tag| self.first(&[tag]));
        let mut series = first(&["T3"]);
        let container = if self.is_whole_book() || self.is("COMP MAP MPCT RPRT UNPB") {
            series = first(&["T2"]).or(series).or_else(|| first(&["JF", "JO"]));
            None
        } else if self.is("CONF CPAPER") {
            let container = first(&["C3", "T2", "JF", "BT", "JO", "J2", "JA"]);
            let is_event = |event: &&str| container.is_some_and(|container| one_line(container) != one_line(event));
            let event = first(&["T2"]).filter(is_event);
            event.into_iter().for_each(|event| builder.text(Variable::EventTitle, event));
            container
        } else if self.is("CHAP ECHAP") {
            first(&["BT", "T2", "JF", "JO"])
        } else if self.is("HEAR MANSCPT STAND THES") {
            None
        } else if self.is("CASE") {
            first(&["T2", "A2", "NV"])
        } else {
            first(&["JF", "T2", "JO", "BT", "J2", "JA", "J1"])
        };
        if let Some(container) = container {
            builder.container(container);
            let short = first(&["JA", "J2", "J1", "JO"]).filter(|short| one_line(short) != one_line(container));
            short.into_iter().for_each(|short| builder.text(Variable::ContainerTitleShort, short));
        }
        // What stands there for laws is the body that made them.
        let is_law = self.is("BILL HEAR UNBILL");
        if let Some(series) = series.filter(|_| !self.is("CASE LEGAL PAT STAND STAT THES")) {
            builder.text(if is_law { Variable::Authority } else { Variable::CollectionTitle }, series);
        }
        let other = if self.is("MANSCPT") { Variable::ArchiveCollection } else { Variable::Section };
        if let Some(title) = first(&["T2"]).filter(|_| self.is("HEAR MANSCPT STAND")) {
            builder.text(other, title);
        }
    }

    fn people(&self, builder: &mut RecordBuilder) {
        // A second list of a book is that of the series only where there is a series and the book has authors.
        let has_series = self.first(&["T2", "T3"]).is_some() && self.first(&["AU", "A1", "A3"]).is_some();
        let is_of_series = has_series && self.is("BOOK CLSWK COMP EDBOOK MAP MULTI RPRT UNPB");
        for (tag, value) in &self.fields {
            let tag = if *tag == "A1" { "AU" } else { *tag };
            match rule(PEOPLE, tag, |types| self.is(types)) {
                Some(role) if tag == CORPORATE_AUTHOR => builder.group(role, value),
                Some(Role::Editor) if tag == "A2" && is_of_series => names(builder, Role::CollectionEditor, value),
                Some(role) => names(builder, role, value),
                None => {}
            }
        }
        if let Some(holder) = self.first(&["PB"]).filter(|_| self.is("PAT")) {
            builder.group(Role::Recipient, holder);
        }
        if let Some(office) = self.first(&["A2"]).filter(|_| self.is("GOVDOC LEGAL PAT")) {
            builder.text(Variable::Authority, office);
        }
    }

    fn dates(&self, builder: &mut RecordBuilder) {
        // Here the year is that of the event, and another field has the one of publication.
        let published = self.first(&["C2"]).filter(|_| self.is("CONF CPAPER PAT")).and_then(|text| date(text, None));
        let has_own_year = self.is("CONF CPAPER") && published.is_some();
        let is_accessed = self.is("AGGR DBASE EBOOK ECHAP EJOUR MULTI");
        let order: &[&str] = if is_accessed { &["PY", "Y1", "DA", "ET"] } else { &["PY", "DA", "Y1"] };
        let written = || order.iter().flat_map(|tag| self.all(std::slice::from_ref(tag)));
        let day = most_exact(written());
        // Some days of a year are those of the conference.
        let days = day.filter(|day| self.is("CONF CPAPER") && day.day.is_some() && day.end.is_some());
        if has_own_year {
            builder.set_date(published);
            builder.set_other_date(DateVariable::EventDate, day);
        } else if let Some(days) = days {
            builder.set_date(Some(PublicationDate::year(days.year)));
            builder.set_other_date(DateVariable::EventDate, day);
        } else {
            builder.set_date(day.or(published));
        }
        if day.is_none()
            && let Some(text) = self.first(&["PY", "Y1"])
        {
            builder.date(text);
        }
        let mut other = |variable: DateVariable, tag: &str, types: &str| {
            if let Some(text) = self.first(&[tag]).filter(|_| types.is_empty() || self.is(types)) {
                builder.set_other_date(variable, date(text, None));
            }
        };
        let is_old = self.first(&["T1", "A1", "Y1"]).is_some();
        if self.is("PAT") && is_old {
            other(DateVariable::Submitted, "Y2", "");
        }
        other(DateVariable::Submitted, "C1", "PAT");
        other(DateVariable::Submitted, "SE", "CASE");
        other(DateVariable::OriginalDate, "SE", "DATA");
        other(DateVariable::AvailableDate, "SE", "EJOUR");
        other(DateVariable::AvailableDate, "ET", "ABST INPR JFULL JOUR");
        if !(self.is("PAT") && is_old) {
            other(DateVariable::Accessed, "Y2", "");
        }
        other(DateVariable::Accessed, "M1", "ELEC");
        if let Some(original) = self.first(&["OP"]).filter(|_| !self.is(LAWS)) {
            builder.set_other_date(DateVariable::OriginalDate, dates::date(original));
        }
        let last = self.first(&["DA"]).filter(|_| is_accessed).and_then(|text| date(text, None));
        if let Some(accessed) = last.filter(|accessed| day.is_some_and(|day| day.year != accessed.year)) {
            builder.set_other_date(DateVariable::Accessed, Some(accessed));
        }
    }

    fn identifiers(&self, builder: &mut RecordBuilder) {
        for key in self.all(&["ID"]).filter(|key| is_citation_key(key)) {
            builder.key(key);
        }
        self.all(&["DO", "DI"]).for_each(|doi| builder.doi(doi));
        for value in self.all(&["M3", "N1", "L1", "L2", "L3", "UR", "LK", "AN", "ID"]) {
            if is_doi(value) && builder.so_far().doi.is_none() {
                builder.doi(value);
            } else if !value.contains(' ') {
                builder.identifiers_in(value);
            }
        }
        for value in self.all(&["JO", "JF", "T2", "JA", "M1", "C7", "M3", "PB"]) {
            if value.to_ascii_lowercase().contains("arxiv:") {
                builder.identifiers_in(value);
            }
        }
        let database = self.first(&["DB", "DP"]).unwrap_or_default().to_ascii_lowercase();
        let is_pubmed = ["pubmed", "medline", "nlm"].iter().any(|name| database.contains(name));
        for value in self.all(&["AN", "C2", "C3", "C6", "C7"]).filter(|value| is_pmcid(value)) {
            builder.pmcid(&value.to_ascii_uppercase());
        }
        let numbers = self.all(&["AN"]).filter(|_| is_pubmed);
        let numbers =
            numbers.chain(self.all(&["C2"]).filter(|_| database.contains("scopus") && self.is("JOUR CPAPER CONF")));
        let numbers = numbers.chain(self.all(&["UR"]).filter_map(|value| value.strip_prefix("PM:")));
        for number in numbers.map(str::trim).filter(|number| is_number(number)) {
            builder.plain(Variable::Pmid, number);
        }
        // Of works in archives it is where they are; of all others it is the number of the entry in a database, which no
        // reference list prints.
        if let Some(place) = self.first(&["AN"]).filter(|_| self.is("ART MANSCPT MAP MUSIC PAMP PCOMM SOUND UNPB")) {
            builder.plain(Variable::ArchiveLocation, place);
        }
    }

    fn links(&self, builder: &mut RecordBuilder) {
        let is_ours = |address: &&str| !address.starts_with("PM:") && !is_doi_text(address);
        for address in self.all(&["UR", "LK"]).chain(self.all(&["L2"])).flat_map(addresses).filter(is_ours) {
            // Some leave out how the address is spoken to.
            let scheme = if address.starts_with("//") { "https:" } else { "" };
            builder.page_url(&format!("{scheme}{address}"));
        }
        // EndNote's addresses of its own files lead nowhere outside it.
        let is_file = |address: &&str| is_ours(address) && !address.starts_with("internal-pdf:");
        let file = self.all(&["L1"]).flat_map(addresses).find(is_file);
        if let Some(file) = file {
            builder.links().pdf = Some(file.to_owned());
        }
    }

    fn numbers(&self, builder: &mut RecordBuilder) {
        let (first, last) = (self.first(&["SP"]), self.first(&["EP"]));
        let is_counted = self.is("BOOK CLSWK EBOOK EDBOOK THES CTLG");
        match (first, last) {
            (Some(count), None) if is_counted && !count.contains(['-', '–']) => {
                builder.plain(Variable::NumberOfPages, count);
            }
            (Some("1" | "i"), Some(count)) if is_counted => builder.plain(Variable::NumberOfPages, count),
            (Some(size), None) if self.is("ADVS MPCT SLIDE SOUND VIDEO") => builder.plain(Variable::Dimensions, size),
            _ => pages(builder, first, last),
        }
        if let Some(article) = self.first(&["C7"]).filter(|number| !is_pmcid(number) && !self.is("EBOOK ECHAP")) {
            builder.plain(Variable::Page, article);
        }
        let start = if self.is("ABST INPR JFULL JOUR") { "M2" } else { "SE" };
        if let Some(start) = self.first(&[start]).filter(|_| self.is("ABST INPR JFULL JOUR MANSCPT MGZN")) {
            builder.plain(Variable::Page, start);
        }
        for number in self.all(&["SN"]) {
            if self.is("DBASE GOVDOC LEGAL PAT RPRT STAND") && !is_serial_number(number) {
                builder.plain(Variable::Number, number);
            } else {
                serial_numbers(builder, number);
            }
        }
        // Programs write the issue of a journal here where they have no other place for it.
        if let Some(issue) = self.first(&["M1"]).filter(|_| self.is("ABST INPR JFULL JOUR")) {
            let is_issue = issue.starts_with(|c: char| c.is_ascii_digit()) && issue.len() < 12;
            let own = self.first(&["IS", "CP"]).unwrap_or(issue);
            builder.plain(Variable::Issue, if is_issue { own } else { "" });
        }
    }

    fn genre(&self, builder: &mut RecordBuilder) {
        let says_more =
            |text: &&str| !is_doi(text) && !GENERAL.iter().any(|general| text.eq_ignore_ascii_case(general));
        let variable = if self.is("BLOG EBOOK ELEC MPCT MUSIC") { Variable::Medium } else { Variable::Genre };
        self.all(&["M3"]).filter(says_more).for_each(|genre| builder.text(variable, genre));
        let degree = self.all(&["U1", "VL"]).filter(|text| self.is("THES") && text.contains(char::is_alphabetic));
        degree.filter(says_more).for_each(|degree| builder.text(Variable::Genre, degree));
        if let Some(genre) = self.reference_type.and_then(|it| it.genre) {
            builder.plain(Variable::Genre, genre);
        }
        if self.is("INPR") {
            builder.plain(Variable::Status, "in press");
        }
    }

    /// Everything that one table tells.
    fn texts(&self, builder: &mut RecordBuilder) {
        let has_both_places = self.is("CONF CPAPER") && self.first(&["C1"]).is_some();
        // Programs write a zero where there is no number.
        let is_nothing = |tag: &str, value: &str| value == "0" && matches!(tag, "CP" | "IS" | "M1" | "NV" | "VL");
        for (tag, value) in self.fields.iter().filter(|(tag, value)| !is_nothing(tag, value)) {
            match *tag {
                "KW" => value.split(['\n', ';']).for_each(|keyword| builder.keyword(keyword)),
                "CY" if has_both_places => builder.text(Variable::EventPlace, value),
                "AB" => builder.abstract_text(value),
                tag => match rule(TEXTS, tag, |types| self.is(types)) {
                    Some(Variable::Publisher) => builder.publisher(value),
                    Some(variable) => builder.text(variable, value),
                    None => {}
                },
            }
        }
        self.first(&["N2"]).into_iter().for_each(|text| builder.abstract_text(text));
    }

    /// Notes are the reader's own. What databases write into them about themselves is none, nor is a DOI or the title.
    fn notes(&self, builder: &mut RecordBuilder) {
        let title = self.title_tag().and_then(|tag| self.first(&[tag]));
        let is_note = |note: &&str| {
            !is_doi(note)
                && Some(*note) != title
                && !["Cited By", "Export Date", "Record ID:"].iter().any(|start| note.starts_with(start))
        };
        let notes: Vec<&str> = self.all(&["N1", "RN"]).filter(is_note).collect();
        if !notes.is_empty() {
            builder.extra(&notes.join("\n"), Variable::Annote);
        }
    }
}

/// Whether a text is a DOI without an address.
fn is_doi_text(text: &str) -> bool {
    !text.contains("://") && is_doi(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `PMC123456`
fn is_pmcid(text: &str) -> bool {
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("PMC")) && text.get(3..).is_some_and(is_number)
}

/// Whether a text is an ISSN with its hyphen or an ISBN of thirteen figures, and no number of a report.
fn is_serial_number(text: &str) -> bool {
    let text = text.trim();
    let figures: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_isbn = figures.len() == 13 && (figures.starts_with("978") || figures.starts_with("979"));
    is_isbn || (text.len() == 9 && text.as_bytes().get(4) == Some(&b'-') && figures.len() >= 7)
}

/// What a rule of a table says of a tag in a type: the first rule of the tag whose types hold counts.
fn rule<T: Copy>(table: &[Rule<T>], tag: &str, is: impl Fn(&str) -> bool) -> Option<T> {
    let start = table.partition_point(|(known, ..)| *known < tag);
    let mut rules = table.get(start..)?.iter().take_while(|(known, ..)| *known == tag);
    rules.find(|(_, types, _)| types.is_empty() || is(types)).and_then(|(_, _, said)| *said)
}

/// A tag, the types of references it is about (all others, where there are none), and what it means there.
type Rule<T> = (&'static str, &'static str, Option<T>);

/// References to laws, whose origin is a history of other texts.
const LAWS: &str = "BILL CASE HEAR LEGAL STAT UNBILL";

/// What the field for the sort of work says where it says no more than the type does.
const GENERAL: [&str; 9] = [
    "article",
    "book",
    "book chapter",
    "book section",
    "conference paper",
    "journal article",
    "report",
    "thesis",
    "web page",
];

/// Who is named, sorted by tag.
const PEOPLE: &[Rule<Role>] = &[
    ("A2", "ADVS SLIDE SOUND VIDEO", Some(Role::Performer)),
    ("A2", "BILL UNBILL", Some(Role::Author)),
    ("A2", "CASE CTLG GOVDOC LEGAL PAMP PAT", None),
    ("A2", "DATA", Some(Role::Producer)),
    ("A2", "ICOMM PCOMM", Some(Role::Recipient)),
    ("A2", "INTV", Some(Role::Interviewer)),
    ("A2", "MPCT", Some(Role::Contributor)),
    ("A2", "", Some(Role::Editor)),
    ("A3", "BLOG", Some(Role::Illustrator)),
    ("A3", "BOOK", Some(Role::Editor)),
    ("A3", "CASE PAT RPRT", None),
    ("A3", "MPCT", Some(Role::Producer)),
    ("A3", "THES", Some(Role::Contributor)),
    ("A3", "", Some(Role::CollectionEditor)),
    ("A4", "CASE CONF DATA RPRT", None),
    ("A4", "MPCT", Some(Role::Performer)),
    ("A4", "MUSIC", Some(Role::Producer)),
    ("A4", "SER", Some(Role::Editor)),
    ("A4", "", Some(Role::Translator)),
    (CORPORATE_AUTHOR, "", Some(Role::Author)),
    ("AU", "EDBOOK", Some(Role::Editor)),
    ("AU", "MPCT", Some(Role::Director)),
    ("AU", "MUSIC", Some(Role::Composer)),
    ("AU", "", Some(Role::Author)),
    ("ED", "", Some(Role::Editor)),
];

/// The texts that need no more than a look at the type, sorted by tag.
const TEXTS: &[Rule<Variable>] = &[
    ("AV", "", Some(Variable::ArchiveLocation)),
    ("C1", "CHAP ECHAP SER", Some(Variable::Section)),
    ("C1", "CONF CPAPER", Some(Variable::PublisherPlace)),
    ("C1", "MAP", Some(Variable::Scale)),
    ("C2", "NEWS", Some(Variable::Issue)),
    ("C2", "SER", Some(Variable::Number)),
    ("C3", "ADVS ART MAP SLIDE SOUND VIDEO", Some(Variable::Dimensions)),
    ("C3", "PAT", Some(Variable::Jurisdiction)),
    ("C4", "MPCT", Some(Variable::Genre)),
    ("C5", "ADVS MPCT SLIDE SOUND VIDEO", Some(Variable::Medium)),
    ("C5", "EJOUR", Some(Variable::VolumeTitle)),
    ("C5", "GRANT", Some(Variable::Number)),
    ("C5", "MULTI", Some(Variable::Dimensions)),
    ("C5", "PAT", Some(Variable::References)),
    ("C6", "PAT", Some(Variable::Status)),
    ("C6", "RPRT", Some(Variable::Issue)),
    ("C6", "STAT", Some(Variable::Volume)),
    ("CN", "", Some(Variable::CallNumber)),
    ("CP", "GOVDOC LEGAL PAT RPRT STAND", Some(Variable::Number)),
    ("CP", "", Some(Variable::Issue)),
    ("CY", "", Some(Variable::PublisherPlace)),
    ("DB", "", Some(Variable::Source)),
    ("DP", "", Some(Variable::Source)),
    ("ET", "ABST AGGR CASE DBASE GRANT ICOMM INPR JFULL JOUR PAT PCOMM", None),
    ("ET", "BILL HEAR STAT UNBILL", Some(Variable::ChapterNumber)),
    ("ET", "CHART COMP DATA EQUA FIGURE", Some(Variable::Version)),
    ("ET", "MANSCPT", Some(Variable::Medium)),
    ("ET", "", Some(Variable::Edition)),
    ("H2", "", Some(Variable::CallNumber)),
    ("IS", "CHAP", Some(Variable::NumberOfVolumes)),
    ("IS", "GOVDOC LEGAL PAT RPRT STAND", Some(Variable::Number)),
    ("IS", "", Some(Variable::Issue)),
    ("LA", "", Some(Variable::Language)),
    ("M1", "ABST COMP ELEC INPR JFULL JOUR MULTI", None),
    ("M1", "ART", Some(Variable::Dimensions)),
    ("M1", "BOOK CLSWK CTLG EDBOOK PAMP SER", Some(Variable::CollectionNumber)),
    ("M1", "CHAP", Some(Variable::NumberOfVolumes)),
    ("M1", "CONF EJOUR GOVDOC MGZN", Some(Variable::Issue)),
    ("M1", "ECHAP", Some(Variable::ChapterNumber)),
    ("M1", "GRANT", Some(Variable::Status)),
    ("M1", "LEGAL NEWS STAND", Some(Variable::Page)),
    ("M1", "", Some(Variable::Number)),
    ("M2", "PAMP", Some(Variable::NumberOfPages)),
    ("NV", "ADVS SLIDE SOUND VIDEO", Some(Variable::Dimensions)),
    ("NV", "CASE GRANT MGZN NEWS PAT", None),
    ("NV", "CTLG DATA EJOUR ICOMM MANSCPT PCOMM STAT", Some(Variable::Number)),
    ("NV", "EBOOK", Some(Variable::Version)),
    ("NV", "RPRT", Some(Variable::CollectionNumber)),
    ("NV", "", Some(Variable::NumberOfVolumes)),
    ("OP", LAWS, Some(Variable::References)),
    ("PB", "CASE", Some(Variable::Authority)),
    ("PB", "MANSCPT", Some(Variable::Archive)),
    ("PB", "PAT", None),
    ("PB", "", Some(Variable::Publisher)),
    ("PP", "", Some(Variable::PublisherPlace)),
    ("RI", "DATA STAT", None),
    ("RI", "", Some(Variable::ReviewedTitle)),
    ("SE", "BILL GEN GOVDOC LEGAL MUSIC NEWS STAND STAT UNBILL", Some(Variable::Section)),
    ("SE", "BOOK CTLG", Some(Variable::NumberOfPages)),
    ("SE", "CHAP SER", Some(Variable::ChapterNumber)),
    ("SE", "DICT", Some(Variable::Version)),
    ("SV", "", Some(Variable::CollectionNumber)),
    ("T3", "STAND", Some(Variable::Number)),
    ("VL", "BLOG ELEC PAT THES", None),
    ("VL", "CHART EQUA FIGURE", Some(Variable::Dimensions)),
    ("VL", "COMP", Some(Variable::Version)),
    ("VL", "PAMP", Some(Variable::Number)),
    ("VL", "", Some(Variable::Volume)),
    ("VO", "", Some(Variable::Volume)),
];

#[cfg(test)]
mod tests {
    use super::super::reference_types::by_code;
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_name_types_that_there_are() {
        assert!(PEOPLE.is_sorted_by_key(|(tag, ..)| *tag));
        assert!(TEXTS.is_sorted_by_key(|(tag, ..)| *tag));
        let types = PEOPLE.iter().map(|(_, types, _)| types).chain(TEXTS.iter().map(|(_, types, _)| types));
        for code in types.flat_map(|types| types.split(' ')).filter(|code| !code.is_empty()) {
            assert_eq!(by_code(code).map(|it| it.code), Some(code), "{code}");
        }
    }

    #[test]
    fn the_rule_for_all_other_types_comes_last() {
        let has_last = |tags: Vec<(&str, &str)>| {
            tags.windows(2).all(|pair| match pair {
                [(tag, ""), (next, _)] => tag != next,
                _ => true,
            })
        };
        assert!(has_last(PEOPLE.iter().map(|(tag, types, _)| (*tag, *types)).collect()));
        assert!(has_last(TEXTS.iter().map(|(tag, types, _)| (*tag, *types)).collect()));
    }
}
