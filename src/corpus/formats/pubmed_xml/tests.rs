#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::Record;

/// The record of an article with these parts: of the citation, of the article in it, and of what `PubMed` adds.
fn record(citation: &str, article: &str, data: &str) -> Record {
    let text = format!(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version=\"1\">123</PMID><Article>{article}</Article>\
         {citation}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle></PubmedArticleSet>"
    );
    let (record, problems) = read_one(&PUBMED_XML, &text);
    assert_eq!(problems, [""; 0], "{text}");
    record
}

fn with_article(article: &str) -> Record {
    record("", &format!("<ArticleTitle>T.</ArticleTitle>{article}"), "")
}

#[test]
fn titles_are_read_with_their_markup() {
    let cases = [
        ("<ArticleTitle>A Title.</ArticleTitle>", "A Title", None),
        (
            "<ArticleTitle>The <i>APOE</i> locus: CO<sub>2</sub> &amp; <b>p</b> &lt; 1?</ArticleTitle>",
            "The APOE locus: CO₂ & p < 1?",
            None,
        ),
        (
            "<ArticleTitle>On <mml:math xmlns:mml=\"x\"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>.</ArticleTitle>",
            "On x²",
            None,
        ),
        (
            "<ArticleTitle>[Tides of the sea].</ArticleTitle><VernacularTitle>Gezeiten des Meeres.</VernacularTitle>",
            "Tides of the sea",
            Some("Gezeiten des Meeres"),
        ),
        ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Gezeiten.</VernacularTitle>", "Gezeiten", None),
        ("<ArticleTitle/><VernacularTitle>Gezeiten.</VernacularTitle>", "Gezeiten", None),
        ("<ArticleTitle Book=\"x\"><![CDATA[A & B]]>.</ArticleTitle>", "A & B", None),
    ];
    for (written, title, original) in cases {
        let record = record("", written, "");
        assert_eq!(
            (record.title.as_str(), record.details.text(Variable::OriginalTitle)),
            (title, original),
            "{written}"
        );
    }
}

#[test]
fn dates_of_every_kind() {
    let cases = [
        ("<Year>2008</Year><Month>Feb</Month><Day>5</Day>", "2008-02-05"),
        ("<Year>2008</Year><Month>02</Month><Day>05</Day>", "2008-02-05"),
        ("<Year>2008</Year><Month>2</Month>", "2008-02"),
        ("<Year>2008</Year><Month>Feb</Month>", "2008-02"),
        ("<Year>2008</Year>", "2008"),
        ("<Year>2008</Year><Season>Spring</Season>", "2008"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>2000 Nov-Dec</MedlineDate>", "2000-11"),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000"),
    ];
    for (written, expected) in cases {
        let journal = format!("<Journal><JournalIssue><PubDate>{written}</PubDate></JournalIssue></Journal>");
        let record =
            with_article(&format!("{journal}<ArticleDate DateType=\"Electronic\"><Year>2007</Year></ArticleDate>"));
        assert_eq!(record.date.unwrap().iso(), expected, "{written}");
        assert_eq!(record.other_date(DateVariable::AvailableDate).unwrap().iso(), "2007");
    }
    let online = with_article("<ArticleDate><Year>2007</Year><Month>12</Month><Day>23</Day></ArticleDate>");
    assert_eq!(online.date.unwrap().iso(), "2007-12-23");
    // When the database took it up is no date of the article.
    assert_eq!(
        record("<DateCompleted><Year>2008</Year></DateCompleted>", "<ArticleTitle>T.</ArticleTitle>", "").date,
        None
    );
}

#[test]
fn identifiers_are_those_of_the_article_itself() {
    let others = "<ReferenceList><Reference><ArticleIdList><ArticleId IdType=\"doi\">10.1000/other</ArticleId>\
        <ArticleId IdType=\"pubmed\">9</ArticleId><ArticleId IdType=\"pmc\">PMC9</ArticleId></ArticleIdList></Reference></ReferenceList>";
    let own = "<ArticleIdList><ArticleId IdType=\"pii\">S0</ArticleId><ArticleId IdType=\"doi\">10.1002/(SICI)1(19)1:1&lt;1::AID&gt;3.0.CO;2-2</ArticleId>\
        <ArticleId IdType=\"pmc\">PMC7</ArticleId></ArticleIdList>";
    let comments =
        "<CommentsCorrectionsList><CommentsCorrections><PMID>77</PMID></CommentsCorrections></CommentsCorrectionsList>";
    for data in [format!("{own}{others}"), format!("{others}{own}")] {
        let record = record(comments, "<ArticleTitle>T.</ArticleTitle>", &data);
        assert_eq!(record.doi.as_deref(), Some("10.1002/(sici)1(19)1:1<1::aid>3.0.co;2-2"));
        assert_eq!(record.details.text(Variable::Pmid), Some("123"));
        assert_eq!(record.details.text(Variable::Pmcid), Some("PMC7"));
        assert_eq!(record.keys, [""; 0]);
    }
    let record = record(comments, "<ArticleTitle>T.</ArticleTitle>", others);
    assert_eq!((record.doi, record.details.text(Variable::Pmcid)), (None, None));
    let located = with_article(
        "<ELocationID EIdType=\"doi\" ValidYN=\"N\">10.1000/wrong</ELocationID><ELocationID EIdType=\"pii\">e12345</ELocationID>\
         <ELocationID EIdType=\"doi\" ValidYN=\"Y\">10.1000/Right</ELocationID>",
    );
    assert_eq!((located.doi.as_deref(), located.details.text(Variable::Page)), (Some("10.1000/right"), Some("e12345")));
    let preprint = with_article("<ELocationID EIdType=\"pii\">arXiv:2306.02707v2</ELocationID>");
    assert_eq!(preprint.arxiv.as_deref(), Some("2306.02707"));
}

#[test]
fn people_and_groups_are_authors() {
    let list = "<AuthorList CompleteYN=\"Y\"><Author ValidYN=\"N\"><LastName>Wrogn</LastName><ForeName>Ann</ForeName></Author>\
        <Author ValidYN=\"Y\"><LastName>van der Meer</LastName><ForeName>Jan P</ForeName><Initials>JP</Initials>\
        <AffiliationInfo><Affiliation>Elsewhere</Affiliation></AffiliationInfo></Author>\
        <Author><LastName>King</LastName><ForeName>Martin</ForeName><Suffix>Jr</Suffix></Author>\
        <Author><LastName>Lee</LastName><Initials>A</Initials></Author>\
        <Author><CollectiveName>Alzheimer's Disease Neuroimaging Initiative</CollectiveName></Author></AuthorList>\
        <InvestigatorList><Investigator><LastName>No</LastName></Investigator></InvestigatorList>";
    let record = with_article(list);
    assert_eq!(
        names(&record.authors),
        ["van der Meer|Jan P", "King|Martin, Jr", "Lee|A.", "Alzheimer's Disease Neuroimaging Initiative|"]
    );
    assert!(record.authors[3].is_group);
    assert_eq!(record.author_count, Some(4));
    let part = with_article("<AuthorList CompleteYN=\"N\"><Author><LastName>Lee</LastName></Author></AuthorList>");
    assert_eq!((part.authors.len(), part.author_count), (1, None));
}

#[test]
fn abstracts_keep_their_headings() {
    let cases = [
        (
            "<Abstract><AbstractText>One.</AbstractText><CopyrightInformation>(c)</CopyrightInformation></Abstract>",
            "One.",
        ),
        (
            "<Abstract><AbstractText Label=\"AIM\" NlmCategory=\"OBJECTIVE\">One.</AbstractText><AbstractText Label=\"END:\">p &lt; <i>q</i></AbstractText></Abstract>",
            "AIM: One. END: p < q",
        ),
        ("<Abstract><AbstractText Label=\"UNLABELLED\">One.</AbstractText></Abstract>", "One."),
    ];
    for (written, expected) in cases {
        assert_eq!(with_article(written).abstract_text.as_deref(), Some(expected), "{written}");
    }
    let other = "<OtherAbstract Type=\"Publisher\" Language=\"ger\"><AbstractText>Eins.</AbstractText></OtherAbstract>";
    assert_eq!(record(other, "<ArticleTitle>T.</ArticleTitle>", "").abstract_text.as_deref(), Some("Eins."));
}

#[test]
fn journal_pages_and_keywords() {
    let record = record(
        "<MedlineJournalInfo><MedlineTA>J Inv</MedlineTA></MedlineJournalInfo><MeshHeadingList><MeshHeading>\
         <DescriptorName>Sea Grass</DescriptorName><QualifierName>growth</QualifierName></MeshHeading></MeshHeadingList>\
         <KeywordList><Keyword MajorTopicYN=\"N\"><i>Zostera</i></Keyword></KeywordList>",
        "<Journal><ISSN>1234-5679</ISSN><JournalIssue><Volume>4</Volume><Issue>2-3</Issue></JournalIssue>\
         <Title>Journal of inventions</Title></Journal><ArticleTitle>T.</ArticleTitle><Pagination><StartPage>132</StartPage>\
         <EndPage>142</EndPage><MedlinePgn>132-42</MedlinePgn></Pagination><Language>eng</Language><Language>ger</Language>",
        "",
    );
    let expected = [
        (Variable::ContainerTitle, "Journal of inventions"),
        (Variable::ContainerTitleShort, "J Inv"),
        (Variable::Volume, "4"),
        (Variable::Issue, "2-3"),
        (Variable::Page, "132-142"),
        (Variable::Language, "eng"),
        (Variable::Issn, "1234-5679"),
        (Variable::Keyword, "Sea Grass, Zostera"),
    ];
    for (variable, text) in expected {
        assert_eq!(record.details.text(variable), Some(text));
    }
    for (title, expected, place) in [
        ("Science (New York, N.Y.)", "Science", Some("New York, N.Y.")),
        ("Journal of tides (Bethesda, Md. : 1985)", "Journal of tides", Some("Bethesda, Md.")),
        ("Tides (online)", "Tides (online)", None),
    ] {
        let record = with_article(&format!("<Journal><Title>{title}</Title></Journal>"));
        assert_eq!(record.details.text(Variable::ContainerTitle), Some(expected));
        assert_eq!(record.details.text(Variable::PublisherPlace), place);
    }
    for (pages, expected) in [
        ("<StartPage>7</StartPage><EndPage>9</EndPage>", Some("7–9")),
        ("<StartPage>7</StartPage>", Some("7")),
        ("<StartPage>7</StartPage><EndPage>7</EndPage><MedlinePgn></MedlinePgn>", Some("7")),
    ] {
        let record = with_article(&format!("<Pagination>{pages}</Pagination>"));
        assert_eq!(record.details.text(Variable::Page), expected, "{pages}");
    }
}

#[test]
fn types_tell_retractions_and_preprints() {
    let of = |kinds: &[&str]| {
        let types: String =
            kinds.iter().map(|kind| format!("<PublicationType UI=\"D\">{kind}</PublicationType>")).collect();
        let record = with_article(&format!("<PublicationTypeList>{types}</PublicationTypeList>"));
        (record.work_type.unwrap(), record.retracted)
    };
    assert_eq!(of(&["Journal Article", "Review"]), ("article-journal".to_owned(), false));
    assert_eq!(of(&["Journal Article", "Retracted Publication"]), ("article-journal".to_owned(), true));
    assert_eq!(of(&["Retraction of Publication"]), ("article-journal".to_owned(), false));
    // A notice keeps the mark in its title, which is not about itself.
    for (relation, is_retracted, title) in
        [("RetractionIn", true, "On tides"), ("RetractionOf", false, "Retracted: On tides")]
    {
        let other = format!(
            "<CommentsCorrectionsList><CommentsCorrections RefType=\"{relation}\"><PMID>7</PMID></CommentsCorrections>\
             </CommentsCorrectionsList>"
        );
        let record = record(&other, "<ArticleTitle>Retracted: On tides.</ArticleTitle>", "");
        assert_eq!((record.retracted, record.title.as_str()), (is_retracted, title), "{relation}");
    }
    let erratum = "<CommentsCorrectionsList><CommentsCorrections RefType=\"ErratumIn\"/></CommentsCorrectionsList>";
    assert!(!record(erratum, "<ArticleTitle>On tides.</ArticleTitle>", "").retracted);
    assert_eq!(of(&["Preprint"]), ("article".to_owned(), false));
}

#[test]
fn books_and_their_chapters() {
    let book = |chapter: &str| {
        let text = format!(
            "<PubmedBookArticle><BookDocument><PMID>21</PMID><ArticleIdList><ArticleId IdType=\"bookaccession\">NBK5</ArticleId>\
             </ArticleIdList><Book><Publisher><PublisherName>Inv Press</PublisherName><PublisherLocation>London</PublisherLocation>\
             </Publisher><BookTitle book=\"b\">A Guide to Tides</BookTitle><PubDate><Year>1993</Year></PubDate>\
             <AuthorList Type=\"editors\"><Author><LastName>Ed</LastName><ForeName>Ann</ForeName></Author></AuthorList>\
             <AuthorList Type=\"authors\"><Author><CollectiveName>Tide Group</CollectiveName></Author></AuthorList>\
             <CollectionTitle>Guides</CollectionTitle><Isbn>9781860163593</Isbn><ELocationID EIdType=\"doi\">10.1000/book</ELocationID></Book>\
             {chapter}<Language>eng</Language><Sections><Section><SectionTitle>No</SectionTitle></Section></Sections></BookDocument></PubmedBookArticle>"
        );
        read_one(&PUBMED_XML, &text).0
    };
    let whole = book("");
    assert_eq!((whole.title.as_str(), whole.work_type.as_deref()), ("A Guide to Tides", Some("book")));
    assert_eq!((names(&whole.authors), whole.doi.as_deref()), (vec!["Tide Group|".to_owned()], Some("10.1000/book")));
    assert_eq!(whole.date.unwrap().iso(), "1993");
    assert_eq!(whole.details.text(Variable::CollectionTitle), Some("Guides"));
    let part = book(
        "<LocationLabel Type=\"chapter\">4</LocationLabel><ArticleTitle>Ebb.</ArticleTitle><AuthorList Type=\"authors\"><Author>\
         <LastName>Lee</LastName><ForeName>Bo</ForeName></Author></AuthorList><ContributionDate><Year>2003</Year><Month>11</Month></ContributionDate>",
    );
    assert_eq!((part.title.as_str(), part.work_type.as_deref(), part.doi.as_deref()), ("Ebb", Some("chapter"), None));
    assert_eq!(part.details.text(Variable::ContainerTitle), Some("A Guide to Tides"));
    assert_eq!(part.details.text(Variable::ChapterNumber), Some("4"));
    assert_eq!(
        (names(&part.authors), names(part.people(Role::Editor))),
        (vec!["Lee|Bo".to_owned()], vec!["Ed|Ann".to_owned()])
    );
    assert_eq!(names(part.people(Role::ContainerAuthor)), ["Tide Group|"]);
    assert_eq!(part.date.unwrap().iso(), "2003-11");
}

#[test]
fn files_are_known_by_their_root() {
    for (text, is_known) in [
        (
            "<?xml version=\"1.0\" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC \"-//NLM//DTD\" \"x.dtd\">\n<PubmedArticleSet>",
            true,
        ),
        ("<PubmedBookArticle><BookDocument>", true),
        ("<MedlineCitationSet><MedlineCitation>", true),
        ("<eSummaryResult><DocSum>", false),
        ("<pmc-articleset><article>", false),
    ] {
        assert_eq!(format_of(text) == Some(Format::PubmedXml), is_known, "{text}");
    }
    let old = "<MedlineCitationSet><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Old.</ArticleTitle></Article></MedlineCitation></MedlineCitationSet>";
    assert_eq!(read_one(&PUBMED_XML, old).0.title, "Old");
}

#[test]
fn an_empty_article_is_reported() {
    let (records, problems) = read_all(&PUBMED_XML, "<PubmedArticleSet>\n<PubmedArticle>\nwrong\n</PubmedArticleSet>");
    assert_eq!((records.len(), problems.is_empty()), (0, false));
}
