//! Identifiers and addresses among the fields of an entry.

use super::fields::{Field, Fields};
use super::files::pdf_path;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::text::excerpt;
use crate::corpus::text::tex::verbatim;
use crate::paper::{Variable, begins_with_host, has_public_scheme, parse_arxiv, parse_doi};

/// Hands the identifiers of an entry to the builder.
pub(super) fn identifiers(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    if let Some(id) = arxiv(fields) {
        builder.arxiv(&id);
    }
    if let Some(doi) = fields.get(Field::Doi) {
        builder.doi(&verbatim(doi));
    }
    for field in [Field::Url, Field::Howpublished, Field::Note] {
        if let Some(doi) = fields.get(field).and_then(|text| parse_doi(&verbatim(text))) {
            builder.doi(&doi);
        }
    }
    let plain = [
        (Variable::Pmid, Field::Pmid),
        (Variable::Pmcid, Field::Pmcid),
        (Variable::Isbn, Field::Isbn),
        (Variable::Issn, Field::Issn),
    ];
    for (variable, field) in plain {
        fields.get(field).into_iter().for_each(|text| builder.plain(variable, &verbatim(text)));
    }
    eprint(fields, builder);
}

/// Electronic editions other than arXiv's: the archive, and where in it the work is.
fn eprint(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let Some(id) = fields.get(Field::Eprint).map(verbatim) else { return };
    let archive = fields.first(&[Field::Eprinttype, Field::Archiveprefix]).map(verbatim).unwrap_or_default();
    let class = |builder: &mut RecordBuilder| {
        let class = fields.first(&[Field::Eprintclass, Field::Primaryclass]);
        class.into_iter().for_each(|class| builder.plain(Variable::ArchiveCollection, &verbatim(class)));
    };
    match archive.to_ascii_lowercase().as_str() {
        "" => {}
        "arxiv" => {
            if builder.so_far().arxiv.is_none() {
                builder.problem(format!("not an arXiv id: `{}` (ignored)", excerpt(&id, 60)));
            }
            class(builder);
        }
        "pubmed" | "pmid" | "medline" => builder.plain(Variable::Pmid, &id),
        "pmc" | "pmcid" => builder.plain(Variable::Pmcid, &id),
        "doi" => builder.doi(&id),
        known => {
            builder.plain(Variable::Archive, &archive);
            builder.plain(Variable::ArchiveLocation, &id);
            class(builder);
            let page = match known {
                "jstor" => "https://www.jstor.org/stable/",
                "googlebooks" => "https://books.google.com/books?id=",
                "hdl" => "https://hdl.handle.net/",
                _ => return,
            };
            if fields.get(Field::Url).is_none() {
                builder.page_url(&format!("{page}{id}"));
            }
        }
    }
}

/// The arXiv id of an entry: from the fields made for it, else from where it is told beyond doubt.
fn arxiv(fields: &Fields<'_>) -> Option<String> {
    let text = |field: Field| fields.get(field).map(verbatim);
    let archive = fields.first(&[Field::Eprinttype, Field::Archiveprefix]);
    let is_arxiv = archive.is_none_or(|archive| archive.eq_ignore_ascii_case("arxiv"));
    let parse = |text: String| parse_arxiv(&text);
    let eprint = || text(Field::Eprint).filter(|_| is_arxiv).and_then(parse);
    let own = || text(Field::Arxivid).or_else(|| text(Field::Arxiv)).and_then(parse);
    let from_doi = || text(Field::Doi).filter(|doi| doi.to_ascii_lowercase().contains("arxiv")).and_then(parse);
    let address = || text(Field::Url).filter(|url| url.contains("://")).and_then(parse);
    let elsewhere = || {
        let fields =
            [Field::Journal, Field::Journaltitle, Field::Howpublished, Field::Number, Field::Volume, Field::Pages];
        fields.iter().find_map(|field| named_in(&text(*field)?))
    };
    // A note may speak of another paper, unless it begins with the id.
    let note = || {
        let note = text(Field::Note)?;
        let lower = note.to_ascii_lowercase();
        if lower.starts_with("arxiv") || lower.starts_with("preprint") { named_in(&note) } else { None }
    };
    eprint()
        .or_else(own)
        .or_else(from_doi)
        .or_else(address)
        .or_else(elsewhere)
        .or_else(|| in_volume(fields))
        .or_else(note)
}

/// The only arXiv id in a text that says it is one: `arXiv preprint arXiv:2306.02707`.
fn named_in(text: &str) -> Option<String> {
    if !text.to_ascii_lowercase().contains("arxiv") {
        return None;
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']'));
    let mut ids = words.filter_map(|word| parse_arxiv(word.strip_prefix("abs/").unwrap_or(word)));
    let first = ids.next()?;
    ids.all(|id| id == first).then_some(first)
}

/// The id in `journal = {CoRR}, volume = {abs/2306.02707}`.
fn in_volume(fields: &Fields<'_>) -> Option<String> {
    let journal = fields.first(&[Field::Journaltitle, Field::Journal])?;
    let is_archive = journal.eq_ignore_ascii_case("corr") || journal.to_ascii_lowercase().starts_with("arxiv");
    let volume = verbatim(fields.get(Field::Volume).filter(|_| is_archive)?);
    parse_arxiv(volume.strip_prefix("abs/").unwrap_or(&volume))
}

/// Hands the addresses of an entry to the builder.
pub(super) fn links(fields: &Fields<'_>, builder: &mut RecordBuilder) {
    let own = fields.get(Field::Url).and_then(|text| address(text).or_else(|| other_address(text)));
    let elsewhere = [Field::Howpublished, Field::BdskUrl1, Field::Note];
    for url in own.into_iter().chain(elsewhere.iter().filter_map(|field| address(fields.get(*field)?))) {
        if url.starts_with("zotero://") {
            builder.links().zotero.get_or_insert(url);
        } else if builder.links().page.is_none() {
            builder.page_url(&url);
        }
    }
    let file = fields.get(Field::File).and_then(pdf_path).or_else(|| fields.get(Field::Pdf).map(verbatim));
    let links = builder.links();
    // The reader's own copy goes before one somewhere else.
    links.pdf = file.or_else(|| links.pdf.take());
    links.code = fields.get(Field::Code).and_then(address);
}

/// The address that a text is, as a whole or in `\url`. Spaces in it stay; what follows it after a space does not.
fn address(text: &str) -> Option<String> {
    let text = verbatim(text);
    if !text.contains("://") && !text.starts_with("www.") {
        return None;
    }
    let scheme = text.split("://").next().unwrap_or_default();
    let is_address = text.starts_with("www.")
        || (!scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte)));
    // Two addresses, or one with words after it.
    let ends_here = |rest: &str| rest.starts_with(['(', '[', '<', ',', ';']) || rest.contains("://");
    let cut = text.match_indices(char::is_whitespace).find(|(at, gap)| {
        let rest = text.get(at + gap.len()..).unwrap_or_default();
        ends_here(rest.split_whitespace().next().unwrap_or_default())
    });
    let whole = cut.map_or(text.as_str(), |(at, _)| text.get(..at).unwrap_or_default());
    is_address.then(|| whole.trim_end().trim_end_matches([',', ';']).to_owned())
}

/// What else the field for an address may hold: an address of another kind, such as a URN, or one without its scheme. A DOI is
/// one of the identifiers.
fn other_address(text: &str) -> Option<String> {
    let text = verbatim(text);
    let is_one = !text.contains(char::is_whitespace) && (has_public_scheme(&text) || begins_with_host(&text));
    (is_one && parse_doi(&text).is_none() && parse_arxiv(&text).is_none()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_other_kinds_are_kept() {
        for kept in ["urn:nbn:de:101:1-2013", "hdl:1234/5678", "example.org/x"] {
            assert_eq!(other_address(kept).as_deref(), Some(kept));
        }
        for dropped in ["10.1000/xyz", "doi:10.1000/xyz", "arXiv:2306.02707", "n/a", "see there", "x", "javascript:x"] {
            assert_eq!(other_address(dropped), None, "{dropped}");
        }
    }

    #[test]
    fn addresses_keep_their_spaces() {
        let cases = [
            ("http://x.org/a b.pdf", Some("http://x.org/a b.pdf")),
            (r"\url{http://x.org/a\_b}", Some("http://x.org/a_b")),
            ("http://x.org/a, http://x.org/b", Some("http://x.org/a")),
            ("http://x.org/a (visited 2020)", Some("http://x.org/a")),
            ("http://x.org/a;", Some("http://x.org/a")),
            ("www.x.org/a", Some("www.x.org/a")),
            ("zotero://select/items/1", Some("zotero://select/items/1")),
            ("see http://x.org", None),
            ("x.org", None),
        ];
        for (text, expected) in cases {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn arxiv_ids_named_in_text() {
        let cases = [
            ("arXiv preprint arXiv:2306.02707", Some("2306.02707")),
            ("ArXiv e-prints, 1706.03762", Some("1706.03762")),
            ("arXiv:2306.02707v2 [cs.CL]", Some("2306.02707")),
            ("arXiv:2306.02707 and arXiv:2306.02708", None),
            ("arXiv preprint", None),
            ("Nature 2306.02707", None),
        ];
        for (text, expected) in cases {
            assert_eq!(named_in(text).as_deref(), expected, "{text}");
        }
    }
}
