//! Raw texts of a corpus file → a record.
//!
//! Every format hands its texts over as the file writes them and says once in which mark-up. What they mean, and how
//! they are cleaned, is decided here and in [`super::text`], so that the same work is the same record from any format.

mod holding;
mod title;

use super::source::Entry;
use super::text::html::without_heading;
use super::text::identifiers::{self, Found};
use super::text::persons::{self, NameParts};
use super::text::{Markup, clean, dates, excerpt, extra::Extra, one_line};
use crate::paper::{
    DateVariable, Links, Nature, Notice, Organization, Person, PublicationDate, Record, Role, Variable, parse_arxiv,
    parse_pmcid, parse_pmid,
};

/// How many keys an entry may have: its own and aliases.
const MAX_KEYS: usize = 256;

/// Builds a record from raw texts. Where a format gives a field twice, the first text that says something counts.
#[derive(Debug)]
pub(in crate::corpus) struct RecordBuilder {
    markup: Markup,
    record: Record,
    subtitle: String,
    /// Title and subtitle with the tags of CSL, where they have marks.
    marked: [Option<String>; 2],
    /// With commas between them.
    keywords: String,
    /// Some authors are named and others are not.
    has_unnamed_authors: bool,
    /// The work is a notice about another work.
    is_notice: bool,
    author_count: Option<u32>,
    extra_date: Option<PublicationDate>,
    problems: Vec<String>,
}

impl RecordBuilder {
    /// A builder for texts in this mark-up.
    pub fn new(markup: Markup) -> Self {
        Self {
            markup,
            record: Record::default(),
            subtitle: String::new(),
            marked: [None, None],
            keywords: String::new(),
            has_unnamed_authors: false,
            is_notice: false,
            author_count: None,
            extra_date: None,
            problems: Vec::new(),
        }
    }

    /// What was read so far.
    pub fn so_far(&self) -> &Record {
        &self.record
    }

    /// The work tells that another was corrected or taken back: marks in its title are not about itself. Has to be said
    /// in front of the title.
    pub fn notice(&mut self, is_notice: bool) {
        self.is_notice = is_notice;
    }

    /// A short title that the entry declares.
    pub fn short_title(&mut self, raw: &str) {
        let short = self.clean(raw);
        if !short.is_empty() && !self.record.short_titles.contains(&short) {
            self.record.short_titles.push(short);
        }
    }

    /// The abstract.
    pub fn abstract_text(&mut self, raw: &str) {
        if self.record.abstract_text.is_none() {
            let text = self.clean(raw);
            let bare = without_heading(&text);
            let text = if bare.len() == text.len() { text } else { bare.to_owned() };
            self.record.abstract_text = Some(text).filter(|text| !text.is_empty());
        }
    }

    /// A text in the mark-up of the format.
    pub fn text(&mut self, variable: Variable, raw: &str) {
        if !raw.is_empty() && self.record.details.text(variable).is_none() {
            let text = normal(variable, self.clean(raw));
            self.record.details.set_text(variable, text);
        }
    }

    /// A text without mark-up: a number, an identifier, a word of a list.
    pub fn plain(&mut self, variable: Variable, raw: &str) {
        if !raw.is_empty() && self.record.details.text(variable).is_none() {
            self.record.details.set_text(variable, normal(variable, one_line(raw)));
        }
    }

    /// The journal, the book or the proceedings that the work is a part of. Where `arXiv:2306.02707 [cs]` stands for
    /// one, the work is in arXiv, which publishes it and contains nothing.
    pub fn container(&mut self, raw: &str) {
        let is_arxiv = raw.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv"));
        if is_arxiv {
            self.identifiers_in(raw);
            self.publisher(raw);
        } else {
            self.text(Variable::ContainerTitle, raw);
        }
    }

    /// The publisher, school, institution or archive. That of arXiv is always arXiv.
    pub fn publisher(&mut self, raw: &str) {
        let raw = raw.trim();
        let is_arxiv = raw.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv"));
        self.text(Variable::Publisher, if is_arxiv { "arXiv" } else { raw });
    }

    /// A number, or a place in an archive, unless it is an arXiv id: one that says so, or any where the archive is arXiv.
    pub fn number(&mut self, variable: Variable, raw: &str, at_arxiv: bool) {
        let named = identifiers::arxiv_in(raw).or_else(|| at_arxiv.then(|| parse_arxiv(&one_line(raw))).flatten());
        match named {
            Some(id) => self.record.arxiv = self.record.arxiv.take().or(Some(id)),
            None => self.text(variable, raw),
        }
    }

    /// The first page and the last.
    pub fn pages(&mut self, first: &str, last: &str) {
        let (first, last) = (one_line(first), one_line(last));
        let joint = if first.is_empty() || last.is_empty() || first == last { "" } else { "–" };
        let last = if first == last { "" } else { &*last };
        self.plain(Variable::Page, &format!("{first}{joint}{last}"));
    }

    /// The number in `PubMed` Central, with or without `PMC`.
    pub fn pmcid(&mut self, raw: &str) {
        let number = one_line(raw);
        let is_bare = number.starts_with(|c: char| c.is_ascii_digit());
        self.plain(Variable::Pmcid, &if is_bare { format!("PMC{number}") } else { number });
    }

    /// A keyword more.
    pub fn keyword(&mut self, raw: &str) {
        let keyword = self.clean(raw);
        if !keyword.is_empty() {
            self.keywords.push_str(if self.keywords.is_empty() { "" } else { ", " });
            self.keywords.push_str(&keyword);
        }
    }

    /// One person or group, whose name stands in one text in any order of its parts: `Ludwig van Beethoven`,
    /// `van Beethoven, Ludwig`, `ATLAS Collaboration`. `et al.` says that there are more.
    pub fn name(&mut self, role: Role, raw: &str) {
        let (person, has_others) = persons::person_and_others(self.markup, raw);
        person.into_iter().for_each(|person| self.add_person(role, person));
        self.note_others(role, has_others);
    }

    /// One person as MEDLINE and Web of Science index names: `Smith JM`, `van der Berg J Jr`, `SMITH, JM`.
    pub fn indexed_name(&mut self, role: Role, raw: &str) {
        match persons::medline_person(&self.clean(raw)) {
            Some(person) => self.add_person(role, person),
            None => self.note_others(role, persons::is_et_al(raw)),
        }
    }

    /// A list of names in one text: `A and B and others`, `A; B`.
    pub fn names(&mut self, role: Role, raw: &str) {
        let list = persons::persons(self.markup, raw);
        list.people.into_iter().for_each(|person| self.add_person(role, person));
        self.note_others(role, list.has_others);
    }

    /// A person whose name comes in parts.
    pub fn person(&mut self, role: Role, parts: NameParts<'_>) {
        match persons::from_parts(self.markup, parts) {
            Some(person) => self.add_person(role, person),
            None => self.note_others(role, persons::is_et_al(parts.family) || persons::is_et_al(parts.given)),
        }
    }

    /// A group, whose name is not taken apart.
    pub fn group(&mut self, role: Role, raw: &str) {
        let name = self.clean(raw);
        if persons::is_et_al(&name) {
            self.note_others(role, true);
        } else if !name.is_empty() {
            self.add_person(role, Person::group(name));
        }
    }

    /// The list of authors goes on beyond those named.
    pub fn has_more_authors(&mut self) {
        self.has_unnamed_authors = true;
    }

    /// How many authors the source counts.
    pub fn author_count(&mut self, count: u32) {
        self.author_count = Some(count).filter(|count| *count > 0).or(self.author_count);
    }

    /// The date of publication, in any spelling. One that cannot be read is reported; what it says in words is kept
    /// (`in press`).
    pub fn date(&mut self, raw: &str) {
        let text = self.clean(raw);
        if text.is_empty() || self.record.date.is_some() {
            return;
        }
        self.record.date = dates::date(&text);
        if self.record.date.is_none() {
            self.problems.push(format!("not a date: `{}` (kept as it is)", excerpt(&text, 40)));
            if text.chars().any(char::is_alphabetic) {
                self.plain(Variable::DateText, &text);
            }
        }
    }

    /// The date of publication from fields for year, month and day.
    pub fn date_parts(&mut self, year: &str, month: Option<&str>, day: Option<&str>) {
        if self.record.date.is_none() {
            let [year, month, day] = [Some(year), month, day].map(|part| part.map(|part| self.clean(part)));
            let year = year.unwrap_or_default();
            self.record.date = dates::from_parts(&year, month.as_deref(), day.as_deref());
            if self.record.date.is_none() {
                self.date(&year);
            }
        }
    }

    /// The date of publication, where the format has read it already.
    pub fn set_date(&mut self, date: Option<PublicationDate>) {
        self.record.date = self.record.date.or(date);
    }

    /// Another date than that of publication, in any spelling.
    pub fn other_date(&mut self, variable: DateVariable, raw: &str) {
        let date = dates::date(&self.clean(raw));
        self.set_other_date(variable, date);
    }

    /// Another date than that of publication, where the format has read it already.
    pub fn set_other_date(&mut self, variable: DateVariable, date: Option<PublicationDate>) {
        if let (None, Some(date)) = (self.record.details.date(variable), date) {
            self.record.details.set_date(variable, date);
        }
    }

    /// A citation key; the first is the entry's own, the others are its aliases.
    pub fn key(&mut self, key: &str) {
        let key = key.trim();
        let has_room = self.record.keys.len() < MAX_KEYS;
        if !key.is_empty() && has_room && !self.record.keys.iter().any(|known| known == key) {
            self.record.keys.push(key.to_owned());
        }
    }

    /// The DOI, from a field that holds nothing else. What is not one is reported, unless it names the paper otherwise.
    pub fn doi(&mut self, raw: &str) {
        let text = one_line(raw);
        if text.is_empty() {
            return;
        }
        match identifiers::doi_in(&text) {
            Some(doi) => {
                self.record.arxiv = self.record.arxiv.take().or_else(|| identifiers::arxiv_in(&doi));
                self.take_doi(doi, &text);
            }
            None if identifiers::arxiv_in(&text).is_some() => self.identifiers_in(&text),
            None => self.problems.push(format!("not a DOI: `{}` (ignored)", excerpt(&text, 60))),
        }
    }

    /// A DOI that a text holds, unless there is one already.
    fn take_doi(&mut self, doi: String, text: &str) {
        if self.record.doi.is_none() {
            let place = text.to_ascii_lowercase().find(&doi).map(|at| at..at + doi.len());
            let written = place.and_then(|place| text.get(place)).filter(|written| *written != doi);
            self.record.written_doi = written.map(str::to_owned);
            self.record.doi = Some(doi);
        }
    }

    /// The arXiv id, from a field that holds nothing else.
    pub fn arxiv(&mut self, raw: &str) {
        if self.record.arxiv.is_none() {
            self.record.arxiv = parse_arxiv(&one_line(raw));
        }
    }

    /// The arXiv id, in a format whose every entry has one. Text that is not an arXiv id is reported.
    pub fn arxiv_id(&mut self, raw: &str) {
        self.arxiv(raw);
        if self.record.arxiv.is_none() && !raw.trim().is_empty() {
            self.problems.push(format!("not an arXiv id: `{}` (ignored)", excerpt(raw, 40)));
        }
    }

    /// Identifiers that a text names as such, an address for example.
    pub fn identifiers_in(&mut self, raw: &str) {
        let Found { arxiv, doi, pmid, pmcid } = identifiers::found_in(raw);
        self.record.arxiv = self.record.arxiv.take().or(arxiv);
        doi.into_iter().for_each(|doi| self.take_doi(doi, raw));
        pmid.into_iter().for_each(|pmid| self.plain(Variable::Pmid, &pmid));
        pmcid.into_iter().for_each(|pmcid| self.plain(Variable::Pmcid, &pmcid));
    }

    /// The paper's own page; the address of a PDF counts as that of the PDF. An address may name identifiers.
    pub fn page_url(&mut self, raw: &str) {
        let url = raw.trim();
        if url.is_empty() {
            return;
        }
        self.identifiers_in(url);
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let slot = if path.get(path.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".pdf")) {
            &mut self.record.links.pdf
        } else {
            &mut self.record.links.page
        };
        slot.get_or_insert_with(|| url.to_owned());
    }

    /// The addresses of the paper, for those that have no method of their own.
    pub fn links(&mut self) -> &mut Links {
        &mut self.record.links
    }

    /// The organisation that a listing page names instead of authors.
    pub fn organization(&mut self, handle: &str, name: &str) {
        let (handle, name) = (self.clean(handle), self.clean(name));
        if !handle.is_empty() || !name.is_empty() {
            self.record.organization = Some(Organization { handle, name });
        }
    }

    /// How many comments a listing page counts.
    pub fn comments(&mut self, count: u32) {
        self.record.comments = Some(count);
    }

    /// The type of the work, as CSL names it.
    pub fn work_type(&mut self, csl_type: &str) {
        if self.record.work_type.is_none() && !csl_type.is_empty() {
            self.record.work_type = Some(csl_type.to_owned());
        }
    }

    /// The source says that the work was retracted or withdrawn.
    pub fn retracted(&mut self, is_retracted: bool) {
        self.record.retracted |= is_retracted;
    }

    /// The record stands in a list of notices, and is this one about a paper.
    pub fn listed_notice(&mut self, notice: Option<Notice>) {
        self.record.only_in_notices = true;
        self.record.retracted |= notice.as_ref().is_some_and(|notice| notice.nature == Nature::Retraction);
        self.record.notices.extend(notice);
    }

    /// The lines that reference managers keep in the field for notes, such as `arXiv: 2306.02707`. The rest of the
    /// text is the note.
    pub fn extra(&mut self, raw: &str, rest: Variable) {
        let extra = Extra::read(raw);
        extra.keys.iter().for_each(|key| self.key(key));
        extra.short_titles.iter().for_each(|short| self.short_title(short));
        self.record.arxiv = self.record.arxiv.take().or(extra.arxiv);
        extra.doi.into_iter().for_each(|doi| self.take_doi(doi, raw));
        self.extra_date = self.extra_date.or(extra.date);
        self.record.retracted |= extra.is_retracted;
        extra.work_type.iter().for_each(|work_type| self.work_type(work_type));
        for (variable, text) in &extra.texts {
            self.text(*variable, text);
        }
        for (variable, date) in extra.dates {
            self.set_other_date(variable, Some(date));
        }
        for (role, person) in extra.people {
            let is_known = self.record.people(role).iter().any(|known| known.display() == person.display());
            if !is_known {
                self.add_person(role, person);
            }
        }
        self.text(rest, &extra.rest);
    }

    /// Something is wrong with the entry: a sentence without a full stop.
    pub fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(message.into());
    }

    /// The record, without its place, and what is wrong with it.
    pub fn finish(mut self) -> Entry {
        self.finish_title();
        let keywords = std::mem::take(&mut self.keywords);
        self.plain(Variable::Keyword, &keywords);
        let record = &mut self.record;
        record.date = record.date.or(self.extra_date);
        record.short_titles.retain(|short| *short != record.title);
        let details = &mut record.details;
        if record.date.is_some() {
            details.set_text(Variable::DateText, "");
        }
        if details.text(Variable::ContainerTitleShort) == details.text(Variable::ContainerTitle) {
            details.set_text(Variable::ContainerTitleShort, "");
        }
        let listed = u32::try_from(record.authors.len()).unwrap_or(u32::MAX);
        record.author_count = match self.author_count {
            Some(counted) => Some(counted.max(listed)),
            None => (listed > 0 && !self.has_unnamed_authors).then_some(listed),
        };
        Entry { record: self.record, problems: self.problems }
    }

    fn add_person(&mut self, role: Role, person: Person) {
        if role == Role::Author {
            self.record.authors.push(person);
        } else {
            self.record.details.add_person(role, person);
        }
    }

    /// A list of names says that it goes on. Of authors the record says so; any other list ends with the name `others`,
    /// as CSL writes it.
    fn note_others(&mut self, role: Role, has_others: bool) {
        if !has_others {
            return;
        }
        if role == Role::Author {
            self.has_unnamed_authors = true;
        } else if self.record.people(role).last().is_some_and(|last| *last != Person::others()) {
            self.add_person(role, Person::others());
        }
    }

    fn clean(&self, raw: &str) -> String {
        clean(self.markup, raw)
    }
}

/// A number that several spellings stand for in one of them, where it is such a number.
fn normal(variable: Variable, text: String) -> String {
    let number = match variable {
        Variable::Pmid => parse_pmid(&text),
        Variable::Pmcid => parse_pmcid(&text),
        Variable::Page => tight_pages(&text),
        _ => None,
    };
    number.unwrap_or(text)
}

/// Pages with one dash and no spaces between the first and the last, where they have more: `489 - 498`. `None` where
/// they are so already.
fn tight_pages(text: &str) -> Option<String> {
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let mut pages = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_dash) {
        let (before, from_dash) = rest.split_at_checked(at)?;
        let after = from_dash.trim_start_matches(|c: char| is_dash(c) || c == ' ');
        let joint = from_dash.strip_suffix(after)?;
        pages.push_str(before.trim_end());
        pages.push_str(if joint.chars().count() == 1 && !before.ends_with(' ') { joint } else { "–" });
        rest = after;
    }
    pages.push_str(rest);
    (pages != text).then_some(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(markup: Markup, fill: impl FnOnce(&mut RecordBuilder)) -> Entry {
        let mut builder = RecordBuilder::new(markup);
        fill(&mut builder);
        builder.finish()
    }

    #[test]
    fn texts_are_cleaned_by_their_markup() {
        let title = |markup: Markup, raw: &str| built(markup, |builder| builder.title(raw)).record.title;
        assert_eq!(title(Markup::Tex, r"Poincar\'e {I}nequalities"), "Poincaré Inequalities");
        assert_eq!(title(Markup::Html, "The <i>E. coli</i> &amp; me"), "The E. coli & me");
        assert_eq!(title(Markup::Plain, "a < b &amp;  c"), "a < b &amp; c");
    }

    #[test]
    fn the_first_text_of_a_field_counts() {
        let entry = built(Markup::Plain, |builder| {
            builder.text(Variable::Volume, " ");
            builder.text(Variable::Volume, "3");
            builder.text(Variable::Volume, "4");
            builder.title("A Title");
            builder.subtitle("And More");
            builder.short_title("A Title: And More");
        });
        assert_eq!(entry.record.details.text(Variable::Volume), Some("3"));
        assert_eq!(entry.record.title, "A Title: And More");
        assert_eq!(entry.record.short_titles, [""; 0]);
    }

    #[test]
    fn authors_are_counted_where_all_are_named() {
        let count = |fill: fn(&mut RecordBuilder)| built(Markup::Plain, fill).record.author_count;
        assert_eq!(count(|_| ()), None);
        assert_eq!(count(|builder| builder.names(Role::Author, "Ada Lovelace and Bo Tern")), Some(2));
        assert_eq!(count(|builder| builder.names(Role::Author, "Ada Lovelace and others")), None);
        let counted = count(|builder| {
            builder.name(Role::Author, "Ada Lovelace");
            builder.author_count(100);
        });
        assert_eq!(counted, Some(100));
    }

    #[test]
    fn pages_have_one_dash() {
        let cases = [
            ("489 - 498", "489–498"),
            ("5:1—-5:8", "5:1–5:8"),
            ("12 – 15, 18 -- 20", "12–15, 18–20"),
            ("1-9", "1-9"),
            ("1–9", "1–9"),
            ("e12", "e12"),
            ("12 –", "12–"),
            ("- 12", "–12"),
        ];
        for (raw, expected) in cases {
            let record = built(Markup::Plain, |builder| builder.text(Variable::Page, raw)).record;
            assert_eq!(record.details.text(Variable::Page), Some(expected), "{raw}");
        }
    }

    #[test]
    fn a_doi_keeps_the_capitals_of_its_source_beside_the_form_that_is_compared() {
        for (written, shown) in [
            ("10.1000/XYZ", "10.1000/XYZ"),
            ("doi:10.1000/Xyz.", "10.1000/Xyz"),
            ("https://doi.org/10.1000/XyZ", "10.1000/XyZ"),
            ("https://doi.org/10.1000%2FXYZ", "10.1000/xyz"),
            ("10.1000/xyz", "10.1000/xyz"),
        ] {
            let record = built(Markup::Plain, |builder| builder.doi(written)).record;
            assert_eq!((record.doi.as_deref(), record.shown_doi()), (Some("10.1000/xyz"), Some(shown)), "{written}");
        }
        let record = built(Markup::Plain, |builder| builder.page_url("https://doi.org/10.1000/XYZ")).record;
        assert_eq!(record.shown_doi(), Some("10.1000/XYZ"));
    }

    #[test]
    fn identifiers_that_are_none_are_reported() {
        let entry = built(Markup::Plain, |builder| builder.doi("see the publisher"));
        assert_eq!(entry.problems, ["not a DOI: `see the publisher` (ignored)"]);
        let entry = built(Markup::Plain, |builder| builder.page_url("https://doi.org/10.1000/xyz"));
        assert_eq!(entry.record.doi.as_deref(), Some("10.1000/xyz"));
    }
}
