//! A work in the formats of tagged lines.

use super::{arxiv_address, non_empty, with_suffix_last};
use crate::corpus::same_work::work::{Name, Work};

pub(super) fn ris(work: &Work) -> Option<String> {
    let author = |name: &Name| if name.is_group { format!("{},", name.family) } else { name.inverted() };
    let mut lines = vec!["TY  - JOUR".to_owned(), format!("TI  - {}", work.title.html)];
    lines.extend(work.authors.iter().map(|name| format!("AU  - {}", author(name))));
    lines.push(format!("PY  - {}", non_empty(work.date.words)?));
    lines.extend(non_empty(work.doi).map(|doi| format!("DO  - {doi}")));
    lines.extend(arxiv_address(work).map(|url| format!("UR  - {url}")));
    lines.push("ER  - \n".to_owned());
    Some(lines.join("\n"))
}

pub(super) fn medline(work: &Work) -> Option<String> {
    if !work.arxiv.is_empty() {
        return None;
    }
    let mut lines = vec!["PMID- 12345678".to_owned(), format!("TI  - {}", work.title.html)];
    lines.extend(work.authors.iter().map(|name| {
        if name.is_group { format!("CN  - {}", name.family) } else { format!("FAU - {}", with_suffix_last(name)) }
    }));
    lines.push(format!("DP  - {}", non_empty(work.date.words)?));
    lines.push("PT  - Journal Article".to_owned());
    lines.extend(non_empty(work.doi).map(|doi| format!("LID - {doi} [doi]")));
    Some(lines.join("\n") + "\n")
}

pub(super) fn endnote_tagged(work: &Work) -> Option<String> {
    let author = |name: &Name| if name.is_group { format!("{},", name.family) } else { name.inverted() };
    let mut lines = vec!["%0 Journal Article".to_owned(), format!("%T {}", work.title.html)];
    lines.extend(work.authors.iter().map(|name| format!("%A {}", author(name))));
    lines.push(format!("%D {}", non_empty(work.date.words)?));
    lines.extend(non_empty(work.doi).map(|doi| format!("%R {doi}")));
    lines.extend(arxiv_address(work).map(|url| format!("%U {url}")));
    Some(lines.join("\n") + "\n")
}

pub(super) fn web_of_science(work: &Work) -> Option<String> {
    let is_plain = work.date.iso.len() == 4 && work.arxiv.is_empty();
    let year = work.date.year().filter(|_| is_plain)?;
    let mut lines = vec!["FN Clarivate Analytics Web of Science\nVR 1.0\nPT J".to_owned()];
    for name in &work.authors {
        if name.is_group {
            lines.push(format!("CA {}", name.family));
        } else {
            lines.push(format!("AF {}", with_suffix_last(name)));
        }
    }
    lines.push(format!("TI {}\nSO JOURNAL\nPY {year}", work.title.html));
    lines.extend(non_empty(work.doi).map(|doi| format!("DI {doi}")));
    lines.push("UT WOS:1\nER\n\nEF\n".to_owned());
    Some(lines.join("\n"))
}
