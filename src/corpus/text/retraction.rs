//! Marks that a work was retracted or withdrawn.

/// Whether a status says that the work was taken back.
pub(in crate::corpus) fn is_retraction(status: &str) -> bool {
    let status = status.trim().to_ascii_lowercase();
    ["retracted", "withdrawn", "retracted article", "retracted publication"].contains(&status.as_str())
}

/// The title without a mark that the work was taken back, and whether it had one. The mark would
/// otherwise pass for the short name in front of the first colon.
pub(in crate::corpus) fn without_mark(title: &str) -> (&str, bool) {
    if !title.starts_with(['[', '(', 'r', 'R', 'w', 'W']) {
        return (title, false);
    }
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
            return if rest.is_empty() { (title, true) } else { (rest, true) };
        }
    }
    (title, false)
}

/// Whether a keyword, a state of publication or a note begins with such a mark: `[Retracted]`, `withdrawn by the author`.
pub(in crate::corpus) fn begins_with_mark(text: &str) -> bool {
    let text = text.trim_start_matches(['{', '[', '(', ' ']).to_ascii_lowercase();
    ["retracted", "withdrawn"]
        .iter()
        .any(|word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a note says that the work was taken back: `This article has been retracted`. A copy that a library has
/// withdrawn from its shelves is not such a thing.
pub(in crate::corpus) fn note_says_so(note: &str) -> bool {
    let lower = note.to_ascii_lowercase();
    let says = ["has been", "have been", "was", "were", "is"]
        .iter()
        .any(|verb| ["retracted", "withdrawn"].iter().any(|word| lower.contains(&format!("{verb} {word}"))));
    let begins = begins_with_mark(note);
    (begins || says) && !(begins && lower.contains("library"))
}

/// The title without what is added to those of retracted works: `(Retracted article. See vol. 3, pg. 4, 2012)`.
pub(in crate::corpus) fn without_addition(title: &str) -> (&str, bool) {
    let marks = ["(Retracted article", "(Retracted Article", "(RETRACTED ARTICLE", "(Retracted Publication"];
    match marks.iter().find_map(|mark| title.find(mark)) {
        Some(at) if at > 0 => (title.get(..at).unwrap_or(title).trim_end(), true),
        _ => (title, false),
    }
}
