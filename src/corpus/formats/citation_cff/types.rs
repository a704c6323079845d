//! The types of works, and what CSL calls them.

/// The CSL type of a type; that of a document where the file says nothing that is known.
pub(super) fn csl_type(kind: &str) -> &'static str {
    let at = TYPES.binary_search_by_key(&kind, |(own, _)| own).ok();
    at.and_then(|at| TYPES.get(at)).map_or("document", |(_, csl)| csl)
}

/// The types, sorted, with those of CSL.
const TYPES: [(&str, &str); 48] = [
    ("art", "graphic"),
    ("article", "article-journal"),
    ("audiovisual", "motion_picture"),
    ("bill", "bill"),
    ("blog", "post-weblog"),
    ("book", "book"),
    ("catalogue", "book"),
    ("conference", "event"),
    ("conference-paper", "paper-conference"),
    ("data", "dataset"),
    ("database", "dataset"),
    ("dataset", "dataset"),
    ("dictionary", "book"),
    ("edited-work", "book"),
    ("encyclopedia", "book"),
    ("film-broadcast", "motion_picture"),
    ("generic", "document"),
    ("government-document", "report"),
    ("grant", "document"),
    ("hearing", "hearing"),
    ("historical-work", "classic"),
    ("legal-case", "legal_case"),
    ("legal-rule", "regulation"),
    ("magazine-article", "article-magazine"),
    ("manual", "book"),
    ("map", "map"),
    ("multimedia", "motion_picture"),
    ("music", "song"),
    ("newspaper-article", "article-newspaper"),
    ("pamphlet", "pamphlet"),
    ("patent", "patent"),
    ("personal-communication", "personal_communication"),
    ("proceedings", "book"),
    ("report", "report"),
    ("serial", "periodical"),
    ("slides", "speech"),
    ("software", "software"),
    ("software-code", "software"),
    ("software-container", "software"),
    ("software-executable", "software"),
    ("software-virtual-machine", "software"),
    ("sound-recording", "song"),
    ("standard", "standard"),
    ("statute", "legislation"),
    ("thesis", "thesis"),
    ("unpublished", "manuscript"),
    ("video", "motion_picture"),
    ("website", "webpage"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::CSL_TYPES;

    #[test]
    fn types_are_sorted_and_known_to_csl() {
        assert!(TYPES.is_sorted_by_key(|(kind, _)| *kind));
        assert!(TYPES.iter().all(|(_, csl)| CSL_TYPES.contains(csl)));
        assert_eq!((csl_type("website"), csl_type("conference-paper")), ("webpage", "paper-conference"));
    }
}
