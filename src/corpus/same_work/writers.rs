//! A work in each format, as programs write it. `None` where the format cannot say what the row says.

mod tagged;

use serde_json::{Value, json};
use tagged::{endnote_tagged, medline, ris, web_of_science};

use super::work::{Name, Work};
use crate::corpus::Format;
use crate::corpus::text::html::with_entities;

/// Writes a work in one way of one format.
pub(super) struct Writer {
    pub name: &'static str,
    pub format: Format,
    pub file_name: &'static str,
    pub write: fn(&Work) -> Option<String>,
}

const fn writer(
    name: &'static str,
    format: Format,
    file_name: &'static str,
    write: fn(&Work) -> Option<String>,
) -> Writer {
    Writer { name, format, file_name, write }
}

/// Every way of writing there is. A format more is a line more.
pub(super) const WRITERS: [Writer; 27] = [
    writer("BibTeX", Format::Bibtex, "a.bib", |work| bibtex(work, inverted_tex)),
    writer("BibTeX in natural order", Format::Bibtex, "a.bib", |work| bibtex(work, natural_tex)),
    writer("biblatex's named parts", Format::Bibtex, "a.bib", |work| bibtex(work, named_tex)),
    writer("CSL-JSON", Format::CslJson, "a.json", |work| csl_json(work, csl_name)),
    writer("CSL-JSON, particles in family names", Format::CslJson, "a.json", |work| csl_json(work, csl_plain_name)),
    writer("CSL-YAML", Format::CslYaml, "a.yaml", csl_yaml),
    writer("CSL-YAML in Markdown", Format::CslYaml, "a.yaml", csl_yaml_in_markdown),
    writer("Hayagriva", Format::Hayagriva, "a.yml", |work| hayagriva(work, hayagriva_name)),
    writer("Hayagriva, names in parts", Format::Hayagriva, "a.yml", |work| hayagriva(work, hayagriva_parts)),
    writer("CITATION.cff", Format::CitationCff, "CITATION.cff", citation_cff),
    writer("Better BibTeX JSON", Format::BetterBibtexJson, "a.json", better_bibtex_json),
    writer("Zotero database", Format::Zotero, "a.txt", zotero_database),
    writer("RIS", Format::Ris, "a.ris", ris),
    writer("MEDLINE", Format::Medline, "a.nbib", medline),
    writer("EndNote tagged", Format::EndnoteTagged, "a.enw", endnote_tagged),
    writer("Web of Science", Format::WebOfScience, "a.txt", web_of_science),
    writer("arXiv", Format::ArxivJsonLines, "a.jsonl", arxiv),
    writer("Hugging Face", Format::DailyPapers, "a.json", daily_papers),
    writer("Semantic Scholar", Format::SemanticScholar, "a.jsonl", semantic_scholar),
    writer("OpenAlex", Format::OpenAlex, "a.jsonl", open_alex),
    writer("Crossref", Format::Crossref, "a.json", crossref),
    writer("PubMed XML", Format::PubmedXml, "a.xml", pubmed_xml),
    writer("EndNote XML", Format::EndnoteXml, "a.xml", endnote_xml),
    writer("MODS", Format::Mods, "a.xml", mods),
    writer("DBLP XML", Format::Dblp, "a.xml", dblp),
    writer("DBLP XML with numbered homonyms", Format::Dblp, "a.xml", dblp_numbered),
    writer("Retraction Watch", Format::RetractionWatch, "a.csv", retraction_watch),
];

/// Whether a way of writing is XML, whose readers take the mark-up of titles out themselves.
pub(super) fn is_xml(name: &str) -> bool {
    WRITERS.iter().any(|writer| writer.name == name && writer.file_name == "a.xml")
}

fn non_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

// BibTeX

fn bibtex(work: &Work, author: fn(&Name) -> Option<String>) -> Option<String> {
    let authors = work.authors.iter().map(author).collect::<Option<Vec<_>>>()?.join(" and ");
    let mut fields = vec![
        format!("title = {{{}}}", work.title.tex),
        format!("author = {{{authors}}}"),
        format!("date = {{{}}}", non_empty(work.date.edtf)?),
    ];
    fields.extend(non_empty(work.doi).map(|doi| format!("doi = {{{doi}}}")));
    fields.extend(non_empty(work.arxiv).map(|id| format!("eprint = {{{id}}}, eprinttype = {{arxiv}}")));
    Some(format!("@article{{key,\n  {}\n}}\n", fields.join(",\n  ")))
}

fn family_tex(name: &Name) -> &'static str {
    non_empty(name.family_tex).unwrap_or(name.family)
}

#[allow(clippy::unnecessary_wraps)] // as the writers that cannot write every name
fn inverted_tex(name: &Name) -> Option<String> {
    if name.is_group {
        return Some(format!("{{{}}}", name.family));
    }
    let name = Name { family: family_tex(name), ..*name };
    let parts = [name.whole_family(), name.suffix.to_owned(), name.given.to_owned()];
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

/// `First von Last`, which has no place for a suffix, nor for a family name of two words.
fn natural_tex(name: &Name) -> Option<String> {
    let is_simple = name.suffix.is_empty() && (!name.family.contains(' ') || name.family.ends_with("0001"));
    if name.is_group {
        Some(format!("{{{{{}}}}}", name.family))
    } else {
        is_simple.then(|| Name { family: family_tex(name), ..*name }.natural())
    }
}

#[allow(clippy::unnecessary_wraps)] // as the writers that cannot write every name
fn named_tex(name: &Name) -> Option<String> {
    let parts =
        [("family", family_tex(name)), ("given", name.given), ("prefix", name.particle), ("suffix", name.suffix)];
    let named = parts.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key}={{{value}}}"));
    Some(named.collect::<Vec<_>>().join(", "))
}

// CSL

fn csl_json(work: &Work, author: fn(&Name) -> Value) -> Option<String> {
    let issued = format!("{{\"date-parts\":{}{}}}", non_empty(work.date.csl_parts)?, work.date.csl_more);
    let mut item = json!({
        "id": "key", "type": "article-journal", "title": work.title.html,
        "author": work.authors.iter().map(author).collect::<Vec<_>>(),
        "issued": serde_json::from_str::<Value>(&issued).unwrap(),
    });
    if !work.doi.is_empty() {
        item["DOI"] = work.doi.into();
    }
    if !work.arxiv.is_empty() {
        (item["archive"], item["number"]) = ("arXiv".into(), work.arxiv.into());
    }
    Some(json!([item]).to_string())
}

fn csl_name(name: &Name) -> Value {
    if name.is_group {
        return json!({ "literal": name.family });
    }
    let parts = [
        ("family", name.family),
        ("given", name.given),
        ("non-dropping-particle", name.particle),
        ("suffix", name.suffix),
    ];
    parts
        .into_iter()
        .filter(|(_, part)| !part.is_empty())
        .map(|(key, part)| (key.to_owned(), Value::from(part)))
        .collect()
}

fn csl_plain_name(name: &Name) -> Value {
    if name.is_group {
        return json!({ "family": name.family });
    }
    json!({ "family": name.whole_family(), "given": name.given, "suffix": name.suffix })
}

fn csl_yaml(work: &Work) -> Option<String> {
    let item: Value = serde_json::from_str(&csl_json(work, csl_name)?).unwrap();
    // JSON is YAML; block style is what programs write.
    let fields: String = item[0].as_object()?.iter().map(|(key, value)| format!("  {key}: {value}\n")).collect();
    Some(format!("---\nreferences:\n-{}...\n", fields.get(1..)?))
}

/// As pandoc writes it.
fn csl_yaml_in_markdown(work: &Work) -> Option<String> {
    let marks = [
        ("<i>", "*"),
        ("</i>", "*"),
        ("<sub>", "~"),
        ("</sub>", "~"),
        ("&amp;", "\\&"),
        ("&lt;", "\\<"),
        ("&ndash;", "--"),
    ];
    let title = marks.iter().fold(work.title.html.to_owned(), |title, (html, mark)| title.replace(html, mark));
    let title = Value::from(with_entities(&title)).to_string();
    Some(csl_yaml(work)?.replace(&Value::from(work.title.html).to_string(), &title))
}

// Other YAML

fn hayagriva(work: &Work, author: fn(&Name) -> Value) -> Option<String> {
    let about = work.date.edtf.strip_suffix('~').map(|year| format!("~{year}"));
    let is_plain = |date: &&str| date.trim_start_matches('-').split('-').all(|part| part.parse::<u16>().is_ok());
    let plain = || Some(work.date.edtf).filter(is_plain).filter(|date| !date.ends_with("-21")).map(str::to_owned);
    let mut lines = vec![
        "# Works".to_owned(),
        "key:".to_owned(),
        "    type: Article".to_owned(),
        format!("    title: {}", Value::from(work.title.plain)),
        format!("    author: {}", work.authors.iter().map(author).collect::<Value>()),
        format!("    date: {}", about.or_else(plain)?),
    ];
    let numbers = [("doi", work.doi), ("arxiv", work.arxiv)];
    let numbers: Vec<String> =
        numbers.iter().filter(|(_, id)| !id.is_empty()).map(|(name, id)| format!("{name}: {id:?}")).collect();
    if !numbers.is_empty() {
        lines.push(format!("    serial-number: {{ {} }}", numbers.join(", ")));
    }
    lines.push("    parent:\n        title: Journal of Rare Things\n".to_owned());
    Some(lines.join("\n"))
}

fn hayagriva_name(name: &Name) -> Value {
    name.inverted().into()
}

fn hayagriva_parts(name: &Name) -> Value {
    if name.is_group {
        return name.family.into();
    }
    json!({ "name": name.family, "given-name": name.given, "prefix": name.particle, "suffix": name.suffix })
}

fn citation_cff(work: &Work) -> Option<String> {
    let author = |name: &Name| {
        if name.is_group {
            return json!({ "name": name.family });
        }
        let parts = [
            ("family-names", name.family),
            ("given-names", name.given),
            ("name-particle", name.particle),
            ("name-suffix", name.suffix),
        ];
        let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
        parts.map(|(key, part)| (key.to_owned(), Value::from(part))).collect()
    };
    let mut text = format!(
        "cff-version: 1.2.0\nmessage: Cite this.\nauthors: {}\ntitle: {}\ndate-released: {}\n",
        work.authors.iter().map(author).collect::<Value>(),
        Value::from(work.title.plain),
        non_empty(work.date.iso)?,
    );
    if !work.doi.is_empty() {
        text += &format!("doi: {:?}\n", work.doi);
    }
    if !work.arxiv.is_empty() {
        let id = work.arxiv.trim_start_matches("arXiv:");
        text += &format!("identifiers:\n- type: other\n  value: \"arXiv:{id}\"\n");
    }
    Some(text)
}

fn better_bibtex_json(work: &Work) -> Option<String> {
    let item = zotero_item(work)?;
    Some(json!({ "config": { "id": "x", "label": "BetterBibTeX JSON" }, "items": [item] }).to_string())
}

fn zotero_database(work: &Work) -> Option<String> {
    Some(format!("{}{}\n]}}\n", crate::zotero::MARK, zotero_item(work)?))
}

fn zotero_item(work: &Work) -> Option<Value> {
    let creator = |name: &Name| {
        if name.is_group {
            json!({ "creatorType": "author", "name": name.family })
        } else {
            let suffix = if name.suffix.is_empty() { String::new() } else { format!(", {}", name.suffix) };
            json!({ "creatorType": "author", "lastName": name.whole_family(), "firstName": format!("{}{suffix}", name.given) })
        }
    };
    let mut item = json!({
        "itemType": "journalArticle", "citationKey": "key", "title": work.title.html, "date": non_empty(work.date.words)?,
        "creators": work.authors.iter().map(creator).collect::<Vec<_>>(),
        "select": "zotero://select/library/items/ABCD1234", "itemID": 1,
    });
    if !work.doi.is_empty() {
        item["DOI"] = work.doi.into();
    }
    if !work.arxiv.is_empty() {
        item["extra"] = format!("arXiv: {}", work.arxiv).into();
    }
    Some(item)
}

// What several formats share

/// The address of a work at arXiv.
fn arxiv_address(work: &Work) -> Option<String> {
    let id = non_empty(work.arxiv)?;
    Some(format!("https://arxiv.org/abs/{}", id.trim_start_matches("arXiv:")))
}

/// The name with its suffix after the given names, as `PubMed` writes it.
fn with_suffix_last(name: &Name) -> String {
    let given = [name.given, name.suffix].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if given.is_empty() { name.whole_family() } else { format!("{}, {given}", name.whole_family()) }
}

// JSON of services

/// The id that those give a work who know no other.
const ARXIV_ID: &str = "2010.00001";

fn arxiv(work: &Work) -> Option<String> {
    let created = Some(work.date.iso).filter(|iso| matches!(iso.len(), 4 | 10))?;
    let parsed: Vec<Value> = work
        .authors
        .iter()
        .map(|name| {
            if name.is_group {
                json!([name.family, "", ""])
            } else {
                json!([name.whole_family(), name.given, name.suffix])
            }
        })
        .collect();
    let names: Vec<String> = work.authors.iter().map(Name::natural).collect();
    let mut row = json!({
        "id": non_empty(work.arxiv).unwrap_or(ARXIV_ID), "submitter": "x", "authors": names.join(" and "), "title": work.title.tex,
        "categories": "cs.CL", "abstract": "We show.", "authors_parsed": parsed,
        "versions": [{ "version": "v1", "created": created }],
    });
    if !work.doi.is_empty() {
        row["doi"] = work.doi.into();
    }
    Some(row.to_string() + "\n")
}

fn naturals(work: &Work) -> Vec<String> {
    work.authors.iter().map(Name::natural).collect()
}

fn daily_papers(work: &Work) -> Option<String> {
    if !work.doi.is_empty() || !matches!(work.date.iso.len(), 4 | 10) {
        return None;
    }
    let authors: Vec<Value> = naturals(work).into_iter().map(|name| json!({ "name": name })).collect();
    Some(json!([{ "paper": { "id": non_empty(work.arxiv).unwrap_or(ARXIV_ID), "authors": authors, "title": work.title.html, "summary": "We show.", "publishedAt": work.date.iso } }]).to_string())
}

fn semantic_scholar(work: &Work) -> Option<String> {
    let year = work.date.year().filter(|_| work.date.iso.len() != 7)?;
    let authors: Vec<Value> = naturals(work).into_iter().map(|name| json!({ "authorId": "1", "name": name })).collect();
    let mut row = json!({
        "paperId": "a".repeat(40), "corpusId": 5, "title": work.title.html, "year": year.parse::<i32>().unwrap(),
        "authors": authors, "externalIds": { "CorpusId": 5 },
    });
    if work.date.iso.len() == 10 {
        row["publicationDate"] = work.date.iso.into();
    }
    if !work.doi.is_empty() {
        row["externalIds"]["DOI"] = work.doi.into();
    }
    if !work.arxiv.is_empty() {
        row["externalIds"]["ArXiv"] = work.arxiv.into();
    }
    Some(row.to_string() + "\n")
}

fn open_alex(work: &Work) -> Option<String> {
    let year = work.date.year().filter(|_| work.date.iso.len() != 7)?;
    let authors: Vec<Value> =
        naturals(work).into_iter().map(|name| json!({ "author": { "display_name": name } })).collect();
    let mut row = json!({
        "id": "https://openalex.org/W101", "title": work.title.html, "display_name": work.title.html, "type": "article",
        "publication_year": year.parse::<i32>().unwrap(), "authorships": authors,
    });
    if work.date.iso.len() == 10 {
        row["publication_date"] = work.date.iso.into();
    }
    if !work.doi.is_empty() {
        row["doi"] = work.doi.into();
    }
    if let Some(url) = arxiv_address(work) {
        row["primary_location"] = json!({ "landing_page_url": url });
    }
    Some(row.to_string() + "\n")
}

fn crossref(work: &Work) -> Option<String> {
    let is_one =
        !work.date.csl_parts.contains("],[") && work.date.csl_more.is_empty() && !work.date.csl_parts.contains('-');
    let parts = non_empty(work.date.csl_parts).filter(|_| is_one && work.arxiv.is_empty())?;
    let author = |name: &Name| {
        if name.is_group {
            json!({ "name": name.family, "sequence": "first" })
        } else {
            json!({ "family": name.whole_family(), "given": name.given, "suffix": name.suffix, "sequence": "first" })
        }
    };
    let doi = non_empty(work.doi).unwrap_or("10.1000/rare");
    let message = json!({
        "DOI": doi, "type": "journal-article", "title": [work.title.html], "container-title": ["Journal"], "publisher": "P",
        "author": work.authors.iter().map(author).collect::<Vec<_>>(), "prefix": "10.1000", "member": "1",
        "issued": { "date-parts": serde_json::from_str::<Value>(parts).unwrap() }, "indexed": { "date-parts": [[2024, 1, 1]] },
    });
    Some(json!({ "status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message }).to_string())
}

// XML

/// Text as XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A title as it stands in XML that knows no entities of HTML: elements stay, entities are their characters.
fn xml_title(work: &Work) -> String {
    if !work.title.html.contains('<') {
        return escaped(work.title.plain);
    }
    let kept = work.title.html.replace("&amp;", "\u{1}").replace("&lt;", "\u{2}");
    with_entities(&kept).replace('\u{1}', "&amp;").replace('\u{2}', "&lt;")
}

fn pubmed_xml(work: &Work) -> Option<String> {
    if !work.arxiv.is_empty() {
        return None;
    }
    let author = |name: &Name| {
        if name.is_group {
            format!("<Author><CollectiveName>{}</CollectiveName></Author>", escaped(name.family))
        } else {
            let suffix =
                if name.suffix.is_empty() { String::new() } else { format!("<Suffix>{}</Suffix>", name.suffix) };
            let given =
                if name.given.is_empty() { String::new() } else { format!("<ForeName>{}</ForeName>", name.given) };
            format!("<Author><LastName>{}</LastName>{given}{suffix}</Author>", name.whole_family())
        }
    };
    let authors: String = work.authors.iter().map(author).collect();
    let ids = non_empty(work.doi)
        .map_or_else(String::new, |doi| format!("<ArticleId IdType=\"doi\">{}</ArticleId>", escaped(doi)));
    Some(format!(
        "<?xml version=\"1.0\"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version=\"1\">12345678</PMID><Article>\
         <Journal><JournalIssue><PubDate>{}</PubDate></JournalIssue></Journal><ArticleTitle>{}</ArticleTitle>\
         <AuthorList>{authors}</AuthorList></Article></MedlineCitation><PubmedData><ArticleIdList>{ids}</ArticleIdList>\
         </PubmedData></PubmedArticle></PubmedArticleSet>\n",
        pubmed_date(work)?,
        xml_title(work),
    ))
}

/// Parts of a date where it has some, words otherwise.
fn pubmed_date(work: &Work) -> Option<String> {
    let parts: Vec<&str> = work.date.iso.split('-').filter(|part| !part.is_empty()).collect();
    let tags = ["Year", "Month", "Day"];
    let tagged: String = tags.iter().zip(&parts).map(|(tag, part)| format!("<{tag}>{part}</{tag}>")).collect();
    if tagged.is_empty() {
        return non_empty(work.date.words).map(|words| format!("<MedlineDate>{words}</MedlineDate>"));
    }
    Some(tagged)
}

fn endnote_xml(work: &Work) -> Option<String> {
    let style = |text: &str| format!("<style face=\"normal\" font=\"default\" size=\"100%\">{text}</style>");
    let author = |name: &Name| {
        let name = if name.is_group { format!("{},", name.family) } else { name.inverted() };
        format!("<author>{}</author>", style(&escaped(&name)))
    };
    let authors: String = work.authors.iter().map(author).collect();
    let doi = non_empty(work.doi).map_or_else(String::new, |doi| {
        format!("<electronic-resource-num>{}</electronic-resource-num>", style(&escaped(doi)))
    });
    let url = arxiv_address(work).map_or_else(String::new, |url| {
        format!("<urls><related-urls><url>{}</url></related-urls></urls>", style(&url))
    });
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><xml><records><record><database name=\"My.enl\" path=\"/My.enl\">My.enl</database>\
         <rec-number>1</rec-number><ref-type name=\"Journal Article\">17</ref-type><contributors><authors>{authors}</authors>\
         </contributors><titles><title>{}</title></titles><dates><year>{}</year></dates>{url}{doi}</record></records></xml>\n",
        style(&escaped(work.title.html)),
        style(non_empty(work.date.words)?),
    ))
}

fn mods(work: &Work) -> Option<String> {
    let author = |name: &Name| {
        let part = |kind: &str, text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("<namePart type=\"{kind}\">{}</namePart>", escaped(text))
            }
        };
        let role = "<role><roleTerm type=\"text\">author</roleTerm></role>";
        if name.is_group {
            format!("<name type=\"corporate\"><namePart>{}</namePart>{role}</name>", escaped(name.family))
        } else {
            format!(
                "<name type=\"personal\">{}{}{}{role}</name>",
                part("given", name.given),
                part("family", &name.whole_family()),
                part("termsOfAddress", name.suffix)
            )
        }
    };
    let authors: String = work.authors.iter().map(author).collect();
    let identifier = non_empty(work.doi)
        .map_or_else(String::new, |doi| format!("<identifier type=\"doi\">{}</identifier>", escaped(doi)));
    let url = arxiv_address(work).map_or_else(String::new, |url| format!("<location><url>{url}</url></location>"));
    Some(format!(
        "<?xml version=\"1.0\"?>\n<mods xmlns=\"http://www.loc.gov/mods/v3\" version=\"3.7\"><titleInfo><title>{}</title></titleInfo>\
         {authors}<originInfo><dateIssued>{}</dateIssued></originInfo>{identifier}{url}</mods>\n",
        escaped(work.title.plain),
        non_empty(work.date.edtf)?,
    ))
}

fn dblp(work: &Work) -> Option<String> {
    dblp_with(work, |_| "")
}

fn dblp_numbered(work: &Work) -> Option<String> {
    let number = |name: &Name| if name.family.ends_with("0001") || name.is_group { "" } else { " 0023" };
    dblp_with(work, number)
}

fn dblp_with(work: &Work, number: fn(&Name) -> &'static str) -> Option<String> {
    let year = Some(work.date.iso).filter(|iso| iso.len() == 4)?;
    let authors: String = work
        .authors
        .iter()
        .map(|name| format!("<author>{}{}</author>", escaped(&name.natural()), number(name)))
        .collect();
    let ee = non_empty(work.doi).map(|doi| {
        if doi.contains("://") { doi.to_owned() } else { format!("https://doi.org/{}", doi.trim_start_matches("doi:")) }
    });
    let ee = ee.or_else(|| arxiv_address(work)).map_or_else(String::new, |ee| format!("<ee>{}</ee>", escaped(&ee)));
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE dblp SYSTEM \"dblp.dtd\">\n<dblp>\n<article mdate=\"2024-06-01\" key=\"journals/x/Y20\">\
         {authors}<title>{}.</title><year>{}</year><journal>J.</journal>{ee}</article>\n</dblp>\n",
        xml_title(work),
        year,
    ))
}

// Retraction Watch

fn retraction_watch(work: &Work) -> Option<String> {
    if !work.arxiv.is_empty() {
        return None;
    }
    let date = non_empty(work.date.iso)?;
    let day = match *date.split('-').collect::<Vec<_>>() {
        [year, month, day] => format!("{}/{}/{year} 0:00", month.trim_start_matches('0'), day.trim_start_matches('0')),
        _ => date.to_owned(),
    };
    let authors: Vec<String> = work.authors.iter().map(Name::natural).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let fields = [&quoted(work.title.html), &quoted(&authors.join(";")), &day, work.doi, "Retraction"].join(",");
    Some(format!("Title,Author,OriginalPaperDate,OriginalPaperDOI,RetractionNature\r\n{fields}\r\n"))
}
