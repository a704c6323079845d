//! arXiv ids, DOIs, addresses and files among the fields of an entry.

use super::fields::Fields;
use crate::corpus::text::tex::verbatim;
use crate::paper::{Links, parse_arxiv, parse_doi};

/// The DOI of an entry, in lower case without prefix.
pub(super) fn doi(fields: &Fields<'_>) -> Option<String> {
    ["doi", "url", "howpublished", "note"].iter().find_map(|name| parse_doi(&verbatim(fields.get(name)?)))
}

/// The arXiv id of an entry: from the fields made for it, else from where it is told beyond doubt.
pub(super) fn arxiv(fields: &Fields<'_>) -> Option<String> {
    let text = |name: &str| fields.get(name).map(verbatim);
    let archive = fields.first(&["eprinttype", "archiveprefix"]);
    let is_arxiv = archive.is_none_or(|archive| archive.eq_ignore_ascii_case("arxiv"));
    let parse = |text: String| parse_arxiv(&text);
    let eprint = || text("eprint").filter(|_| is_arxiv).and_then(parse);
    let own = || text("arxivid").or_else(|| text("arxiv")).and_then(parse);
    let from_doi = || text("doi").filter(|doi| doi.to_ascii_lowercase().contains("arxiv")).and_then(parse);
    let address = || text("url").filter(|url| url.contains("://")).and_then(parse);
    let elsewhere = || {
        let names = ["journal", "journaltitle", "howpublished", "number", "volume", "pages"];
        names.iter().find_map(|name| named_in(&text(name)?)).or_else(|| in_volume(fields))
    };
    // A note may speak of another paper, unless it begins with the id.
    let note = || {
        let note = text("note")?;
        let lower = note.to_ascii_lowercase();
        if lower.starts_with("arxiv") || lower.starts_with("preprint") { named_in(&note) } else { None }
    };
    eprint().or_else(own).or_else(from_doi).or_else(address).or_else(elsewhere).or_else(note)
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
    let journal = fields.first(&["journaltitle", "journal"])?;
    let is_archive = journal.eq_ignore_ascii_case("corr") || journal.to_ascii_lowercase().starts_with("arxiv");
    let volume = verbatim(fields.get("volume").filter(|_| is_archive)?);
    parse_arxiv(volume.strip_prefix("abs/").unwrap_or(&volume))
}

/// The addresses of an entry.
pub(super) fn links(fields: &Fields<'_>) -> Links {
    let address = |text: &str| {
        let text = verbatim(text);
        let word = text.split_whitespace().next()?;
        (word.contains("://")).then(|| word.trim_end_matches([',', ';']).to_owned())
    };
    let url = fields.get("url").and_then(address);
    let published = || fields.get("howpublished").filter(|text| text.contains("://")).and_then(address);
    let is_zotero = |url: &String| url.starts_with("zotero://");
    Links {
        page: url.clone().filter(|url| !is_zotero(url)).or_else(published),
        pdf: fields.get("file").and_then(pdf_path).or_else(|| fields.get("pdf").map(verbatim)),
        code: fields.get("code").and_then(address),
        zotero: url.filter(is_zotero),
    }
}

/// The path of the first PDF in a `file` field: `Desc:path:application/pdf;…` of Zotero, `:path:PDF` of
/// `JabRef`, or a plain path. Colons, semicolons and backslashes may be escaped in all of them.
fn pdf_path(field: &str) -> Option<String> {
    split_unescaped(field, b';').into_iter().find_map(|file| {
        let mut parts = split_unescaped(file, b':');
        join_drives(file, &mut parts);
        let is_pdf = |path: &str| {
            let extension = path.trim().rsplit_once('.').map(|(_, extension)| extension);
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
        };
        let path = match parts.as_slice() {
            [_, path @ .., kind] if !path.is_empty() => {
                let kind = kind.trim().to_ascii_lowercase();
                let path = path.join(":");
                (kind.ends_with("pdf") || is_pdf(&path)).then_some(path)
            }
            [first, second] => [first, second].into_iter().find(|part| is_pdf(part)).map(|part| (*part).to_owned()),
            [only] if is_pdf(only) => Some((*only).to_owned()),
            _ => None,
        }?;
        let path = unescaped(path.trim());
        (!path.is_empty()).then_some(path)
    })
}

/// Joins the letter of a drive with the path behind it: `C:/papers`.
fn join_drives<'t>(file: &'t str, parts: &mut Vec<&'t str>) {
    let is_drive = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let drive = parts
        .windows(2)
        .position(|pair| matches!(pair, [drive, path] if is_drive(drive) && path.starts_with(['/', '\\'])));
    if let Some(at) = drive {
        let start = parts.iter().take(at).map(|part| part.len() + 1).sum::<usize>();
        let end = start + 2 + parts.get(at + 1).map_or(0, |part| part.len());
        if let Some(whole) = file.get(start..end) {
            parts.splice(at..at + 2, [whole]);
        }
    }
}

/// The parts between separators without a backslash before them.
fn split_unescaped(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == separator && !escaped {
            parts.extend(text.get(start..at));
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    parts.extend(text.get(start..));
    parts
}

/// The path without the backslashes that escape something; those of Windows stay.
fn unescaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && r":;\_&%#{}$".contains(*next));
        out.push(escaped.unwrap_or(letter));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pdf_paths_of_every_program() {
        let cases = [
            ("Full Text:/home/u/Zotero/storage/AB/x.pdf:application/pdf", Some("/home/u/Zotero/storage/AB/x.pdf")),
            ("Snapshot:/a/b.html:text/html;Full Text:/a/b c.pdf:application/pdf", Some("/a/b c.pdf")),
            (r"Full Text:C\:\\Users\\u\\x.pdf:application/pdf", Some(r"C:\Users\u\x.pdf")),
            (":papers/x.pdf:PDF", Some("papers/x.pdf")),
            (":C\\:/papers/x\\;y.pdf:PDF", Some("C:/papers/x;y.pdf")),
            (":C:/papers/x.pdf:PDF", Some("C:/papers/x.pdf")),
            (r"C:\papers\x.pdf", Some(r"C:\papers\x.pdf")),
            ("/papers/x.pdf", Some("/papers/x.pdf")),
            ("papers/a.PDF;papers/b.pdf", Some("papers/a.PDF")),
            ("notes.txt", None),
            ("Snapshot:/a/b.html:text/html", None),
            ("", None),
            ("::", None),
        ];
        for (field, expected) in cases {
            assert_eq!(pdf_path(field).as_deref(), expected, "{field}");
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
