#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::corpus::test_reading::{names, read_one};
use crate::paper::{Record, Variable};

fn record(text: &str) -> (Record, Vec<String>) {
    read_one(&SEMANTIC_SCHOLAR, text)
}

#[test]
fn a_paper_of_the_interface_is_read() {
    let (record, problems) = record(
        r#"{"paperId":"649def34","corpusId":215416146,"externalIds":{"MAG":"3015453090","DBLP":"conf/acl/Lo20","DOI":"10.18653/V1/2020.ACL-MAIN.447","ArXiv":"1911.02782","CorpusId":215416146},"url":"https://www.semanticscholar.org/paper/649def34","title":"S2ORC: The Semantic\nScholar Corpus","abstract":null,"venue":"","year":2020,"publicationDate":"2020-07-01","journal":{"name":"ACL","volume":58,"pages":"1-10"},"openAccessPdf":{"url":"https://aclanthology.org/x.pdf","status":"HYBRID"},"publicationTypes":["JournalArticle","Conference"],"tldr":{"model":"v2","text":"A new corpus."},"authors":[{"authorId":"1","name":"Kyle Lo"},{"authorId":null,"name":"Lucy Lu Wang"},{"name":null}],"citationCount":3,"fieldsOfStudy":["CS"]}"#,
    );
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(record.title, "S2ORC: The Semantic Scholar Corpus");
    assert_eq!(record.abstract_text.as_deref(), Some("A new corpus."));
    assert_eq!(names(&record.authors), ["Lo|Kyle", "Wang|Lucy Lu"]);
    assert_eq!(record.date.unwrap().iso(), "2020-07-01");
    assert_eq!(record.venue(), Some("ACL"));
    assert_eq!(
        (record.arxiv.as_deref(), record.doi.as_deref()),
        (Some("1911.02782"), Some("10.18653/v1/2020.acl-main.447"))
    );
    assert_eq!(record.links.page.as_deref(), Some("https://www.semanticscholar.org/paper/649def34"));
    assert_eq!(record.links.pdf.as_deref(), Some("https://aclanthology.org/x.pdf"));
    assert_eq!(record.work_type.as_deref(), Some("paper-conference"));
    assert_eq!(
        (record.details.text(Variable::Volume), record.details.text(Variable::Page)),
        (Some("58"), Some("1-10"))
    );
}

#[test]
fn identifiers_in_medicine_and_venues_are_kept() {
    let (record, _) = record(
        r#"{"paperId":"a","title":"On <i>E. coli</i> &amp; us","externalIds":{"PubMed":123,"PubMedCentral":"456"},"venue":"arXiv.org","publicationVenue":{"name":"Journal of X"},"publicationTypes":["Review"],"authors":[{"name":"Ludwig van Beethoven"}]}"#,
    );
    assert_eq!((record.title.as_str(), record.work_type.as_deref()), ("On E. coli & us", Some("article-journal")));
    assert_eq!(names(&record.authors), ["van Beethoven|Ludwig"]);
    let texts: Vec<_> = record.details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect();
    assert_eq!(
        texts,
        [
            ("container-title", "Journal of X"),
            ("publisher", "arXiv"),
            ("PMID", "123"),
            ("PMCID", "PMC456"),
            ("marked-title", "On <i>E. coli</i> & us")
        ]
    );
}

#[test]
fn a_paper_of_the_data_sets_is_read() {
    let (record, _) = record(
        r#"{"corpusid":2,"externalids":{"ArXiv":1911.02782,"DOI":null},"url":null,"title":"T","authors":[{"authorId":"1","name":"A. Bee"}],"venue":"V","year":2019,"publicationdate":"2020-01-02","journal":null,"publicationtypes":null}"#,
    );
    assert_eq!(record.arxiv.as_deref(), Some("1911.02782"));
    assert_eq!(record.date.unwrap().iso(), "2019", "a date of another year is not believed");
    assert_eq!(record.venue(), Some("V"));
}

#[test]
fn a_paper_of_s2orc_is_read() {
    let (record, _) = record(
        r#"{"paper_id":"77499681","title":"T","authors":[{"first":"Martin","middle":["Luther","K."],"last":"King","suffix":"Jr."},{"first":"","middle":[],"last":"Plato","suffix":""}],"abstract":"A.","year":"1999","arxiv_id":"hep-th/9901001","acl_id":null,"pmc_id":null,"doi":"10.1000/X","venue":null,"journal":"Nature","has_pdf_parse":false,"inbound_citations":["1"],"outbound_citations":[],"s2_url":"https://api.semanticscholar.org/CorpusID:77499681"}"#,
    );
    assert_eq!(names(&record.authors), ["King|Martin Luther K., Jr.", "Plato|"]);
    assert_eq!(record.date.unwrap().iso(), "1999");
    assert_eq!(record.venue(), Some("Nature"));
    assert_eq!((record.arxiv.as_deref(), record.doi.as_deref()), (Some("hep-th/9901001"), Some("10.1000/x")));
    assert_eq!(record.links.page.as_deref(), Some("https://api.semanticscholar.org/CorpusID:77499681"));
}

#[test]
fn a_paper_of_the_open_research_corpus_is_read() {
    let (record, _) = record(
        r#"{"id":"4cd223df","title":"T","paperAbstract":"A.","authors":[{"name":"A. Bee","ids":["1"]}],"inCitations":[],"outCitations":[],"year":2009,"s2Url":"https://semanticscholar.org/paper/4cd2","pdfUrls":["https://x.org/a.pdf","b"],"venue":"","journalName":"J","journalVolume":"3","journalPages":"1-2","doi":""}"#,
    );
    assert_eq!(record.abstract_text.as_deref(), Some("A."));
    assert_eq!(record.links.pdf.as_deref(), Some("https://x.org/a.pdf"));
    assert_eq!(
        (record.venue(), record.details.text(Variable::Volume), record.doi.as_deref()),
        (Some("J"), Some("3"), None)
    );
}
