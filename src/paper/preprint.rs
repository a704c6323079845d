//! Whether a work is a preprint, and where it appeared otherwise.

use super::details::Variable;
use super::fold::fold;
use super::identity::arxiv_of;
use super::record::Record;

impl Record {
    /// The journal, the conference or the book that the work appeared in. arXiv is not one:
    /// `arXiv preprint arXiv:2306.02707` and the `CoRR` of DBLP say no more than the identifier.
    pub fn appeared_in(&self) -> Option<&str> {
        let container = self.details.text(Variable::ContainerTitle)?;
        let folded = fold(container);
        let is_arxiv = folded.starts_with("arxiv") || (folded == "corr" && arxiv_of(self).is_some());
        (!folded.is_empty() && !is_arxiv).then_some(container)
    }

    /// Whether the record is that of a preprint: on a preprint server and, as far as it tells, nowhere else.
    pub fn is_preprint(&self) -> bool {
        let is_at_arxiv = || {
            let container = self.details.text(Variable::ContainerTitle);
            container.is_some_and(|container| fold(container).starts_with("arxiv")) || arxiv_of(self).is_some()
        };
        (self.appeared_in().is_none() && is_at_arxiv()) || self.doi.as_deref().is_some_and(is_preprint_doi)
    }
}

/// Prefixes of DOIs that only preprint servers give.
const PREPRINT_PREFIXES: [&str; 16] = [
    "10.2139/",
    "10.20944/",
    "10.21203/",
    "10.22541/",
    "10.26434/",
    "10.31219/",
    "10.31222/",
    "10.31223/",
    "10.31224/",
    "10.31234/",
    "10.31235/",
    "10.31730/",
    "10.33774/",
    "10.36227/",
    "10.48550/",
    "10.64898/",
];

/// Whether a DOI is one that a preprint server gave.
pub(super) fn is_preprint_doi(doi: &str) -> bool {
    // Journals of Cold Spring Harbor share the prefix of bioRxiv, whose own DOIs go on with digits.
    let is_biorxiv = doi.strip_prefix("10.1101/").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_biorxiv || PREPRINT_PREFIXES.iter().any(|prefix| doi.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Details;

    #[test]
    fn preprints_are_told_from_what_appeared() {
        let cases = [
            (None, Some("2306.02707"), None, true, None),
            (Some("arXiv preprint arXiv:2306.02707"), None, None, true, None),
            (Some("CoRR"), Some("2306.02707"), None, true, None),
            (Some("CoRR"), None, None, false, Some("CoRR")),
            (Some("Nature"), Some("2306.02707"), None, false, Some("Nature")),
            (None, None, Some("10.48550/arxiv.2306.02707"), true, None),
            (Some("bioRxiv"), None, Some("10.1101/2020.01.30.927871"), true, Some("bioRxiv")),
            (None, None, Some("10.1101/gr.229202"), false, None),
            (None, None, None, false, None),
        ];
        for (container, arxiv, doi, is_preprint, appeared_in) in cases {
            let [container, arxiv, doi] = [container, arxiv, doi].map(|it| it.map(str::to_owned));
            let details = Details::default().with_text(Variable::ContainerTitle, container);
            let record = Record { arxiv, doi, details, ..Record::default() };
            assert_eq!((record.is_preprint(), record.appeared_in()), (is_preprint, appeared_in), "{record:?}");
        }
        assert!(is_preprint_doi("10.1101/123456") && !is_preprint_doi("10.1000/123456"));
    }
}
