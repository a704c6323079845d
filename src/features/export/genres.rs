//! What sort of thesis, report or patent a work is: the words for the keys that `.bib` files use.

/// Keys of `biblatex` in their English words, sorted by key.
const WORDS: [(&str, &str); 21] = [
    ("audiocd", "audio CD"),
    ("bathesis", "Bachelor’s thesis"),
    ("candthesis", "Candidate thesis"),
    ("datacd", "data CD"),
    ("mathesis", "Master’s thesis"),
    ("patent", "patent"),
    ("patentde", "German patent"),
    ("patenteu", "European patent"),
    ("patentfr", "French patent"),
    ("patentuk", "British patent"),
    ("patentus", "U.S. patent"),
    ("patreq", "patent request"),
    ("patreqde", "German patent request"),
    ("patreqeu", "European patent request"),
    ("patreqfr", "French patent request"),
    ("patrequk", "British patent request"),
    ("patrequs", "U.S. patent request"),
    ("phdthesis", "PhD thesis"),
    ("resreport", "research report"),
    ("software", "computer software"),
    ("techreport", "technical report"),
];

/// The words for a key; any other text as it is.
pub(super) fn in_words(genre: &str) -> &str {
    let at = WORDS.binary_search_by_key(&genre.trim(), |(key, _)| key);
    at.ok().and_then(|at| WORDS.get(at)).map_or(genre, |(_, words)| *words)
}

/// What an entry type says of the sort of work, for an entry that does not say it otherwise.
pub(super) fn of_entry_type(kind: &str) -> Option<&'static str> {
    match kind {
        "phdthesis" => Some("PhD thesis"),
        "mastersthesis" => Some("Master’s thesis"),
        "bachelorsthesis" => Some("Bachelor’s thesis"),
        "techreport" => Some("technical report"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_words() {
        assert!(WORDS.is_sorted());
        assert_eq!(in_words("mathesis"), "Master’s thesis");
        assert_eq!(in_words("Research memorandum"), "Research memorandum");
        assert_eq!(of_entry_type("article"), None);
    }
}
