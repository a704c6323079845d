//! The fields of RIS → a record. What a field means depends on the type of the reference; the tables are those of
//! `EndNote`, whose own tagged format has the same fields under other names. Where Zotero and the publishers mean something
//! else, the value tells.

use super::reference_types::{self, ReferenceType, Types, types};
use super::values::{addresses, date, is_citation_key, is_doi, most_exact, names, pages, serial_numbers};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::text::{Markup, dates, one_line};
use crate::paper::{DateVariable, PublicationDate, Role, Variable};

/// A tag that RIS does not have: a group that wrote the work.
pub(super) const CORPORATE_AUTHOR: &str = "AC";

/// A tag of RIS.
type Tag = [u8; 2];

/// The fields of one reference, under their tags of RIS, in file order. None is empty.
pub(super) struct Reference<'a> {
    reference_type: Option<ReferenceType>,
    fields: Vec<(Tag, &'a str)>,
}

impl<'a> Reference<'a> {
    /// A reference of a type, with its fields in file order. None may be empty, and what has no tag of RIS is left out.
    pub fn new(reference_type: Option<ReferenceType>, fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let fields = fields.filter_map(|(tag, value)| Some((tag.as_bytes().try_into().ok()?, value)));
        let mut reference = Self { reference_type, fields: fields.collect() };
        if reference.is_part_of_book() {
            reference.reference_type = reference_types::by_code("CHAP");
        }
        reference
    }

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

    /// Whether the reference is of one of these types.
    fn is(&self, types: Types) -> bool {
        self.reference_type.is_some_and(|it| types.hold(it))
    }

    fn is_whole_book(&self) -> bool {
        self.is(types!("ANCIENT BOOK CLSWK CTLG EBOOK EDBOOK PAMP SER"))
    }

    /// Whether what is called a book is a part of one: Web of Science calls all that is in books so. A part has the pages
    /// that it takes of the book, and the title of the book beside its own.
    fn is_part_of_book(&self) -> bool {
        let starts_within = self.first(&[b"SP"]).is_some_and(|page| is_number(page) && page != "1");
        let has_both_titles = self.first(&[b"TI", b"T1"]).is_some() && self.first(&[b"T2", b"BT"]).is_some();
        self.is(types!("BOOK EDBOOK")) && starts_within && self.first(&[b"EP"]).is_some() && has_both_titles
    }

    /// Whether what others have for an issue is the name of a conference, as Web of Science has it.
    fn is_of_conference(&self, issue: &str) -> bool {
        let is_of_that = self.first(&[b"AN"]).is_some_and(|number| number.starts_with("WOS:"));
        is_of_that || issue.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).count() > 3
    }

    fn all<'t>(&'t self, tags: &'t [&Tag]) -> impl Iterator<Item = &'t str> {
        self.fields.iter().filter(|(tag, _)| tags.contains(&tag)).map(|(_, value)| *value)
    }

    /// The first value of the first of the tags that has one.
    fn first(&self, tags: &[&Tag]) -> Option<&str> {
        tags.iter().find_map(|wanted| self.fields.iter().find(|(tag, _)| tag == *wanted)).map(|(_, value)| *value)
    }

    /// The tag of the title. Whole books may have theirs in a field that is the book's for a chapter.
    fn title_tag(&self) -> Option<&'static Tag> {
        let own = [b"TI", b"T1", b"CT"].into_iter();
        let of_book = [b"BT", b"T2"].into_iter().filter(|_| self.is_whole_book());
        let last = [b"BT", b"ST"].into_iter().filter(|tag| *tag == b"ST" || self.is(types!("UNPB")));
        own.chain(of_book).chain(last).find(|tag| self.first(&[tag]).is_some())
    }

    fn titles(&self, builder: &mut RecordBuilder) {
        self.title_tag().and_then(|tag| self.first(&[tag])).into_iter().for_each(|title| builder.title(title));
        self.all(&[b"ST"]).for_each(|title| builder.short_title(title));
        self.first(&[b"TT"]).into_iter().for_each(|title| builder.text(Variable::OriginalTitle, title));
    }

    /// The journal, book, conference and series.
    fn containers(&self, builder: &mut RecordBuilder) {
        let title_tag = self.title_tag();
        let first =
            |tags: &[&Tag]| tags.iter().filter(|tag| Some(**tag) != title_tag).find_map(|tag| self.first(&[tag]));
        let mut series = first(&[b"T3"]);
        let container = if self.is_whole_book() || self.is(types!("COMP MAP MPCT RPRT UNPB")) {
            series = first(&[b"T2"]).or(series).or_else(|| first(&[b"JF", b"JO"]));
            None
        } else if self.is(types!("CONF CPAPER")) {
            let container = first(&[b"C3", b"T2", b"JF", b"BT", b"JO", b"J2", b"JA"]);
            let is_event = |event: &&str| container.is_some_and(|container| one_line(container) != one_line(event));
            let event = first(&[b"T2"]).filter(is_event);
            event.into_iter().for_each(|event| builder.text(Variable::EventTitle, event));
            container
        } else if self.is(types!("CHAP ECHAP")) {
            first(&[b"BT", b"T2", b"JF", b"JO"])
        } else if self.is(types!("HEAR MANSCPT STAND THES")) {
            None
        } else if self.is(types!("CASE")) {
            first(&[b"T2", b"A2", b"NV"])
        } else {
            first(&[b"JF", b"T2", b"JO", b"BT", b"J2", b"JA", b"J1"])
        };
        if let Some(container) = container {
            builder.container(container);
            let short = first(&[b"JA", b"J2", b"J1", b"JO"]).filter(|short| one_line(short) != one_line(container));
            short.into_iter().for_each(|short| builder.text(Variable::ContainerTitleShort, short));
        }
        // What stands there for laws is the body that made them.
        let is_law = self.is(types!("BILL HEAR UNBILL"));
        if let Some(series) = series.filter(|_| !self.is(types!("CASE LEGAL PAT STAND STAT THES"))) {
            builder.text(if is_law { Variable::Authority } else { Variable::CollectionTitle }, series);
        }
        let other = if self.is(types!("MANSCPT")) { Variable::ArchiveCollection } else { Variable::Section };
        if let Some(title) = first(&[b"T2"]).filter(|_| self.is(types!("HEAR MANSCPT STAND"))) {
            builder.text(other, title);
        }
    }

    fn people(&self, builder: &mut RecordBuilder) {
        // A second list of a book is that of the series only where there is a series and the book has authors.
        let has_series = self.first(&[b"T2", b"T3"]).is_some() && self.first(&[b"AU", b"A1", b"A3"]).is_some();
        let is_of_series = has_series && self.is(types!("BOOK CLSWK COMP EDBOOK MAP MULTI RPRT UNPB"));
        for (tag, value) in &self.fields {
            let tag = if tag == b"A1" { b"AU" } else { tag };
            match rule(PEOPLE, *tag, |types| self.is(types)) {
                Some(role) if tag == CORPORATE_AUTHOR.as_bytes() => builder.group(role, value),
                Some(Role::Editor) if tag == b"A2" && is_of_series => names(builder, Role::CollectionEditor, value),
                Some(role) => names(builder, role, value),
                None => {}
            }
        }
        if let Some(holder) = self.first(&[b"PB"]).filter(|_| self.is(types!("PAT"))) {
            builder.group(Role::Recipient, holder);
        }
        if let Some(office) = self.first(&[b"A2"]).filter(|_| self.is(types!("GOVDOC LEGAL PAT"))) {
            builder.text(Variable::Authority, office);
        }
    }

    fn dates(&self, builder: &mut RecordBuilder) {
        // Here the year is that of the event, and another field has the one of publication.
        let published =
            self.first(&[b"C2"]).filter(|_| self.is(types!("CONF CPAPER PAT"))).and_then(|text| date(text, None));
        let has_own_year = self.is(types!("CONF CPAPER")) && published.is_some();
        let is_accessed = self.is(types!("AGGR DBASE EBOOK ECHAP EJOUR MULTI"));
        let order: &[&Tag] = if is_accessed { &[b"PY", b"Y1", b"DA", b"ET"] } else { &[b"PY", b"DA", b"Y1"] };
        let written = || order.iter().flat_map(|tag| self.all(std::slice::from_ref(tag)));
        let day = most_exact(written());
        // Some days of a year are those of the conference.
        let days = day.filter(|day| self.is(types!("CONF CPAPER")) && day.day.is_some() && day.end.is_some());
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
            && let Some(text) = self.first(&[b"PY", b"Y1"])
        {
            builder.date(text);
        }
        let mut other = |variable: DateVariable, tag: &Tag, types: Types| {
            if let Some(text) = self.first(&[tag]).filter(|_| types.is_empty() || self.is(types)) {
                builder.set_other_date(variable, date(text, None));
            }
        };
        let is_old = self.first(&[b"T1", b"A1", b"Y1"]).is_some();
        if self.is(types!("PAT")) && is_old {
            other(DateVariable::Submitted, b"Y2", types!(""));
        }
        other(DateVariable::Submitted, b"C1", types!("PAT"));
        other(DateVariable::Submitted, b"SE", types!("CASE"));
        other(DateVariable::OriginalDate, b"SE", types!("DATA"));
        other(DateVariable::AvailableDate, b"SE", types!("EJOUR"));
        other(DateVariable::AvailableDate, b"ET", types!("ABST INPR JFULL JOUR"));
        if !(self.is(types!("PAT")) && is_old) {
            other(DateVariable::Accessed, b"Y2", types!(""));
        }
        other(DateVariable::Accessed, b"M1", types!("ELEC"));
        if let Some(original) = self.first(&[b"OP"]).filter(|_| !self.is(LAWS)) {
            builder.set_other_date(DateVariable::OriginalDate, dates::date(original));
        }
        let last = self.first(&[b"DA"]).filter(|_| is_accessed).and_then(|text| date(text, None));
        if let Some(accessed) = last.filter(|accessed| day.is_some_and(|day| day.year != accessed.year)) {
            builder.set_other_date(DateVariable::Accessed, Some(accessed));
        }
    }

    fn identifiers(&self, builder: &mut RecordBuilder) {
        for key in self.all(&[b"ID"]).filter(|key| is_citation_key(key)) {
            builder.key(key);
        }
        self.all(&[b"DO", b"DI"]).for_each(|doi| builder.doi(doi));
        for value in self.all(&[b"M3", b"N1", b"L1", b"L2", b"L3", b"UR", b"LK", b"AN", b"ID"]) {
            if is_doi(value) && builder.so_far().doi.is_none() {
                builder.doi(value);
            } else if !value.contains(' ') {
                builder.identifiers_in(value);
            }
        }
        for value in self.all(&[b"JO", b"JF", b"T2", b"JA", b"M1", b"C7", b"M3", b"PB"]) {
            if value.to_ascii_lowercase().contains("arxiv:") {
                builder.identifiers_in(value);
            }
        }
        let database = self.first(&[b"DB", b"DP"]).unwrap_or_default().to_ascii_lowercase();
        let is_pubmed = ["pubmed", "medline", "nlm"].iter().any(|name| database.contains(name));
        for value in self.all(&[b"AN", b"C2", b"C3", b"C6", b"C7"]).filter(|value| is_pmcid(value)) {
            builder.pmcid(&value.to_ascii_uppercase());
        }
        let numbers = self.all(&[b"AN"]).filter(|_| is_pubmed);
        let numbers = numbers
            .chain(self.all(&[b"C2"]).filter(|_| database.contains("scopus") && self.is(types!("JOUR CPAPER CONF"))));
        let numbers = numbers.chain(self.all(&[b"UR"]).filter_map(|value| value.strip_prefix("PM:")));
        for number in numbers.map(str::trim).filter(|number| is_number(number)) {
            builder.plain(Variable::Pmid, number);
        }
        // Of works in archives it is where they are; of all others it is the number of the entry in a database, which no
        // reference list prints.
        if let Some(place) =
            self.first(&[b"AN"]).filter(|_| self.is(types!("ART MANSCPT MAP MUSIC PAMP PCOMM SOUND UNPB")))
        {
            builder.plain(Variable::ArchiveLocation, place);
        }
    }

    fn links(&self, builder: &mut RecordBuilder) {
        let is_ours = |address: &&str| !address.starts_with("PM:") && !is_doi_text(address);
        for address in self.all(&[b"UR", b"LK"]).chain(self.all(&[b"L2"])).flat_map(addresses).filter(is_ours) {
            // Some leave out how the address is spoken to.
            let scheme = if address.starts_with("//") { "https:" } else { "" };
            builder.page_url(&format!("{scheme}{address}"));
        }
        // EndNote's addresses of its own files lead nowhere outside it.
        let is_file = |address: &&str| is_ours(address) && !address.starts_with("internal-pdf:");
        let file = self.all(&[b"L1"]).flat_map(addresses).find(is_file);
        if let Some(file) = file {
            builder.links().pdf = Some(file.to_owned());
        }
    }

    fn numbers(&self, builder: &mut RecordBuilder) {
        let (first, last) = (self.first(&[b"SP"]), self.first(&[b"EP"]));
        let is_counted = self.is(types!("BOOK CLSWK EBOOK EDBOOK THES CTLG"));
        match (first, last) {
            (Some(count), None) if is_counted && !count.contains(['-', '–']) => {
                builder.plain(Variable::NumberOfPages, count);
            }
            (Some("1" | "i"), Some(count)) if is_counted => builder.plain(Variable::NumberOfPages, count),
            (Some(size), None) if self.is(types!("ADVS MPCT SLIDE SOUND VIDEO")) => {
                builder.plain(Variable::Dimensions, size);
            }
            _ => pages(builder, first, last),
        }
        if let Some(article) =
            self.first(&[b"C7"]).filter(|number| !is_pmcid(number) && !self.is(types!("EBOOK ECHAP")))
        {
            builder.plain(Variable::Page, article);
        }
        let start = if self.is(types!("ABST INPR JFULL JOUR")) { b"M2" } else { b"SE" };
        if let Some(start) = self.first(&[start]).filter(|_| self.is(types!("ABST INPR JFULL JOUR MANSCPT MGZN"))) {
            builder.plain(Variable::Page, start);
        }
        for number in self.all(&[b"SN"]) {
            if self.is(types!("DBASE GOVDOC LEGAL PAT RPRT STAND")) && !is_serial_number(number) {
                builder.plain(Variable::Number, number);
            } else {
                serial_numbers(builder, number);
            }
        }
        // Programs write the issue of a journal here where they have no other place for it.
        if let Some(issue) = self.first(&[b"M1"]).filter(|_| self.is(types!("ABST INPR JFULL JOUR"))) {
            let is_issue = issue.starts_with(|c: char| c.is_ascii_digit()) && issue.len() < 12;
            let own = self.first(&[b"IS", b"CP"]).unwrap_or(issue);
            builder.plain(Variable::Issue, if is_issue { own } else { "" });
        }
    }

    fn genre(&self, builder: &mut RecordBuilder) {
        let says_more =
            |text: &&str| !is_doi(text) && !GENERAL.iter().any(|general| text.eq_ignore_ascii_case(general));
        let variable = if self.is(types!("BLOG EBOOK ELEC MPCT MUSIC")) { Variable::Medium } else { Variable::Genre };
        self.all(&[b"M3"]).filter(says_more).for_each(|genre| builder.text(variable, genre));
        let degree =
            self.all(&[b"U1", b"VL"]).filter(|text| self.is(types!("THES")) && text.contains(char::is_alphabetic));
        degree.filter(says_more).for_each(|degree| builder.text(Variable::Genre, degree));
        if let Some(genre) = self.reference_type.and_then(|it| it.genre) {
            builder.plain(Variable::Genre, genre);
        }
        if self.is(types!("INPR")) {
            builder.plain(Variable::Status, "in press");
        }
    }

    /// Everything that one table tells.
    fn texts(&self, builder: &mut RecordBuilder) {
        let has_both_places = self.is(types!("CONF CPAPER")) && self.first(&[b"C1"]).is_some();
        // Programs write a zero where there is no number.
        let is_nothing = |tag: &Tag, value: &str| value == "0" && matches!(tag, b"CP" | b"IS" | b"M1" | b"NV" | b"VL");
        for (tag, value) in self.fields.iter().filter(|(tag, value)| !is_nothing(tag, value)) {
            match tag {
                b"KW" => value.split(['\n', ';']).for_each(|keyword| builder.keyword(keyword)),
                b"CY" if has_both_places => builder.text(Variable::EventPlace, value),
                b"AB" => builder.abstract_text(value),
                b"CP" if self.is_of_conference(value) => builder.text(Variable::EventTitle, value),
                tag => match rule(TEXTS, *tag, |types| self.is(types)) {
                    Some(Variable::Publisher) => builder.publisher(value),
                    Some(variable) => builder.text(variable, value),
                    None => {}
                },
            }
        }
        self.first(&[b"N2"]).into_iter().for_each(|text| builder.abstract_text(text));
    }

    /// Notes are the reader's own. What databases write into them about themselves is not a note, nor is a DOI or the title.
    fn notes(&self, builder: &mut RecordBuilder) {
        let title = self.title_tag().and_then(|tag| self.first(&[tag]));
        let is_note = |note: &&str| {
            !is_doi(note)
                && Some(*note) != title
                && !["Cited By", "Export Date", "Record ID:"].iter().any(|start| note.starts_with(start))
        };
        let notes: Vec<&str> = self.all(&[b"N1", b"RN"]).filter(is_note).collect();
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
fn rule<T: Copy>(table: &[Rule<T>], tag: Tag, is: impl Fn(Types) -> bool) -> Option<T> {
    let start = table.partition_point(|(known, ..)| **known < tag);
    let mut rules = table.get(start..)?.iter().take_while(|(known, ..)| **known == tag);
    rules.find(|(_, types, _)| types.is_empty() || is(*types)).and_then(|(_, _, said)| *said)
}

/// A tag, the types of references it is about (all others, where there are none), and what it means there.
type Rule<T> = (&'static Tag, Types, Option<T>);

/// References to laws, whose origin is a history of other texts.
const LAWS: Types = types!("BILL CASE HEAR LEGAL STAT UNBILL");

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
    (b"A2", types!("ADVS SLIDE SOUND VIDEO"), Some(Role::Performer)),
    (b"A2", types!("BILL UNBILL"), Some(Role::Author)),
    (b"A2", types!("CASE CTLG GOVDOC LEGAL PAMP PAT"), None),
    (b"A2", types!("DATA"), Some(Role::Producer)),
    (b"A2", types!("ICOMM PCOMM"), Some(Role::Recipient)),
    (b"A2", types!("INTV"), Some(Role::Interviewer)),
    (b"A2", types!("MPCT"), Some(Role::Contributor)),
    (b"A2", types!(""), Some(Role::Editor)),
    (b"A3", types!("BLOG"), Some(Role::Illustrator)),
    (b"A3", types!("BOOK"), Some(Role::Editor)),
    (b"A3", types!("CASE PAT RPRT"), None),
    (b"A3", types!("MPCT"), Some(Role::Producer)),
    (b"A3", types!("THES"), Some(Role::Contributor)),
    (b"A3", types!(""), Some(Role::CollectionEditor)),
    (b"A4", types!("CASE CONF DATA RPRT"), None),
    (b"A4", types!("MPCT"), Some(Role::Performer)),
    (b"A4", types!("MUSIC"), Some(Role::Producer)),
    (b"A4", types!("SER"), Some(Role::Editor)),
    (b"A4", types!(""), Some(Role::Translator)),
    (b"AC", types!(""), Some(Role::Author)),
    (b"AU", types!("EDBOOK"), Some(Role::Editor)),
    (b"AU", types!("MPCT"), Some(Role::Director)),
    (b"AU", types!("MUSIC"), Some(Role::Composer)),
    (b"AU", types!(""), Some(Role::Author)),
    (b"ED", types!(""), Some(Role::Editor)),
];

/// The texts that need no more than a look at the type, sorted by tag.
const TEXTS: &[Rule<Variable>] = &[
    (b"AV", types!(""), Some(Variable::ArchiveLocation)),
    (b"C1", types!("CHAP ECHAP SER"), Some(Variable::Section)),
    (b"C1", types!("CONF CPAPER"), Some(Variable::PublisherPlace)),
    (b"C1", types!("MAP"), Some(Variable::Scale)),
    (b"C2", types!("NEWS"), Some(Variable::Issue)),
    (b"C2", types!("SER"), Some(Variable::Number)),
    (b"C3", types!("ADVS ART MAP SLIDE SOUND VIDEO"), Some(Variable::Dimensions)),
    (b"C3", types!("PAT"), Some(Variable::Jurisdiction)),
    (b"C4", types!("MPCT"), Some(Variable::Genre)),
    (b"C5", types!("ADVS MPCT SLIDE SOUND VIDEO"), Some(Variable::Medium)),
    (b"C5", types!("EJOUR"), Some(Variable::VolumeTitle)),
    (b"C5", types!("GRANT"), Some(Variable::Number)),
    (b"C5", types!("MULTI"), Some(Variable::Dimensions)),
    (b"C5", types!("PAT"), Some(Variable::References)),
    (b"C6", types!("PAT"), Some(Variable::Status)),
    (b"C6", types!("RPRT"), Some(Variable::Issue)),
    (b"C6", types!("STAT"), Some(Variable::Volume)),
    (b"CN", types!(""), Some(Variable::CallNumber)),
    (b"CP", types!("GOVDOC LEGAL PAT RPRT STAND"), Some(Variable::Number)),
    (b"CP", types!(""), Some(Variable::Issue)),
    (b"CY", types!(""), Some(Variable::PublisherPlace)),
    (b"DB", types!(""), Some(Variable::Source)),
    (b"DP", types!(""), Some(Variable::Source)),
    (b"ET", types!("ABST AGGR CASE DBASE GRANT ICOMM INPR JFULL JOUR PAT PCOMM"), None),
    (b"ET", types!("BILL HEAR STAT UNBILL"), Some(Variable::ChapterNumber)),
    (b"ET", types!("CHART COMP DATA EQUA FIGURE"), Some(Variable::Version)),
    (b"ET", types!("MANSCPT"), Some(Variable::Medium)),
    (b"ET", types!(""), Some(Variable::Edition)),
    (b"H2", types!(""), Some(Variable::CallNumber)),
    (b"IS", types!("CHAP"), Some(Variable::NumberOfVolumes)),
    (b"IS", types!("GOVDOC LEGAL PAT RPRT STAND"), Some(Variable::Number)),
    (b"IS", types!(""), Some(Variable::Issue)),
    (b"LA", types!(""), Some(Variable::Language)),
    (b"M1", types!("ABST COMP ELEC INPR JFULL JOUR MULTI"), None),
    (b"M1", types!("ART"), Some(Variable::Dimensions)),
    (b"M1", types!("BOOK CLSWK CTLG EDBOOK PAMP SER"), Some(Variable::CollectionNumber)),
    (b"M1", types!("CHAP"), Some(Variable::NumberOfVolumes)),
    (b"M1", types!("CONF EJOUR GOVDOC MGZN"), Some(Variable::Issue)),
    (b"M1", types!("ECHAP"), Some(Variable::ChapterNumber)),
    (b"M1", types!("GRANT"), Some(Variable::Status)),
    (b"M1", types!("LEGAL NEWS STAND"), Some(Variable::Page)),
    (b"M1", types!(""), Some(Variable::Number)),
    (b"M2", types!("PAMP"), Some(Variable::NumberOfPages)),
    (b"NV", types!("ADVS SLIDE SOUND VIDEO"), Some(Variable::Dimensions)),
    (b"NV", types!("CASE GRANT MGZN NEWS PAT"), None),
    (b"NV", types!("CTLG DATA EJOUR ICOMM MANSCPT PCOMM STAT"), Some(Variable::Number)),
    (b"NV", types!("EBOOK"), Some(Variable::Version)),
    (b"NV", types!("RPRT"), Some(Variable::CollectionNumber)),
    (b"NV", types!(""), Some(Variable::NumberOfVolumes)),
    (b"OP", LAWS, Some(Variable::References)),
    (b"PB", types!("CASE"), Some(Variable::Authority)),
    (b"PB", types!("MANSCPT"), Some(Variable::Archive)),
    (b"PB", types!("PAT"), None),
    (b"PB", types!(""), Some(Variable::Publisher)),
    (b"PP", types!(""), Some(Variable::PublisherPlace)),
    (b"RI", types!("DATA STAT"), None),
    (b"RI", types!(""), Some(Variable::ReviewedTitle)),
    (b"SE", types!("BILL GEN GOVDOC LEGAL MUSIC NEWS STAND STAT UNBILL"), Some(Variable::Section)),
    (b"SE", types!("BOOK CTLG"), Some(Variable::NumberOfPages)),
    (b"SE", types!("CHAP SER"), Some(Variable::ChapterNumber)),
    (b"SE", types!("DICT"), Some(Variable::Version)),
    (b"SV", types!(""), Some(Variable::CollectionNumber)),
    (b"T3", types!("STAND"), Some(Variable::Number)),
    (b"VL", types!("BLOG ELEC PAT THES"), None),
    (b"VL", types!("CHART EQUA FIGURE"), Some(Variable::Dimensions)),
    (b"VL", types!("COMP"), Some(Variable::Version)),
    (b"VL", types!("PAMP"), Some(Variable::Number)),
    (b"VL", types!(""), Some(Variable::Volume)),
    (b"VO", types!(""), Some(Variable::Volume)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(PEOPLE.is_sorted_by_key(|(tag, ..)| *tag));
        assert!(TEXTS.is_sorted_by_key(|(tag, ..)| *tag));
    }

    #[test]
    fn the_rule_for_all_other_types_comes_last() {
        let has_last = |rules: Vec<(&Tag, Types)>| {
            rules.windows(2).all(|pair| match pair {
                [(tag, types), (next, _)] if types.is_empty() => tag != next,
                _ => true,
            })
        };
        assert!(has_last(PEOPLE.iter().map(|(tag, types, _)| (*tag, *types)).collect()));
        assert!(has_last(TEXTS.iter().map(|(tag, types, _)| (*tag, *types)).collect()));
    }
}
