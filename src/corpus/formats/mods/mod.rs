//! MODS, the Library of Congress's schema: collections, single works, and works within other documents.
//!
//! What a work is a part of, its series, its original and the work it reviews are works of their own, one in the
//! other. Of each only what a reference says of it is taken over, and nothing of works of other relations.

mod dates;
mod names;
mod types;

use super::values::{pages, serial_numbers};
use super::xml::XmlFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::xml::Element;
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, Variable};

/// The reader of MODS.
pub(super) static MODS: XmlFormat = XmlFormat {
    info: FormatInfo { format: Format::Mods, name: "MODS", extensions: &["mods", "xml"] },
    has_keys: true,
    is_head: |mut tags, head| {
        // Answers of catalogues and archives wrap works in elements of their own.
        let is_wrapped = || memchr::memmem::find(head, b"www.loc.gov/mods").is_some();
        tags.next().is_some_and(|root| is_mods(root) || (is_wrapped() && tags.any(is_mods)))
    },
    entries: |_| &["mods"],
    title: title_of,
    entry: |work| Some(entry(work)),
};

fn is_mods(name: &str) -> bool {
    matches!(name, "mods" | "modsCollection")
}

fn title_of(work: Element<'_>) -> Option<Element<'_>> {
    main_title(work).and_then(|info| info.first("title").or(Some(info)))
}

/// The title that is neither a translation nor an abbreviation nor another variant, or else the first.
fn main_title(work: Element<'_>) -> Option<Element<'_>> {
    let says = |info: &Element<'_>| !info.text().trim().is_empty();
    let own = |info: &Element<'_>| info.attribute("type").is_none_or(|kind| kind.trim().is_empty());
    let infos = || work.all("titleInfo").filter(says);
    let primary = infos().find(|info| own(info) && info.says("usage", "primary"));
    primary.or_else(|| infos().find(own)).or_else(|| infos().find(|info| !info.says("type", "abbreviated")))
}

/// The title in one text, and what follows it after a colon.
fn title_and_subtitle(info: Element<'_>) -> (String, String) {
    let of = |name: &str| info.first(name).map(|part| part.html().trim().to_owned()).unwrap_or_default();
    let mut title = of("title");
    let non_sorting = of("nonSort");
    if !non_sorting.is_empty() && !title.is_empty() {
        let gap = if non_sorting.ends_with(['\'', '’', '-']) { "" } else { " " };
        title = format!("{non_sorting}{gap}{title}");
    }
    let mut subtitle = of("subTitle");
    if !subtitle.is_empty() {
        title.truncate(title.trim_end_matches([':', ' ']).len());
    }
    let part = [of("partNumber"), of("partName")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    if !part.is_empty() {
        let whole = if subtitle.is_empty() { &mut title } else { &mut subtitle };
        whole.truncate(whole.trim_end_matches(['.', ',', ' ']).len());
        whole.push_str(". ");
        whole.push_str(&part.join(": "));
    }
    (title, subtitle)
}

/// A title with what follows it after a colon.
fn whole_title(info: Element<'_>) -> String {
    match title_and_subtitle(info) {
        (title, subtitle) if subtitle.is_empty() => title,
        (title, subtitle) if title.ends_with(['?', '!']) => format!("{title} {subtitle}"),
        (title, subtitle) => format!("{title}: {subtitle}"),
    }
}

fn entry(work: Element<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let related = |kind: &str| work.all("relatedItem").find(|item| item.says("type", kind));
    let mut host = related("host");
    let kind = types::of(work, host);
    builder.work_type(kind.csl);
    builder.text(Variable::Genre, &kind.genre);
    keys(&mut builder, work);
    match main_title(work).map(title_and_subtitle) {
        Some((title, subtitle)) if !title.is_empty() => {
            builder.title(&title);
            builder.subtitle(&subtitle);
        }
        // A part without title goes by that of the whole.
        _ => {
            if let Some(whole) = host.take_if(|host| main_title(*host).is_some()) {
                builder.title(&main_title(whole).map(whole_title).unwrap_or_default());
                read_origin(&mut builder, whole, true);
                read_identifiers(&mut builder, whole, false);
                read_part(&mut builder, whole, false);
            }
        }
    }
    let is_other = |info: &Element<'_>| info.says("type", "abbreviated") || info.says("type", "alternative");
    for other in work.all("titleInfo").filter(is_other) {
        builder.short_title(&whole_title(other));
    }
    read_origin(&mut builder, work, true);
    work.all("name").for_each(|name| names::read(&mut builder, name, names::Of::Work));
    read_identifiers(&mut builder, work, true);
    read_part(&mut builder, work, false);
    if let Some(host) = host {
        if kind.is_part { read_host(&mut builder, host) } else { read_series(&mut builder, host) }
    }
    if let Some(series) = related("series") {
        read_series(&mut builder, series);
    }
    if let Some(original) = related("original") {
        read_original(&mut builder, original);
    }
    if let Some(reviewed) = related("reviewOf") {
        builder.text(Variable::ReviewedTitle, &main_title(reviewed).map(whole_title).unwrap_or_default());
        reviewed.all("name").for_each(|name| names::read(&mut builder, name, names::Of::Reviewed));
    }
    read_contents(&mut builder, work);
    dates::read(&mut builder, work, related("host"));
    builder.finish()
}

/// The citation key: bibutils and `JabRef` write it twice. The ids in records of catalogues, which name the version of
/// the schema, are nothing that anyone would cite.
fn keys(builder: &mut RecordBuilder, work: Element<'_>) {
    let mut declared = work.all("identifier").filter(|id| id.says("type", "citekey")).peekable();
    if declared.peek().is_none() && work.attribute("version").is_none() {
        builder.key(&work.attribute("ID").unwrap_or_default());
    }
    declared.for_each(|key| builder.key(&key.text()));
}

/// What the work is a part of.
fn read_host(builder: &mut RecordBuilder, host: Element<'_>) {
    builder.container(&main_title(host).map(whole_title).unwrap_or_default());
    for short in host.all("titleInfo").filter(|info| info.says("type", "abbreviated")) {
        builder.text(Variable::ContainerTitleShort, &whole_title(short));
    }
    host.all("name").for_each(|name| names::read(builder, name, names::Of::Host));
    read_part(builder, host, false);
    read_origin(builder, host, false);
    read_identifiers(builder, host, false);
    let within = |kind: &str| host.all("relatedItem").find(|item| item.says("type", kind));
    if let Some(series) = within("series").or_else(|| within("host")) {
        read_series(builder, series);
    }
}

fn read_series(builder: &mut RecordBuilder, series: Element<'_>) {
    builder.text(Variable::CollectionTitle, &main_title(series).map(whole_title).unwrap_or_default());
    series.all("name").for_each(|name| names::read(builder, name, names::Of::Series));
    read_part(builder, series, true);
    read_identifiers(builder, series, false);
}

fn read_original(builder: &mut RecordBuilder, original: Element<'_>) {
    builder.text(Variable::OriginalTitle, &main_title(original).map(whole_title).unwrap_or_default());
    original.all("name").for_each(|name| names::read(builder, name, names::Of::Original));
    let origin = || original.all("originInfo");
    for publisher in origin().flat_map(|origin| origin.all("publisher")) {
        builder.text(Variable::OriginalPublisher, &publisher.html());
    }
    for place in origin().flat_map(places) {
        builder.text(Variable::OriginalPublisherPlace, &place.html());
    }
    if let Some(date) = dates::issued(original) {
        builder.other_date(DateVariable::OriginalDate, &date);
    }
}

/// Publisher, place and edition. The edition of a host is that of the work if it is a book.
fn read_origin(builder: &mut RecordBuilder, work: Element<'_>, is_own: bool) {
    for origin in work.all("originInfo") {
        for publisher in origin.all("publisher") {
            builder.publisher(publisher.html().trim().trim_end_matches([',', ':', ' ']));
        }
        for place in places(origin) {
            builder.text(Variable::PublisherPlace, place.html().trim().trim_end_matches([',', ':', ' ']));
        }
        for edition in origin.all("edition") {
            builder.text(Variable::Edition, edition.html().trim());
        }
        if is_own && let Some(date) = dates::of(origin, &["dateCaptured"]) {
            builder.other_date(DateVariable::Accessed, &date);
        }
    }
}

/// The names of places; codes of places say nothing to a reader.
fn places(origin: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    origin.all("place").flat_map(|place| place.all("placeTerm")).filter(|term| !term.says("type", "code"))
}

/// Volume, issue and pages. Within a series the volume is the number of the work.
fn read_part(builder: &mut RecordBuilder, work: Element<'_>, is_series: bool) {
    for part in work.all("part") {
        for detail in part.all("detail") {
            let number =
                detail.first("number").or_else(|| detail.first("title")).map(Element::text).unwrap_or_default();
            let kind = detail.attribute("type").unwrap_or_default().to_ascii_lowercase();
            let variable = match kind.trim() {
                "volume" | "number" if is_series => Variable::CollectionNumber,
                "volume" => Variable::Volume,
                "issue" => Variable::Issue,
                "number" | "report number" => Variable::Number,
                "chapter" => Variable::ChapterNumber,
                "section" => Variable::Section,
                "part" => Variable::PartNumber,
                "page" | "pages" | "article" | "article number" | "articlenumber" => Variable::Page,
                _ => continue,
            };
            builder.plain(variable, number.trim());
        }
        for extent in part.all("extent") {
            let unit = extent.attribute("unit").unwrap_or_default().to_ascii_lowercase();
            if unit.is_empty() || unit.starts_with("page") || unit == "pp" || unit == "p" {
                read_pages(builder, extent);
            }
        }
    }
}

fn read_pages(builder: &mut RecordBuilder, extent: Element<'_>) {
    let of = |name: &str| extent.first(name).map(|part| part.text().trim().to_owned()).unwrap_or_default();
    let (start, end) = (of("start"), of("end"));
    pages(builder, Some(&start), Some(&end));
    builder.plain(Variable::Page, &of("list"));
    builder.plain(Variable::NumberOfPages, &of("total"));
}

/// Identifiers; those of a host that would name it in place of the work are left out.
fn read_identifiers(builder: &mut RecordBuilder, work: Element<'_>, is_own: bool) {
    for identifier in work.all("identifier").filter(|identifier| !identifier.says("invalid", "yes")) {
        let kind = identifier.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let text = identifier.text();
        let text = text.trim();
        match kind.trim() {
            "isbn" | "issn" => serial_numbers(builder, text),
            _ if !is_own => {}
            "doi" => builder.doi(text),
            "arxiv" | "eprint" => {
                builder.arxiv(text);
                builder.identifiers_in(text);
            }
            "pmid" | "pubmed" | "medline" => builder.plain(Variable::Pmid, text),
            "pmc" | "pmcid" => builder.pmcid(text),
            "uri" | "url" | "hdl" | "uri-doi" if text.contains("://") => builder.page_url(text),
            "report number" | "number" | "patent number" => builder.plain(Variable::Number, text),
            _ => builder.identifiers_in(text),
        }
    }
}

/// What stands in the work itself and is not part of its origin.
fn read_contents(builder: &mut RecordBuilder, work: Element<'_>) {
    let mut notes: Vec<String> = Vec::new();
    for field in work.children() {
        match field.name() {
            "abstract" => builder.abstract_text(&field.html()),
            "note" => {
                let kind = field.attribute("type").unwrap_or_default().to_ascii_lowercase();
                let text = field.html().trim().to_owned();
                match kind.trim() {
                    "statement of responsibility" | "bibliography" => {}
                    "publication status" | "status" => builder.text(Variable::Status, &text),
                    _ if text.is_empty() => {}
                    _ => notes.push(text),
                }
            }
            "language" => read_language(builder, field),
            "subject" => {
                let terms = field.children().filter(|term| matches!(term.name(), "topic" | "geographic" | "temporal"));
                terms.for_each(|term| builder.keyword(&term.html()));
                if let Some(scale) = field.at(&["cartographics", "scale"]) {
                    builder.text(Variable::Scale, &scale.html());
                }
            }
            "classification" => builder.plain(Variable::CallNumber, &field.text()),
            "location" => read_location(builder, field),
            "physicalDescription" => {
                let pages = field.all("extent").find_map(|extent| number_of_pages(&extent.text()));
                builder.plain(Variable::NumberOfPages, &pages.unwrap_or_default());
            }
            _ => {}
        }
    }
    builder.text(Variable::Note, &notes.join(" "));
}

fn read_language(builder: &mut RecordBuilder, language: Element<'_>) {
    let code = language.all("languageTerm").find(|term| term.says("type", "code"));
    // Older records have the language without an element around it.
    let term = code.or_else(|| language.first("languageTerm")).unwrap_or(language);
    builder.plain(Variable::Language, &term.text());
}

fn read_location(builder: &mut RecordBuilder, location: Element<'_>) {
    let is_preview = |url: &Element<'_>| url.says("access", "preview");
    let urls = || location.all("url").filter(|url| !is_preview(url));
    let primary = urls().find(|url| url.attribute("usage").is_some());
    for url in primary.into_iter().chain(urls()) {
        let text = url.text();
        if text.contains("://") {
            builder.page_url(&text);
            builder.other_date(DateVariable::Accessed, &url.attribute("dateLastAccessed").unwrap_or_default());
        }
    }
    for place in location.all("physicalLocation") {
        builder.text(Variable::Archive, &place.html());
    }
    for shelf in location.all("shelfLocator") {
        builder.plain(Variable::CallNumber, &shelf.text());
    }
}

/// The number of pages in words of a catalogue: `vii, 322 p. ; 23 cm.`
fn number_of_pages(extent: &str) -> Option<String> {
    let extent = extent.split(';').next()?;
    let words: Vec<&str> = extent.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_pages = |word: &str| matches!(word.trim_end_matches('.'), "p" | "pp" | "pages" | "S" | "Seiten");
    let at = words.iter().position(|word| is_pages(word))?;
    let number = words.get(at.checked_sub(1)?)?.trim_matches(['[', ']']);
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

#[cfg(test)]
mod tests;
