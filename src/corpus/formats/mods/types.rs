//! What sort of work a record of MODS is about.

use crate::corpus::formats::work_types;
use crate::corpus::syntax::xml::Element;
use crate::paper::CSL_TYPES;

/// What sort of work it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kind {
    /// The CSL type.
    pub csl: &'static str,
    /// The same in words, where the CSL type says less.
    pub genre: String,
    /// What the work names as its host is a whole that it is a part of, and not a series.
    pub is_part: bool,
}

/// The sort of a work, by its own genre, by what it is a part of, or by what it is made of.
pub(super) fn of(work: Element<'_>, host: Option<Element<'_>>) -> Kind {
    let own: Vec<String> = genres(work).collect();
    let declared = own.iter().find_map(|genre| Some((genre.as_str(), by_genre(genre)?)));
    let genre_of_host = host.and_then(|host| genres(host).find_map(|genre| by_genre(&genre))).and_then(part_of);
    let of_host = genre_of_host.or_else(|| host.filter(|host| is_serial(*host)).map(|_| "article-journal"));
    let csl = match declared {
        None => of_host.unwrap_or_else(|| undeclared(work, host)),
        Some((_, "book" | "collection")) => genre_of_host.unwrap_or("book"),
        Some((genre, "paper-conference")) if host.is_none() && names_volume(genre) => "book",
        Some((_, "periodical")) if host.is_some() => of_host.unwrap_or("article-journal"),
        Some((_, "article-journal")) => of_host.unwrap_or("article-journal"),
        Some((_, declared)) => declared,
    };
    let is_whole = matches!(csl, "book" | "report" | "thesis" | "map" | "periodical");
    let genre = own.into_iter().find(|genre| tells_more(csl, genre)).unwrap_or_default();
    Kind { csl, genre, is_part: !is_whole }
}

/// The sort of a work that says nothing of it.
fn undeclared(work: Element<'_>, host: Option<Element<'_>>) -> &'static str {
    let is_letter = || {
        let terms = work.all("name").flat_map(|name| name.all("role")).flat_map(|role| role.all("roleTerm"));
        terms.map(Element::text).any(|term| term.trim() == "rcp")
    };
    let is_manuscript = |kind: &Element<'_>| kind.says("manuscript", "yes");
    let resource = work.all("typeOfResource").find_map(|kind| by_resource(kind.text().trim()));
    resource.unwrap_or_else(|| match host {
        _ if is_letter() => "personal_communication",
        _ if work.all("typeOfResource").any(|kind| is_manuscript(&kind)) => "manuscript",
        Some(_) => "chapter",
        None if is_monograph(work) => "book",
        None => "document",
    })
}

/// Whether a genre names the volume of a conference and not what stands in it.
fn names_volume(genre: &str) -> bool {
    ["conference publication", "conference proceedings", "proceedings"].contains(&genre.to_lowercase().as_str())
}

fn is_serial(work: Element<'_>) -> bool {
    issuances(work).any(|text| matches!(text.trim(), "continuing" | "serial" | "integrating resource"))
}

fn is_monograph(work: Element<'_>) -> bool {
    issuances(work).any(|text| matches!(text.trim(), "monographic" | "single unit" | "multipart monograph"))
}

fn issuances(work: Element<'_>) -> impl Iterator<Item = String> {
    work.all("originInfo").flat_map(|origin| origin.all("issuance")).map(Element::text)
}

/// The genres, in the words of the source.
fn genres(work: Element<'_>) -> impl Iterator<Item = String> {
    work.all("genre").map(|genre| genre.text().trim().to_owned()).filter(|genre| !genre.is_empty())
}

fn by_genre(genre: &str) -> Option<&'static str> {
    let lower = genre.to_lowercase();
    let is_thesis = lower.contains("thesis") || lower.contains("dissertation");
    work_types::by_name(genre)
        .or_else(|| is_thesis.then_some("thesis"))
        .or_else(|| CSL_TYPES.iter().find(|csl| **csl == lower.trim_end_matches(['.', ','])).copied())
}

/// What a part of something is.
fn part_of(whole: &str) -> Option<&'static str> {
    Some(match whole {
        "article-journal" | "periodical" => "article-journal",
        "article-magazine" => "article-magazine",
        "article-newspaper" => "article-newspaper",
        "paper-conference" => "paper-conference",
        "entry-dictionary" => "entry-dictionary",
        "entry-encyclopedia" => "entry-encyclopedia",
        "webpage" => "webpage",
        "book" | "collection" => "chapter",
        _ => return None,
    })
}

fn by_resource(resource: &str) -> Option<&'static str> {
    Some(match resource {
        "cartographic" => "map",
        "notated music" => "musical_score",
        "sound recording" | "sound recording-musical" | "sound recording-nonmusical" => "song",
        "still image" | "three dimensional object" => "graphic",
        "moving image" => "motion_picture",
        "software, multimedia" => "software",
        _ => return None,
    })
}

/// Whether a genre says more than a type: what sort of thesis or report it is.
fn tells_more(csl: &str, genre: &str) -> bool {
    let plain = ["thesis", "theses", "report", "technical report", "text", "reporttype"];
    matches!(csl, "thesis" | "report") && !plain.contains(&genre.to_lowercase().as_str())
}
