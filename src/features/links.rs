//! Where a paper can be opened: in cards, and as links in a note.

use std::ops::Range;
use std::path::Path;

use super::Snapshot;
use super::escape::{plain_text, safe_url};
use super::notices::{noun, shown_notices};
use crate::library::Resolution;
use crate::notes::{Citation, OpenNote};
use crate::paper::{Holding, Origin, Record, arxiv_url, doi_url, parse_identifier};

/// A place in a note that opens a paper's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// The bytes of the note that can be clicked.
    pub range: Range<usize>,
    /// What is opened.
    pub url: String,
    /// What is said of it.
    pub tooltip: String,
}

/// The links of a note's citations, in their order.
///
/// An identifier that a note spells out is a link as a whole. Of other citations only the opening
/// brackets, or the `@`, are: a link over the name would take the click that jumps to the paper's entry. Where a citation names
/// a page and the paper's PDF is at hand, that page is what is opened.
pub fn document_links(snapshot: &Snapshot, note: &OpenNote) -> Vec<DocumentLink> {
    note.parsed().citations.iter().filter_map(|citation| document_link(snapshot, citation)).collect()
}

fn document_link(snapshot: &Snapshot, citation: &Citation) -> Option<DocumentLink> {
    let cited = snapshot.names().meaning(citation)?;
    let spelled_out = parse_identifier(&citation.target).is_some();
    let link = match &*cited.resolution {
        Resolution::Unique(paper) => {
            let origins = paper.sources.iter().map(|source| &source.origin);
            let cited_page = citation.locator.as_deref().and_then(|locator| cited_page(&paper.record, locator));
            let url = cited_page.or_else(|| best_link(&paper.record, origins));
            url.map(|url| (url, plain_text(&paper.record.title)))
        }
        _ => None,
    };
    // An identifier leads somewhere even where no corpus has the paper.
    let (url, tooltip) = link.or_else(|| identifier_url(&citation.target).map(|url| (url, String::new())))?;
    let start =
        if spelled_out { citation.target_range.clone() } else { citation.range.start..citation.target_range.start };
    (!start.is_empty()).then_some(DocumentLink { range: start, url, tooltip })
}

/// The address that an arXiv id or DOI stands for.
fn identifier_url(text: &str) -> Option<String> {
    safe_url(&parse_identifier(text)?.url())
}

/// The addresses that services give for their records, each with the service's name.
pub(super) fn service_links<'o>(
    origins: impl IntoIterator<Item = &'o Origin>,
) -> impl Iterator<Item = (String, String)> {
    origins.into_iter().filter_map(|origin| match origin {
        Origin::Service { service, url, .. } => Some((plain_text(service), safe_url(url)?)),
        Origin::File { .. } => None,
    })
}

/// The addresses of the notices about a paper that its card tells of.
pub(super) fn notice_links(record: &Record) -> impl Iterator<Item = (String, String)> {
    let notices = shown_notices(record).into_iter();
    notices.filter_map(|it| Some((noun(it.nature).to_owned(), safe_url(&doi_url(it.doi.as_deref()?))?)))
}

/// The best address that opens of a record that comes from somewhere.
pub(super) fn best_link<'o>(record: &Record, origins: impl IntoIterator<Item = &'o Origin>) -> Option<String> {
    let own = paper_links(record).into_iter().next().map(|(_, url)| url);
    own.or_else(|| service_links(origins).next().map(|(_, url)| url))
}

/// The addresses of a paper that open, each with a name, the best first and each once. Nothing is invented, and nothing
/// but web pages, local PDF files and entries of Zotero is ever opened.
pub fn paper_links(record: &Record) -> Vec<(&'static str, String)> {
    let web = |url: Option<String>| url.as_deref().and_then(safe_url);
    let given = &record.links;
    let candidates = [
        ("arXiv", web(record.arxiv.as_deref().map(arxiv_url))),
        ("DOI", web(record.shown_doi().map(doi_url))),
        ("Page", web(given.page.clone())),
        ("PDF", given.pdf.as_deref().and_then(pdf_url)),
        ("Code", web(given.code.clone())),
        ("Zotero", given.zotero.as_deref().and_then(zotero_url)),
    ];
    let mut links: Vec<(&'static str, String)> = Vec::new();
    for (name, url) in candidates {
        if let Some(url) = url
            && !links.iter().any(|(_, known)| known.eq_ignore_ascii_case(&url))
        {
            links.push((name, url));
        }
    }
    links
}

/// The address of a PDF on the web, in Zotero or on this machine.
fn pdf_url(pdf: &str) -> Option<String> {
    safe_url(pdf).or_else(|| zotero_pdf_url(pdf)).or_else(|| local_pdf_url(pdf))
}

/// The address of a PDF file on this machine.
pub(super) fn local_pdf_url(path: &str) -> Option<String> {
    let path = Path::new(path.trim());
    let is_pdf = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    if is_pdf { file_url(path) } else { None }
}

/// The address of a file on this machine, fit for a Markdown link; `None` where the path is not absolute.
pub(super) fn file_url(path: &Path) -> Option<String> {
    let url = url::Url::from_file_path(path).ok()?;
    // The library leaves brackets as they are, which would end a Markdown link.
    Some(String::from(url).replace('(', "%28").replace(')', "%29"))
}

pub(super) fn zotero_url(url: &str) -> Option<String> {
    let rest = url.strip_prefix("zotero://select/")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-.@".contains(&byte);
    (!rest.is_empty() && rest.bytes().all(is_plain)).then(|| url.to_owned())
}

/// The address of a PDF in Zotero, with or without a place in it.
pub(super) fn zotero_pdf_url(url: &str) -> Option<String> {
    let rest = url.strip_prefix("zotero://open-pdf/")?;
    let (path, place) = rest.split_once('?').unwrap_or((rest, ""));
    let is_plain = |text: &str, marks: &[u8]| text.bytes().all(|it| it.is_ascii_alphanumeric() || marks.contains(&it));
    (!path.is_empty() && is_plain(path, b"/_-") && is_plain(place, b"=&")).then(|| url.to_owned())
}

/// The address of the page that a citation names in a PDF at hand.
fn cited_page(record: &Record, locator: &str) -> Option<String> {
    let (_, pdf) = paper_links(record).into_iter().find(|(name, _)| *name == "PDF")?;
    pdf_at_page(&pdf, locator, record.holding.as_deref())
}

/// The address that opens a PDF at the page a citation names, `p. 12`: one of Zotero or of this machine. `None` for other
/// addresses, and where it names none.
pub(super) fn pdf_at_page(pdf: &str, locator: &str, holding: Option<&Holding>) -> Option<String> {
    zotero_pdf_at_page(pdf, locator, holding).or_else(|| {
        let page = page_label(locator).filter(|page| is_page_number(page))?;
        let is_file = pdf.starts_with("file://") && !pdf.contains('#');
        // As Acrobat has it, and those that show PDFs after it; for others it is the file.
        is_file.then(|| format!("{pdf}#page={page}"))
    })
}

/// As [`pdf_at_page`], for PDFs of Zotero. What the user marked on a page tells how the file counts it; else the number is taken
/// at its word.
pub(super) fn zotero_pdf_at_page(pdf: &str, locator: &str, holding: Option<&Holding>) -> Option<String> {
    let pdf = zotero_pdf_url(pdf)?;
    let label = page_label(locator)?;
    let marked = holding.into_iter().flat_map(|holding| &holding.annotations).find(|it| it.page == label);
    let counted = marked
        .and_then(|it| it.url.split_once("?page="))
        .map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    let page = counted.unwrap_or(label);
    (is_page_number(&page) && !pdf.contains('?')).then(|| format!("{pdf}?page={page}"))
}

/// What pages are called, in small letters and without the full stop of short forms.
const PAGE_TERMS: [&str; 5] = ["p", "page", "pages", "pp", "s"];

/// The first page that a locator names, as it is printed: `12` of `pp. 12-15`, `iv` of `iv`. `None` where it names something
/// else, such as a chapter.
fn page_label(locator: &str) -> Option<String> {
    let text = locator.trim();
    let after = text.trim_start_matches(char::is_alphabetic);
    let word = text.strip_suffix(after)?;
    let written = if word.is_empty() || !after.chars().any(char::is_alphanumeric) {
        text
    } else if PAGE_TERMS.contains(&word.to_lowercase().as_str()) {
        after.trim_start_matches(['.', ' ', '\u{a0}'])
    } else {
        return None;
    };
    let label: String = written.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!label.is_empty()).then_some(label)
}

fn is_page_number(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|page| page > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Links;

    #[test]
    fn pdfs_open_at_the_cited_page() {
        let annotation = |page: &str, at: u32| crate::paper::Annotation {
            page: page.to_owned(),
            url: format!("zotero://open-pdf/library/items/PDFD2345?page={at}&annotation=AAAA2345"),
            ..<_>::default()
        };
        let holding = Holding { annotations: vec![annotation("489", 3), annotation("iv", 6)], ..Holding::default() };
        let (zotero, file) = ("zotero://open-pdf/library/items/PDFD2345", "file:///a/b%20c.pdf");
        // The page in Zotero, which knows what is printed on pages, and in a file.
        for (locator, in_zotero, in_file) in [
            ("p. 12", Some("12"), Some("12")),
            ("p.12", Some("12"), Some("12")),
            ("p.\u{a0}12", Some("12"), Some("12")),
            ("pp. 12-15", Some("12"), Some("12")),
            ("pages 12–15", Some("12"), Some("12")),
            ("Page 12", Some("12"), Some("12")),
            ("S. 12", Some("12"), Some("12")),
            ("12", Some("12"), Some("12")),
            ("12, 14", Some("12"), Some("12")),
            ("p. 489", Some("3"), Some("489")),
            ("p. iv", Some("6"), None),
            ("iv", Some("6"), None),
            ("iv-vi", None, None),
            ("p. v", None, None),
            ("chap. iv", None, None),
            ("chap. 3", None, None),
            ("§ 3", None, None),
            ("fig. 3, p. 12", None, None),
            ("p. 0", None, None),
            ("p. 99999999999", None, None),
            ("p.", None, None),
            ("", None, None),
        ] {
            let expected = in_zotero.map(|page| format!("{zotero}?page={page}"));
            assert_eq!(pdf_at_page(zotero, locator, Some(&holding)), expected, "{locator}");
            assert_eq!(zotero_pdf_at_page(zotero, locator, Some(&holding)), expected, "{locator}");
            let expected = in_file.map(|page| format!("{file}#page={page}"));
            assert_eq!(pdf_at_page(file, locator, Some(&holding)), expected, "{locator}");
        }
        for other in ["https://x.org/a.pdf", "file:///a.pdf#page=2", "zotero://select/library/items/A"] {
            assert_eq!(pdf_at_page(other, "p. 3", None), None, "{other}");
        }
        assert_eq!(zotero_pdf_at_page(file, "p. 3", None), None);
    }

    #[test]
    fn only_pages_local_pdfs_and_zotero_are_opened() {
        let (drive, shown) = if cfg!(windows) { ("C:", "/C:") } else { ("", "") };
        let record = Record {
            arxiv: Some("2306.02707".into()),
            links: Links {
                page: Some("javascript:alert(1)".into()),
                pdf: Some(format!("{drive}/zotero/storage/A B (1).pdf")),
                code: Some("command:rm".into()),
                zotero: Some("zotero://select/library/items/ABCD1234".into()),
            },
            ..Record::default()
        };
        assert_eq!(
            paper_links(&record),
            [
                ("arXiv", "https://arxiv.org/abs/2306.02707".to_owned()),
                ("PDF", format!("file://{shown}/zotero/storage/A%20B%20%281%29.pdf")),
                ("Zotero", "zotero://select/library/items/ABCD1234".to_owned()),
            ]
        );
        for pdf in ["/etc/passwd", "relative.pdf", "file:///x.pdf"] {
            assert_eq!(local_pdf_url(pdf), None, "{pdf}");
        }
        let pdf = "zotero://open-pdf/groups/7/items/ABCD2345?page=4&annotation=AAAA2345";
        for url in [pdf, "zotero://open-pdf/library/items/ABCD2345"] {
            assert_eq!(zotero_pdf_url(url).as_deref(), Some(url));
        }
        for url in ["zotero://open-pdf/", "zotero://open-pdf/a)b", "zotero://open-pdf/a?b)c", "zotero://select/a"] {
            assert_eq!(zotero_pdf_url(url), None, "{url}");
        }
        for zotero in ["zotero://select/", "zotero://open-pdf/x", "zotero://select/a)b", "http://x"] {
            assert_eq!(zotero_url(zotero), None, "{zotero}");
        }
    }
}
