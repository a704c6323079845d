//! Reading each format of corpus files: 500 generated papers in memory, in papers and bytes a second.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ibid::corpus::{ReadEvent, recognise};
use serde_json::{Value, json};

/// How many papers each file has.
const PAPERS: usize = 500;

/// About as long as an abstract.
const SENTENCE: &str = "We gather evidence on how small models learn from the traces of large ones, and compare what \
    they say over many seasons with what was known before about all of it. ";

struct Paper {
    number: usize,
    title: String,
    abstract_text: String,
}

fn papers() -> Vec<Paper> {
    let paper = |number| Paper {
        number,
        title: format!("Name{number}: Progressive Learning of Höhere Graphs in {number} Steps"),
        abstract_text: SENTENCE.repeat(4 + number % 5),
    };
    (0..PAPERS).map(paper).collect()
}

/// A text a paper, one after another.
fn each(papers: &[Paper], write: impl Fn(&Paper) -> String) -> String {
    papers.iter().map(write).collect()
}

/// A JSON object a line.
fn lines(papers: &[Paper], object: impl Fn(&Paper) -> Value) -> String {
    each(papers, |paper| format!("{}\n", object(paper)))
}

/// A JSON array.
fn array(papers: &[Paper], object: impl Fn(&Paper) -> Value) -> Value {
    papers.iter().map(object).collect()
}

fn bibtex(papers: &[Paper]) -> String {
    each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "@article{{key{number},\n  title = {{{title}}},\n  author = {{Mukherjee, Ada and M{{\\\"u}}ller, Bo}},\n  \
             journal = \"Journal of Things\",\n  year = 2023,\n  doi = {{10.1000/{number}}},\n  abstract = \
             {{{abstract_text}}}\n}}\n\n"
        )
    })
}

fn ris(papers: &[Paper]) -> String {
    each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "TY  - JOUR\nTI  - {title}\nAU  - Mukherjee, Ada\nAU  - Müller, Bo\nPY  - 2023/06/05/\nJO  - Journal of \
             Things\nDO  - 10.1000/{number}\nAB  - {abstract_text}\nER  - \n\n"
        )
    })
}

fn medline(papers: &[Paper]) -> String {
    each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "PMID- {number}\nDP  - 2023 Jun 5\nTI  - {title}\nFAU - Mukherjee, Ada\nAU  - Mukherjee A\nFAU - Müller, Bo\nAU  - \
             Müller B\nJT  - Journal of Things\nAID - 10.1000/{number} [doi]\nAB  - {abstract_text}\n\n"
        )
    })
}

fn endnote_tagged(papers: &[Paper]) -> String {
    each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "%0 Journal Article\n%T {title}\n%A Mukherjee, Ada\n%A Müller, Bo\n%D 2023\n%8 June 5\n%J Journal of Things\n%R \
             10.1000/{number}\n%X {abstract_text}\n\n"
        )
    })
}

fn web_of_science(papers: &[Paper]) -> String {
    let records = each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "PT J\nAU Mukherjee, A\n   Müller, B\nAF Mukherjee, Ada\n   Müller, Bo\nTI {title}\nSO JOURNAL OF THINGS\nPD JUN 5\n\
             PY 2023\nDI 10.1000/{number}\nAB {abstract_text}\nER\n\n"
        )
    });
    format!("FN Clarivate Analytics Web of Science\nVR 1.0\n{records}EF\n")
}

fn listing_page(papers: &[Paper]) -> String {
    let papers = each(papers, |Paper { title, abstract_text, .. }| {
        format!("{title}\n\n{abstract_text}\n\n  • 6 authors\n·\nMay 5, 2023 18\n\n")
    });
    format!("new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nOct 17\n\n{papers}")
}

fn csl_yaml(papers: &[Paper]) -> String {
    let mut text = "---\nreferences:\n".to_owned();
    for Paper { number, title, abstract_text } in papers {
        write!(
            text,
            "- id: key{number}\n  type: article-journal\n  title: \"{title}\"\n  author:\n  - family: Mukherjee\n    \
             given: Ada\n  issued:\n  - year: 2023\n    month: 6\n  DOI: 10.1000/{number}\n  abstract: \
             \"{abstract_text}\"\n"
        )
        .unwrap();
    }
    text + "...\n"
}

fn hayagriva(papers: &[Paper]) -> String {
    each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "key{number}:\n    type: Article\n    title: \"{title}\"\n    author: [\"Mukherjee, Ada\", \"Müller, Bo\"]\n    \
             date: 2023-06\n    serial-number:\n        doi: 10.1000/{number}\n    parent:\n        type: Periodical\n        \
             title: Things\n        volume: 3\n    abstract: \"{abstract_text}\"\n"
        )
    })
}

/// The first paper is the repository's own.
fn citation_cff(papers: &[Paper]) -> String {
    let own = "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Software\nversion: 1.0\nreferences:\n".to_owned();
    let references = papers.get(1..).unwrap_or_default();
    own + &each(references, |Paper { number, title, abstract_text }| {
        format!(
            "  - type: article\n    title: \"{title}\"\n    authors:\n      - family-names: Mukherjee\n        given-names: Ada\n    \
             year: 2023\n    month: 6\n    journal: Things\n    doi: 10.1000/{number}\n    abstract: \"{abstract_text}\"\n"
        )
    })
}

fn csl(Paper { number, title, abstract_text }: &Paper) -> Value {
    json!({
        "id": format!("key{number}"), "type": "article-journal", "title": title, "abstract": abstract_text,
        "author": [{"family": "Mukherjee", "given": "Ada"}, {"family": "Müller", "given": "Bo"}],
        "issued": {"date-parts": [[2023, 6, 5]]}, "DOI": format!("10.1000/{number}"),
    })
}

fn better_bibtex(Paper { number, title, abstract_text }: &Paper) -> Value {
    json!({
        "itemType": "journalArticle", "citationKey": format!("key{number}"), "title": title, "date": "2023-06-05",
        "abstractNote": abstract_text, "DOI": format!("10.1000/{number}"),
        "creators": [{"firstName": "Ada", "lastName": "Mukherjee", "creatorType": "author"}],
        "attachments": [{"title": "PDF", "path": "/zotero/storage/ABCD1234/paper.pdf"}],
    })
}

fn arxiv(Paper { number, title, abstract_text }: &Paper) -> Value {
    json!({
        "id": format!("2306.{number:05}"), "submitter": "Ada Mukherjee", "authors": "Ada Mukherjee and Bo Müller",
        "title": title, "comments": "12 pages", "journal-ref": null, "doi": format!("10.1000/{number}"),
        "report-no": null, "categories": "cs.CL cs.AI", "license": null, "abstract": abstract_text,
        "versions": [{"version": "v1", "created": "Mon, 5 Jun 2023 17:37:18 GMT"}], "update_date": "2023-06-06",
        "authors_parsed": [["Mukherjee", "Ada", ""], ["Müller", "Bo", ""]],
    })
}

fn daily_paper(Paper { number, title, abstract_text }: &Paper) -> Value {
    let paper = json!({
        "id": format!("2306.{number:05}"), "authors": [{"name": "Ada Mukherjee"}], "title": title,
        "summary": abstract_text, "publishedAt": "2023-06-05T17:50:33.000Z", "upvotes": 40,
    });
    json!({"paper": paper, "publishedAt": "2023-06-05T17:50:33.000Z", "title": title, "numComments": 2})
}

fn semantic_scholar(Paper { number, title, abstract_text }: &Paper) -> Value {
    json!({
        "paperId": format!("{number:040x}"), "corpusId": number, "title": title, "abstract": abstract_text,
        "year": 2023, "publicationDate": "2023-06-05", "venue": "Things",
        "externalIds": {"ArXiv": format!("2306.{number:05}")}, "authors": [{"name": "Ada Mukherjee"}],
        "citationCount": 1,
    })
}

fn open_alex(Paper { number, title, abstract_text }: &Paper) -> Value {
    let mut places = serde_json::Map::new();
    for (at, word) in abstract_text.split_whitespace().enumerate() {
        if let Some(list) = places.entry(word).or_insert_with(|| json!([])).as_array_mut() {
            list.push(json!(at));
        }
    }
    json!({
        "id": format!("https://openalex.org/W{number}"), "doi": format!("https://doi.org/10.1000/{number}"),
        "title": title, "publication_year": 2023, "publication_date": "2023-06-05",
        "authorships": [{"author": {"display_name": "Ada Mukherjee"}}],
        "primary_location": {"source": {"display_name": "Things"}, "pdf_url": null},
        "abstract_inverted_index": places, "cited_by_count": 1,
    })
}

fn pubmed_xml(papers: &[Paper]) -> String {
    let papers = each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "<PubmedArticle><MedlineCitation><PMID Version=\"1\">{number}</PMID><Article><Journal><JournalIssue><PubDate>\
             <Year>2023</Year><Month>Jun</Month></PubDate></JournalIssue><Title>Journal of Things</Title></Journal>\
             <ArticleTitle>{title}.</ArticleTitle><ELocationID EIdType=\"doi\">10.1000/{number}</ELocationID><Abstract>\
             <AbstractText>{abstract_text}</AbstractText></Abstract><AuthorList><Author><LastName>Mukherjee</LastName>\
             <ForeName>Ada</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>\n"
        )
    });
    format!("<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n{papers}</PubmedArticleSet>\n")
}

fn endnote_xml(papers: &[Paper]) -> String {
    let style = |text: &str| format!("<style face=\"normal\" font=\"default\" size=\"100%\">{text}</style>");
    let papers = each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "<record><rec-number>{number}</rec-number><ref-type name=\"Journal Article\">17</ref-type><contributors><authors>\
             <author>{}</author></authors></contributors><titles><title>{}</title><secondary-title>{}</secondary-title>\
             </titles><dates><year>{}</year></dates><abstract>{}</abstract><electronic-resource-num>{}\
             </electronic-resource-num></record>",
            style("Mukherjee, Ada"),
            style(title),
            style("Journal of Things"),
            style("2023"),
            style(abstract_text),
            style(&format!("10.1000/{number}")),
        )
    });
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\" ?><xml><records>{papers}</records></xml>")
}

fn mods(papers: &[Paper]) -> String {
    let papers = each(papers, |Paper { number, title, abstract_text }| {
        format!(
            "<mods ID=\"key{number}\">\n  <titleInfo><title>{title}</title></titleInfo>\n  <name type=\"personal\"><namePart \
             type=\"family\">Mukherjee</namePart><namePart type=\"given\">Ada</namePart><role><roleTerm>author</roleTerm>\
             </role></name>\n  <genre>journal article</genre>\n  <abstract>{abstract_text}</abstract>\n  <relatedItem \
             type=\"host\"><titleInfo><title>Journal of Things</title></titleInfo></relatedItem>\n  <originInfo><dateIssued>\
             2023-06</dateIssued></originInfo>\n  <identifier type=\"doi\">10.1000/{number}</identifier>\n</mods>\n"
        )
    });
    format!("<modsCollection xmlns=\"http://www.loc.gov/mods/v3\">\n{papers}</modsCollection>\n")
}

fn dblp(papers: &[Paper]) -> String {
    let papers = each(papers, |Paper { number, title, .. }| {
        format!(
            "<article mdate=\"2024-06-01\" key=\"journals/things/M{number}\">\n<author>Ada Mukherjee 0001</author>\n<author>Bo \
             M&uuml;ller</author>\n<title>{title}.</title>\n<pages>1-9</pages>\n<year>2023</year>\n<volume>4</volume>\n\
             <journal>J. Things</journal>\n<ee>https://doi.org/10.1000/{number}</ee>\n\
             <url>db/journals/things/things4.html#M{number}</url>\n</article>"
        )
    });
    format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<dblp>\n{papers}</dblp>\n")
}

fn retraction_watch(papers: &[Paper]) -> String {
    let papers = each(papers, |Paper { number, title, .. }| {
        format!(
            "{number},\"{title}\",(CS) Computing;,\"Institute of Things, Dublin\",Journal of Things,P,Ireland,Ada Mukherjee;Bo \
             Müller,,Research Article;,4/17/2023 0:00,10.1000/n.{number},0,6/5/2020 0:00,10.1000/{number},0,Retraction,\
             +Concerns/Issues About Data;,No,\r\n"
        )
    });
    format!(
        "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,\
         RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes\r\n\
         {papers}"
    )
}

fn crossref(Paper { number, title, abstract_text }: &Paper) -> Value {
    json!({
        "indexed": {"date-parts": [[2023, 7, 1]]}, "publisher": "P", "DOI": format!("10.1000/{number}"), "prefix": "10.1000",
        "type": "journal-article", "member": "1", "title": [title], "container-title": ["Things"], "volume": "3",
        "author": [{"given": "Ada", "family": "Mukherjee", "sequence": "first"}], "abstract": format!("<jats:p>{abstract_text}</jats:p>"),
        "issued": {"date-parts": [[2023, 6, 5]]}, "reference": [{"key": "1", "DOI": "10.1000/other"}],
    })
}

fn files(papers: &[Paper]) -> [(&'static str, String); 21] {
    let better = json!({"config": {"label": "BetterBibTeX JSON"}, "items": array(papers, better_bibtex)});
    [
        ("papers.bib", bibtex(papers)),
        ("papers.ris", ris(papers)),
        ("papers.nbib", medline(papers)),
        ("papers.enw", endnote_tagged(papers)),
        ("papers.ciw", web_of_science(papers)),
        ("papers.txt", listing_page(papers)),
        ("papers.yaml", csl_yaml(papers)),
        ("papers.yml", hayagriva(papers)),
        ("CITATION.cff", citation_cff(papers)),
        ("csl.json", array(papers, csl).to_string()),
        ("better.json", better.to_string()),
        ("arxiv.jsonl", lines(papers, arxiv)),
        ("daily.json", array(papers, daily_paper).to_string()),
        ("semantic-scholar.jsonl", lines(papers, semantic_scholar)),
        ("openalex.jsonl", lines(papers, open_alex)),
        ("crossref.jsonl", lines(papers, crossref)),
        ("pubmed.xml", pubmed_xml(papers)),
        ("endnote.xml", endnote_xml(papers)),
        ("papers.mods", mods(papers)),
        ("dblp.xml", dblp(papers)),
        ("retractions.csv", retraction_watch(papers)),
    ]
}

fn benches(criterion: &mut Criterion) {
    let papers = papers();
    let mut group = criterion.benchmark_group("read");
    for (file_name, text) in files(&papers) {
        let head = &text.as_bytes()[..text.len().min(64 << 10)];
        let reader = recognise(file_name, head).unwrap_or_else(|| panic!("{file_name} is of no format"));
        let read = || {
            let mut records = 0;
            let mut sink = |found: ReadEvent| {
                records += usize::from(matches!(black_box(found), ReadEvent::Record(_)));
                ControlFlow::Continue(())
            };
            reader.read(&mut Cursor::new(text.as_bytes()), &mut sink).unwrap();
            records
        };
        assert_eq!(read(), PAPERS, "{file_name}");
        group.throughput(Throughput::ElementsAndBytes { elements: PAPERS as u64, bytes: text.len() as u64 });
        group.bench_function(reader.name(), |bencher| bencher.iter(read));
    }
    group.finish();
}

criterion_group!(reader_benches, benches);
criterion_main!(reader_benches);
