//! What the words of BibTeX and `BibLaTeX` mean: entry types, and the keys that stand for phrases.

/// The CSL type of each entry type, in order.
const TYPES: [(&str, &str); 58] = [
    ("article", "article-journal"),
    ("artwork", "graphic"),
    ("audio", "song"),
    ("bachelorsthesis", "thesis"),
    ("book", "book"),
    ("bookinbook", "chapter"),
    ("booklet", "pamphlet"),
    ("collection", "book"),
    ("commentary", "book"),
    ("conference", "paper-conference"),
    ("data", "dataset"),
    ("dataset", "dataset"),
    ("electronic", "webpage"),
    ("film", "motion_picture"),
    ("image", "graphic"),
    ("inbook", "chapter"),
    ("incollection", "chapter"),
    ("inproceedings", "paper-conference"),
    ("inreference", "entry-encyclopedia"),
    ("jurisdiction", "legal_case"),
    ("legal", "treaty"),
    ("legislation", "legislation"),
    ("letter", "personal_communication"),
    ("letters", "personal_communication"),
    ("manual", "book"),
    ("mastersthesis", "thesis"),
    ("misc", "document"),
    ("movie", "motion_picture"),
    ("music", "song"),
    ("mvbook", "book"),
    ("mvcollection", "book"),
    ("mvproceedings", "book"),
    ("mvreference", "book"),
    ("newsarticle", "article-newspaper"),
    ("newspaper", "article-newspaper"),
    ("online", "webpage"),
    ("other", "document"),
    ("patent", "patent"),
    ("performance", "performance"),
    ("periodical", "periodical"),
    ("phdthesis", "thesis"),
    ("preprint", "article"),
    ("proceedings", "book"),
    ("reference", "book"),
    ("report", "report"),
    ("review", "review"),
    ("software", "software"),
    ("standard", "standard"),
    ("suppbook", "chapter"),
    ("suppcollection", "chapter"),
    ("suppperiodical", "article-journal"),
    ("techreport", "report"),
    ("thesis", "thesis"),
    ("unpublished", "manuscript"),
    ("video", "motion_picture"),
    ("webpage", "webpage"),
    ("website", "webpage"),
    ("www", "webpage"),
];

/// What the keys of `BibLaTeX` stand for in English, in order.
const PHRASES: [(&str, &str); 32] = [
    ("audiocd", "audio CD"),
    ("bathesis", "Bachelor’s thesis"),
    ("candthesis", "Candidate thesis"),
    ("countryde", "Germany"),
    ("countryep", "European Union"),
    ("countryeu", "European Union"),
    ("countryfr", "France"),
    ("countryuk", "United Kingdom"),
    ("countryus", "United States of America"),
    ("datacd", "CD-ROM"),
    ("inpreparation", "in preparation"),
    ("inpress", "in press"),
    ("jourser", "series"),
    ("mathesis", "Master’s thesis"),
    ("newseries", "new series"),
    ("oldseries", "old series"),
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
    ("prepublished", "pre-published"),
    ("resreport", "research report"),
    ("software", "computer software"),
    ("techreport", "technical report"),
];

/// The CSL type of an entry type in lower case; `None` where it is not known.
pub(crate) fn csl_type(kind: &str) -> Option<&'static str> {
    find(&TYPES, kind)
}

/// The phrase that a text in any case stands for, where it is such a key.
pub(super) fn phrase(text: &str) -> Option<&'static str> {
    find(&PHRASES, &text.get(..text.len().min(16))?.to_ascii_lowercase()).filter(|_| text.len() <= 16)
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let at = table.binary_search_by_key(&word, |(known, _)| known).ok()?;
    table.get(at).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        assert!(TYPES.is_sorted() && PHRASES.is_sorted());
        assert_eq!(csl_type("mastersthesis"), Some("thesis"));
        assert_eq!(csl_type("lego"), None);
        assert_eq!(phrase("PatentEU"), Some("European patent"));
        assert_eq!(phrase("Research memorandum"), None);
    }
}
