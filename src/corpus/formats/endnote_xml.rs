//! The XML that EndNote and the programs beside it exchange. Texts may be split into runs of one style each.

use std::io;

use super::reference_types::{self, ReferenceType};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::xml::{self, Element, Grammar, Head};
use crate::corpus::text::{Markup, html};
use crate::corpus::{Format, Found, Input, Reader};
use crate::paper::{DateVariable, Role, Variable};

/// The reader of EndNote's XML.
pub(in crate::corpus) struct EndnoteXml;

impl Reader for EndnoteXml {
    fn format(&self) -> Format {
        Format::EndnoteXml
    }

    fn name(&self) -> &'static str {
        "EndNote XML"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        let tags: Vec<&str> = Head::of(head).into_iter().flatten().take(40).collect();
        let has = |name: &str| tags.contains(&name);
        match tags.as_slice() {
            ["xml", "records", ..] => true,
            ["records", "record", ..] => has("ref-type") || has("rec-number") || has("foreign-keys"),
            _ => false,
        }
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        xml::read_records(input, GRAMMAR, &mut Collector::new(sink), &mut |record| Some(entry(record)))
    }
}

const GRAMMAR: Grammar =
    Grammar { records: &["record"], title: |record| record.at(&["titles", "title"]), entity: html::entity };

fn entry(record: Element<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let kind = reference_type(record);
    builder.work_type(kind.csl);
    let work = Work { record, kind: Kind::of(kind.code) };
    work.read_titles(&mut builder);
    work.read_people(&mut builder);
    work.read_date(&mut builder);
    record.children().for_each(|field| work.read_field(&mut builder, field));
    if let Some(genre) = kind.genre {
        builder.plain(Variable::Genre, genre);
    }
    work.read_addresses(&mut builder);
    builder.finish()
}

/// The type of a record: its name counts before its number, which other programs than EndNote get wrong.
fn reference_type(record: Element<'_>) -> ReferenceType {
    let declared = record.first("ref-type");
    let name = declared.and_then(|kind| kind.attribute("name")).unwrap_or_default();
    let number = declared.map(Element::text).and_then(|number| number.trim().parse::<u8>().ok());
    let by_number = || {
        let at = NUMBERS.binary_search_by_key(&number?, |(number, _)| *number).ok()?;
        NUMBERS.get(at).and_then(|(_, code)| reference_types::by_code(code))
    };
    let known = reference_types::by_name(&name).or_else(by_number);
    known.unwrap_or(ReferenceType { code: "GEN", csl: "document", genre: None })
}

/// What a type of reference uses the common fields for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Stands in a journal, a newspaper or a magazine.
    Article,
    /// Stands in a book.
    Chapter,
    /// Was read at a conference.
    Conference,
    Book,
    /// A book whose authors are its editors.
    EditedBook,
    Thesis,
    Report,
    Patent,
    Webpage,
    /// A letter or a talk between people.
    Letter,
    Other,
}

impl Kind {
    fn of(code: &str) -> Self {
        match code {
            "JOUR" | "EJOUR" | "MGZN" | "NEWS" | "INPR" | "JFULL" | "ABST" => Self::Article,
            "CHAP" | "ECHAP" | "DICT" | "ENCYC" => Self::Chapter,
            "CONF" | "CPAPER" => Self::Conference,
            "BOOK" | "EBOOK" | "SER" | "CLSWK" | "CTLG" => Self::Book,
            "EDBOOK" => Self::EditedBook,
            "THES" => Self::Thesis,
            "RPRT" | "GOVDOC" | "STAND" => Self::Report,
            "PAT" => Self::Patent,
            "ELEC" | "BLOG" | "DBASE" | "MULTI" => Self::Webpage,
            "PCOMM" | "ICOMM" => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// A record and what its type makes of its fields.
struct Work<'t> {
    record: Element<'t>,
    kind: Kind,
}

impl Work<'_> {
    fn read_titles(&self, builder: &mut RecordBuilder) {
        let titles = self.record.first("titles").unwrap_or(self.record);
        let of = |name: &str| titles.first(name).map(styled).unwrap_or_default();
        builder.title(&of("title"));
        builder.short_title(&of("short-title"));
        builder.text(Variable::OriginalTitle, &of("translated-title"));
        let (second, third) = (of("secondary-title"), of("tertiary-title"));
        let periodical = |name: &str| self.record.at(&["periodical", name]).map(styled).unwrap_or_default();
        match self.kind {
            Kind::Article => {
                builder.text(Variable::ContainerTitle, &second);
                builder.text(Variable::ContainerTitle, &periodical("full-title"));
                builder.text(Variable::ContainerTitleShort, &periodical("abbr-1"));
                builder.text(Variable::CollectionTitle, &third);
            }
            Kind::Book | Kind::EditedBook | Kind::Report => builder.text(Variable::CollectionTitle, &second),
            Kind::Conference => {
                // The name of the conference, unless the proceedings have a title of their own.
                let proceedings = self.record.first("custom3").map(styled).unwrap_or_default();
                if proceedings.trim().is_empty() {
                    builder.text(Variable::ContainerTitle, &second);
                } else {
                    builder.text(Variable::ContainerTitle, &proceedings);
                    builder.text(Variable::EventTitle, &second);
                }
                builder.text(Variable::CollectionTitle, &third);
            }
            // The department, and of a patent the journal that announced it.
            Kind::Thesis | Kind::Patent => {}
            Kind::Chapter | Kind::Webpage | Kind::Letter | Kind::Other => {
                builder.text(Variable::ContainerTitle, &second);
                builder.text(Variable::ContainerTitle, &periodical("full-title"));
                builder.text(Variable::CollectionTitle, &third);
            }
        }
    }

    fn read_people(&self, builder: &mut RecordBuilder) {
        let Some(contributors) = self.record.first("contributors") else { return };
        let has_authors = contributors.first("authors").is_some_and(|list| list.first("author").is_some());
        for list in contributors.children() {
            let role = match (list.name(), self.kind) {
                ("authors", Kind::EditedBook) => Role::Editor,
                ("authors", _) => Role::Author,
                ("secondary-authors", Kind::Book | Kind::EditedBook | Kind::Report) if has_authors => {
                    Role::CollectionEditor
                }
                ("secondary-authors", Kind::Letter) => Role::Recipient,
                ("secondary-authors", Kind::Patent) => continue,
                ("secondary-authors", _) => Role::Editor,
                ("tertiary-authors", Kind::Book) => Role::Editor,
                ("tertiary-authors", Kind::Chapter | Kind::Conference) => Role::CollectionEditor,
                ("tertiary-authors", _) => Role::Contributor,
                ("subsidiary-authors" | "translated-authors", Kind::Conference) => Role::Contributor,
                ("subsidiary-authors" | "translated-authors", _) => Role::Translator,
                _ => continue,
            };
            for author in list.all("author") {
                match author.attribute("corp-name").filter(|name| !name.trim().is_empty()) {
                    Some(_) => builder.group(role, &author.html()),
                    None => read_name(builder, role, author),
                }
            }
        }
    }

    fn read_date(&self, builder: &mut RecordBuilder) {
        let Some(dates) = self.record.first("dates") else { return };
        let text = |path: &[&str]| dates.at(path).map(Element::text).unwrap_or_default();
        let (year, exact) = (text(&["year"]), text(&["pub-dates", "date"]));
        let exact = if exact.trim().is_empty() { text(&["month"]) } else { exact };
        let exact = exact.trim();
        let begins_with_year = exact.len() > 5 && exact.bytes().take(4).all(|byte| byte.is_ascii_digit());
        if begins_with_year && exact.as_bytes().get(4) == Some(&b'-') {
            builder.date(exact);
        }
        // `12/05/2010` is another day on either side of the ocean.
        let is_named = exact.chars().any(char::is_alphabetic) || exact.parse::<u8>().is_ok();
        if year.trim().is_empty() {
            builder.date(exact);
        } else {
            builder.date_parts(&year, Some(exact).filter(|_| is_named), None);
        }
    }

    fn read_field(&self, builder: &mut RecordBuilder, field: Element<'_>) {
        let (html, text) = (|| styled(field), || field.text());
        match (field.name(), self.kind) {
            // Of a web page volume and number say when it was looked at.
            ("volume" | "number", Kind::Webpage) => {}
            ("volume", _) => builder.plain(Variable::Volume, &text()),
            ("number" | "issue", Kind::Article | Kind::Conference) => builder.plain(Variable::Issue, &text()),
            ("number", Kind::Book | Kind::EditedBook | Kind::Chapter) => {
                builder.plain(Variable::CollectionNumber, &text());
            }
            ("number", Kind::Report) if builder.so_far().details.text(Variable::CollectionTitle).is_some() => {
                builder.plain(Variable::CollectionNumber, &text());
            }
            ("number" | "report-id", _) => builder.plain(Variable::Number, &text()),
            ("pages", Kind::Book | Kind::EditedBook | Kind::Thesis | Kind::Report) if is_number(&text()) => {
                builder.plain(Variable::NumberOfPages, &text());
            }
            ("pages", _) => builder.plain(Variable::Page, &text()),
            ("num-vols", _) => builder.plain(Variable::NumberOfVolumes, &text()),
            // Of an article the day on which it came out online.
            ("edition", Kind::Article) => builder.other_date(DateVariable::AvailableDate, &text()),
            ("edition", Kind::Webpage) => {}
            ("edition", _) if builder.so_far().work_type.as_deref() == Some("software") => {
                builder.text(Variable::Version, &html());
            }
            ("edition", _) => builder.text(Variable::Edition, &html()),
            ("section", Kind::Chapter) => builder.plain(Variable::ChapterNumber, &text()),
            ("section", Kind::Other) => builder.text(Variable::Section, &html()),
            ("section", Kind::Article) if builder.so_far().work_type.as_deref() == Some("article-newspaper") => {
                builder.text(Variable::Section, &html());
            }
            ("pub-location", Kind::Conference) => builder.text(Variable::EventPlace, &html()),
            ("pub-location", _) => builder.text(Variable::PublisherPlace, &html()),
            ("custom1", Kind::Conference) => builder.text(Variable::PublisherPlace, &html()),
            ("custom2" | "custom3" | "custom7", Kind::Article) if text().trim().starts_with("PMC") => {
                builder.plain(Variable::Pmcid, &text());
            }
            ("custom7", Kind::Article) => builder.plain(Variable::Page, &text()),
            ("publisher", _) => builder.text(Variable::Publisher, &html()),
            ("isbn", Kind::Report | Kind::Patent) => builder.plain(Variable::Number, &text()),
            ("isbn", _) if is_issn(&first_number(&text())) => builder.plain(Variable::Issn, &first_number(&text())),
            ("isbn", Kind::Article) => builder.plain(Variable::Issn, &first_number(&text())),
            ("isbn", _) => builder.plain(Variable::Isbn, &first_number(&text())),
            ("electronic-resource-num", _) => builder.doi(doi_in(&text())),
            ("abstract", _) => builder.abstract_text(&html()),
            ("notes", _) => builder.text(Variable::Note, &html()),
            ("research-notes", _) => builder.text(Variable::Annote, &html()),
            ("work-type", _) => builder.text(Variable::Genre, &html()),
            ("language", _) => builder.plain(Variable::Language, &text()),
            ("call-num", _) => builder.plain(Variable::CallNumber, &text()),
            ("remote-database-name", _) => builder.text(Variable::Source, &html()),
            ("access-date", _) => builder.other_date(DateVariable::Accessed, &text()),
            ("orig-pub", _) => builder.other_date(DateVariable::OriginalDate, &text()),
            ("label", _) => read_label(builder, &text()),
            ("accession-num", _) => self.read_accession_number(builder, text().trim()),
            ("keywords", _) => field.all("keyword").for_each(|keyword| builder.keyword(&styled(keyword))),
            _ => {}
        }
    }

    /// The number under which a database has the work: of PubMed its PMID.
    fn read_accession_number(&self, builder: &mut RecordBuilder, number: &str) {
        let names = ["remote-database-name", "remote-database-provider"];
        let mut databases = names.iter().filter_map(|name| self.record.first(name)).map(Element::text);
        let is_of_pubmed = databases.any(|name| {
            let name = name.to_ascii_lowercase();
            ["pubmed", "medline", "nlm"].iter().any(|known| name.contains(known))
        });
        if is_of_pubmed && is_number(number) {
            builder.plain(Variable::Pmid, number);
        }
        builder.identifiers_in(number);
    }

    fn read_addresses(&self, builder: &mut RecordBuilder) {
        let access = |name: &str| self.record.first(name).map(Element::text).unwrap_or_default();
        if self.kind == Kind::Webpage {
            builder.other_date(DateVariable::Accessed, &format!("{} {}", access("number"), access("volume")));
        }
        for list in self.record.all("urls").flat_map(Element::children) {
            let urls: Vec<String> = list.all("url").map(|url| url.text().trim().to_owned()).collect();
            for url in urls {
                if list.name() == "pdf-urls" {
                    let path = self.attachment(&url);
                    builder.links().pdf = builder.links().pdf.take().or(path);
                } else if url.contains("://") && url.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) {
                    builder.page_url(&url);
                }
            }
        }
    }

    /// The file or address of an attachment. What EndNote attaches lies in a folder beside the library.
    fn attachment(&self, url: &str) -> Option<String> {
        let Some(inner) = url.strip_prefix("internal-pdf://") else {
            return (!url.is_empty()).then(|| url.to_owned());
        };
        let library = self.record.first("database")?.attribute("path")?;
        let folder = library.strip_suffix(".enl")?;
        let is_absolute = folder.starts_with('/') || folder.get(1..3) == Some(":\\");
        let separator = if folder.contains('\\') { "\\" } else { "/" };
        is_absolute.then(|| [&format!("{folder}.Data"), "PDF", &inner.replace('/', separator)].join(separator))
    }
}

/// A name, which may say that others follow, or be that of a group: EndNote ends those with a comma.
fn read_name(builder: &mut RecordBuilder, role: Role, author: Element<'_>) {
    let name = author.html();
    let name = name.trim();
    match name.strip_suffix(',') {
        Some(group) if !group.contains(',') => builder.group(role, group),
        _ => builder.name(role, name),
    }
}

/// The label, where it may be a citation key.
fn read_label(builder: &mut RecordBuilder, label: &str) {
    let label = label.trim();
    let is_key = label.len() <= 100
        && label.chars().any(char::is_alphabetic)
        && !label.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '{' | '}' | '"' | '<' | '>'));
    if is_key {
        builder.key(label);
    }
}

/// A text with its styles as HTML has them.
fn styled(element: Element<'_>) -> String {
    element.html_by(&|run| {
        if run.name() != "style" {
            return xml::tag_of(run).into_iter().collect();
        }
        let face = run.attribute("face").unwrap_or_default();
        let tag = |word: &str| match word {
            "italic" => Some("i"),
            "bold" => Some("b"),
            "superscript" => Some("sup"),
            "subscript" => Some("sub"),
            _ => None,
        };
        face.split_whitespace().filter_map(tag).collect()
    })
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number is that of a periodical, as it may stand in the field of any type.
fn is_issn(number: &str) -> bool {
    let digits = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X');
    number.split_once('-').is_some_and(|(first, second)| digits(first) && digits(second))
}

/// The first of several numbers: `1532-1827 (Electronic) 0007-0920 (Linking)`.
fn first_number(text: &str) -> String {
    let starts = |word: &&str| word.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let mut words = text.split_whitespace();
    match words.next() {
        Some(first) if starts(&first) && first.len() >= 8 => first.trim_end_matches([',', ';']).to_owned(),
        _ => text.to_owned(),
    }
}

/// The DOI among what stands beside it: `bjc2014606 [pii] 10.1038/bjc.2014.606 [doi]`.
fn doi_in(text: &str) -> &str {
    let is_doi = |word: &&str| word.contains("10.") && word.contains('/');
    text.split_whitespace().find(is_doi).unwrap_or(text)
}

/// The numbers of EndNote's types, sorted, with the abbreviations that RIS has for them.
const NUMBERS: [(u8, &str); 48] = [
    (2, "ART"),
    (3, "ADVS"),
    (4, "BILL"),
    (5, "CHAP"),
    (6, "BOOK"),
    (7, "CASE"),
    (8, "CTLG"),
    (9, "COMP"),
    (10, "CONF"),
    (12, "ELEC"),
    (13, "GEN"),
    (14, "HEAR"),
    (17, "JOUR"),
    (19, "MGZN"),
    (20, "MAP"),
    (21, "MPCT"),
    (23, "NEWS"),
    (24, "PAMP"),
    (25, "PAT"),
    (26, "PCOMM"),
    (27, "RPRT"),
    (28, "EDBOOK"),
    (31, "STAT"),
    (32, "THES"),
    (34, "UNPB"),
    (36, "MANSCPT"),
    (37, "FIGURE"),
    (38, "CHART"),
    (39, "EQUA"),
    (43, "EJOUR"),
    (44, "EBOOK"),
    (45, "DBASE"),
    (46, "GOVDOC"),
    (47, "CPAPER"),
    (48, "MULTI"),
    (49, "CLSWK"),
    (50, "LEGAL"),
    (51, "ANCIENT"),
    (52, "DICT"),
    (53, "ENCYC"),
    (54, "GRANT"),
    (55, "AGGR"),
    (56, "BLOG"),
    (57, "SER"),
    (58, "STAND"),
    (59, "DATA"),
    (60, "ECHAP"),
    (61, "MUSIC"),
];

#[cfg(test)]
mod tests;
