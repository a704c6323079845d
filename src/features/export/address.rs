//! The address of a work in files that other programs read.

use super::super::escape::plain_text;
use crate::paper::{Record, begins_with_host, has_public_scheme};

/// The work's own page, or else its PDF, as its source writes it. `None` where neither is an address that may be handed on:
/// local files stay on the machine, and scripts stay out.
pub(super) fn address(record: &Record) -> Option<String> {
    let links = &record.links;
    let page = links.page.as_deref().map(plain_text).filter(|page| has_public_scheme(page) || begins_with_host(page));
    page.or_else(|| links.pdf.as_deref().map(plain_text).filter(|pdf| has_public_scheme(pdf) || is_www(pdf)))
}

/// Of a PDF anything else without a scheme may be the name of a file.
fn is_www(address: &str) -> bool {
    address.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) && begins_with_host(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Links;

    #[test]
    fn pages_go_before_pdfs_and_files_stay_here() {
        for (page, pdf, expected) in [
            ("http://example.org/ü b", "https://example.org/x.pdf", Some("http://example.org/ü b")),
            ("example.org/x", "", Some("example.org/x")),
            ("", "ftp://example.org/x.pdf", Some("ftp://example.org/x.pdf")),
            ("", "www.example.org/x.pdf", Some("www.example.org/x.pdf")),
            ("javascript:x", "https://example.org/x.pdf", Some("https://example.org/x.pdf")),
            ("", "x.pdf", None),
            ("", "/home/x.pdf", None),
            ("", "C:\\x.pdf", None),
            ("file:///x", "file:///x.pdf", None),
        ] {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let links = Links { page: some(page), pdf: some(pdf), ..Links::default() };
            let found = address(&Record { links, ..Record::default() });
            assert_eq!(found.as_deref(), expected, "{page} {pdf}");
        }
    }
}
