//! TeX → addresses, identifiers and paths, in which most of what TeX would change stands for itself.

use super::source::{Source, group_end};

/// Commands whose argument is the address.
const HOLDERS: [&str; 5] = ["\\url{", "\\href{", "\\path{", "\\nolinkurl{", "\\texttt{"];

/// What TeX writes for a character of an address.
#[rustfmt::skip]
const ESCAPES: [(&str, &str); 20] = [
    ("\\textunderscore", "_"), ("\\textasciitilde", "~"), ("\\textbackslash", "\\"), ("\\allowbreak", ""),
    ("$\\sim$", "~"), ("\\string", ""), ("\\slash", "/"), ("\\_", "_"), ("\\%", "%"), ("\\&", "&"), ("\\#", "#"),
    ("\\$", "$"), ("\\~", "~"), ("\\{", "{"), ("\\}", "}"), ("\\:", ":"), ("\\-", ""), ("\\/", ""), ("{", ""), ("}", ""),
];

/// The address, identifier or path that TeX writes: only what escapes a character is undone. Where a command such as
/// `\url` holds an address, the text around it is left out. Spaces stay; the lines of a broken address are joined.
pub(in crate::corpus) fn verbatim(tex: &str) -> String {
    let mut text = tex.trim();
    if !text.contains(['\\', '{', '}', '$', '\n', '\r']) {
        return text.to_owned();
    }
    // One may stand in another: `\texttt{\url{…}}`.
    for _ in 0..2 {
        let first = HOLDERS.iter().filter_map(|holder| Some((text.find(holder)?, holder))).min();
        let Some((at, holder)) = first else { break };
        let inside = text.get(at + holder.len()..).unwrap_or_default();
        text = inside.get(..group_end(inside).unwrap_or(inside.len())).unwrap_or_default();
    }
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_broken_word = lines().all(|line| !line.contains(char::is_whitespace));
    let text = lines().collect::<Vec<_>>().join(if is_broken_word { "" } else { " " });
    let mut out = String::with_capacity(text.len());
    let mut source = Source::new(&text);
    while let Some(at) = source.rest().find(['\\', '{', '}', '$']) {
        out.push_str(source.take(at));
        let escape = ESCAPES.iter().find(|(escape, _)| source.rest().starts_with(escape));
        let Some((escape, meaning)) = escape else {
            out.push_str(source.take(1));
            continue;
        };
        out.push_str(meaning);
        source.take(escape.len());
        if escape.ends_with(|c: char| c.is_ascii_alphabetic()) {
            source.skip_spaces();
        }
    }
    out.push_str(source.rest());
    out.trim().to_owned()
}
