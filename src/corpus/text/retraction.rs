//! Marks that a work was retracted or withdrawn.

/// Whether a status says that the work was taken back.
pub(in crate::corpus) fn is_retraction(status: &str) -> bool {
    let status = status.trim().to_ascii_lowercase();
    ["retracted", "withdrawn", "retracted article", "retracted publication"].contains(&status.as_str())
}

/// The title without a mark that the work was taken back, and whether it had one. The mark would
/// otherwise pass for the short name in front of the first colon.
pub(in crate::corpus) fn without_mark(title: &str) -> (String, bool) {
    let marks = [
        "[retracted article]",
        "(retracted article)",
        "retracted article:",
        "[retracted]",
        "(retracted)",
        "retracted:",
        "[withdrawn]",
        "(withdrawn)",
        "withdrawn:",
    ];
    for mark in marks {
        if title.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)) {
            let rest = title.get(mark.len()..).unwrap_or_default().trim_start_matches([' ', ':', '-', '–']);
            return if rest.is_empty() { (title.to_owned(), true) } else { (rest.to_owned(), true) };
        }
    }
    (title.to_owned(), false)
}
