//! Bibliographies that are not read: what they are, and what to do about it.
//!
//! A file counts only where its name is that of bibliographies alone or where its beginning is certain, so that nothing
//! is said of ordinary tables, databases and XML.

use std::path::Path;

use super::compressed::inner_name;
use super::spoilt;
use crate::corpus::text::excerpt;

/// Whether a file of this name may be a bibliography that is not read, so that its beginning should be looked at.
pub(super) fn may_be_unread(path: &Path) -> bool {
    let name = name_of(path);
    let extension = extension_of(&name);
    is_packed(&name)
        || library_of(&name).is_some()
        || MIXED_EXTENSIONS.contains(&extension.as_str())
        || named_format(&extension).is_some()
}

/// Whether the name is that of a compressed file with a bibliography in it that is read only where it is unpacked.
pub(super) fn is_packed(name: &str) -> bool {
    inner_name(name).is_some_and(|inner| named_format(&extension_of(inner)).is_some())
}

/// What to say of a file that no reader knows and that begins so, where it is surely a bibliography: the rest of a sentence
/// that its name begins.
pub(super) fn unread(path: &Path, head: &[u8]) -> Option<String> {
    let name = name_of(path);
    if let Some((what, instead)) = library_of(&name).or_else(|| known_text(head)) {
        return Some(format!("is {what}, which ibid does not read; {instead}"));
    }
    let format = named_format(&extension_of(inner_name(&name).unwrap_or(&name)))?;
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('%');
    if text.lines().all(is_nothing) {
        return None;
    }
    if let Some((what, instead)) = spoilt::known(head) {
        return Some(format!("is named as {format} but {what}; {instead}"));
    }
    let begins = excerpt(text.lines().next().unwrap_or_default(), 40);
    Some(format!("is named as {format} but begins with “{begins}”, so it was not read; export it again or rename it"))
}

/// Extensions of bibliographies and of much else: such files are looked at, and only their beginning tells.
const MIXED_EXTENSIONS: [&str; 6] = ["bibtexml", "csv", "rdf", "tab", "tsv", "xml"];

/// The format that files of an extension hold, where it is one of bibliographies alone.
fn named_format(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "bib" | "bibtex" | "biblatex" => "BibTeX",
        "bbtjson" => "Better BibTeX JSON",
        "cff" => "CITATION.cff",
        "ciw" | "isi" => "Web of Science",
        "csljson" => "CSL-JSON",
        "enw" | "refer" => "EndNote tagged",
        "nbib" | "medline" => "MEDLINE",
        "ris" => "RIS",
        _ => return None,
    })
}

/// The library of a reference manager, recognised by its name, and what to do instead.
fn library_of(name: &str) -> Option<(&'static str, &'static str)> {
    let lower = name.to_ascii_lowercase();
    match extension_of(&lower).as_str() {
        "enl" | "enlx" | "enlp" => Some((
            "an EndNote library",
            "in EndNote, choose File → Export and write it as RIS (RefMan) or as EndNote Export (.enw)",
        )),
        "ctv4" | "ctv5" | "ctv6" => {
            Some(("a Citavi project", "in Citavi, choose File → Export and write it as RIS or BibTeX"))
        }
        "sqlite" if lower == "zotero.sqlite" => Some((
            "Zotero's own database",
            "in Zotero, choose File → Export Library and write it as Better BibTeX, CSL JSON or RIS",
        )),
        "sqlite" if lower.ends_with("mendeley.com.sqlite") => {
            Some(("Mendeley's own database", "in Mendeley, export the library as BibTeX or RIS"))
        }
        _ => None,
    }
}

/// What a text is that begins so, and what to do instead.
fn known_text(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = String::from_utf8_lossy(head.get(..4 * 1024).unwrap_or(head));
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let line = text.lines().next().unwrap_or_default();
    table(line).or_else(|| xml(text)).or_else(|| refworks(text)).or_else(|| ovid(text)).or_else(|| datacite(text))
}

/// Tables, recognised by the names of their columns.
fn table(head: &str) -> Option<(&'static str, &'static str)> {
    if head.starts_with("PT\tAU\t") {
        return Some((
            "a table from Web of Science (tab-delimited)",
            "export the records as a plain text file, as EndNote desktop (.ciw) or as RIS",
        ));
    }
    let columns: Vec<&str> = head.split(',').map(|column| column.trim().trim_matches('"')).collect();
    let has = |names: &[&str]| names.iter().all(|name| columns.contains(name));
    let known: [(&[&str], &str, &str); 6] = [
        (
            &["Key", "Item Type", "Publication Year", "Author", "Title"],
            "a table from Zotero (CSV)",
            "export the collection as Better BibTeX, CSL JSON or RIS",
        ),
        (
            &["Authors", "Title", "Year", "Source title"],
            "a table from Scopus (CSV)",
            "export the records as RIS or BibTeX",
        ),
        (
            &["PMID", "Title", "Authors", "Citation"],
            "a table from PubMed (CSV)",
            "save the records in the format PubMed (.nbib)",
        ),
        (
            &["Document Title", "Authors", "Publication Title", "Publication Year"],
            "a table from IEEE Xplore (CSV)",
            "export the citations as RIS or BibTeX",
        ),
        (
            &["Lens ID", "Title", "Publication Year", "Source Title"],
            "a table from The Lens (CSV)",
            "export the works as RIS or BibTeX",
        ),
        (
            &["Cites", "Authors", "Title", "Year", "Source"],
            "a table from Publish or Perish (CSV)",
            "save the results as RIS or BibTeX",
        ),
    ];
    known.into_iter().find(|(names, ..)| has(names)).map(|(_, what, instead)| (what, instead))
}

/// XML, recognised by the names it declares.
fn xml(text: &str) -> Option<(&'static str, &'static str)> {
    if !text.starts_with('<') {
        return None;
    }
    let known = [
        (
            "http://www.zotero.org/namespaces/export#",
            "RDF from Zotero",
            "export the collection as Better BibTeX, CSL JSON or RIS",
        ),
        ("http://purl.org/ontology/bibo/", "RDF of the bibliographic ontology", "export it as RIS, BibTeX or CSL JSON"),
        ("http://bibtexml.sf.net/", "BibTeXML", "export it as BibTeX"),
        ("http://www.loc.gov/MARC21/slim", "MARCXML", "export the records as MODS, RIS or BibTeX"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/bibliography",
            "the list of sources of Word",
            "export the references from where they came as RIS or BibTeX",
        ),
        (
            "info:srw/schema/1/marcxml",
            "MARCXML as catalogues answer with it",
            "export the records as MODS, RIS or BibTeX",
        ),
        ("<doi_records", "Crossref's XML", "take the same work as JSON from Crossref, or as RIS or BibTeX"),
        ("<crossref_result", "Crossref's XML", "take the same work as JSON from Crossref, or as RIS or BibTeX"),
        (
            "http://datacite.org/schema/kernel",
            "DataCite's XML",
            "take the same work from DataCite as CSL JSON or BibTeX",
        ),
        ("http://biblatex-biber.sourceforge.net/biblatexml", "BibLaTeXML", "export it as BibLaTeX"),
        ("<CitaviExchangeData", "a Citavi exchange file", "in Citavi, export the project as RIS or BibTeX"),
    ];
    known.into_iter().find(|(mark, ..)| text.contains(mark)).map(|(_, what, instead)| (what, instead))
}

/// The tagged format of `RefWorks`: `RT Journal Article`, then tags of its own.
fn refworks(text: &str) -> Option<(&'static str, &'static str)> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_type = lines.next()?.starts_with("RT ");
    let tags = ["SR ", "ID ", "A1 ", "T1 ", "JF ", "YR "];
    let known = lines.take(8).filter(|line| tags.iter().any(|tag| line.starts_with(tag))).count();
    (is_type && known >= 3).then_some(("RefWorks tagged text", "export the references from RefWorks as RIS or BibTeX"))
}

/// What Ovid writes: numbered records, `<1>`, with tags of its own or names of fields on lines of theirs.
fn ovid(text: &str) -> Option<(&'static str, &'static str)> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let number = lines.next()?.strip_prefix('<')?.strip_suffix('>')?;
    let is_number = number.trim_end_matches(['.', ' ']).bytes().all(|byte| byte.is_ascii_digit());
    let names = ["Accession Number", "Unique Identifier", "Record Owner", "Authors", "Author", "Title", "Source"];
    let known = lines.take(40).filter(|line| line.starts_with("VN  - Ovid") || names.contains(line)).count();
    let has_tags = text.contains("VN  - Ovid");
    (is_number && (has_tags || known >= 3)).then_some(("text from Ovid", "export the results from Ovid as RIS"))
}

/// What `DataCite` answers with.
fn datacite(text: &str) -> Option<(&'static str, &'static str)> {
    let is_json = text.starts_with(['{', '[']);
    let is_it = is_json && text.contains("\"resourceTypeGeneral\"") && text.contains("\"doi\"");
    is_it.then_some(("JSON from DataCite", "take the same works from DataCite as CSL JSON, RIS or BibTeX"))
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn extension_of(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, head: &[u8]) -> Option<String> {
        unread(Path::new(name), head)
    }

    #[test]
    fn bibliographies_are_named_with_what_to_do_instead() {
        let cases: [(&str, &[u8], &str, &str); 29] = [
            ("refs.enl", b"\0\x01binary", "an EndNote library", "RIS"),
            ("Refs.ENLX", b"PK\x03\x04", "an EndNote library", "RIS"),
            ("zotero.sqlite", b"SQLite format 3\0", "Zotero's own database", "CSL JSON"),
            ("me@example.org@www.mendeley.com.sqlite", b"SQLite format 3\0", "Mendeley", "BibTeX"),
            ("p.ctv6", b"x", "a Citavi project", "RIS"),
            ("savedrecs.txt", b"\xef\xbb\xbfPT\tAU\tBA\tTI\nJ\tFinch", "tab-delimited", "plain text"),
            ("a.csv", b"\"Key\",\"Item Type\",\"Publication Year\",\"Author\",\"Title\"\n", "Zotero (CSV)", "RIS"),
            ("a.csv", b"Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume\n", "Scopus", "RIS"),
            ("a.csv", b"PMID,Title,Authors,Citation,First Author,Journal/Book\n", "PubMed (CSV)", ".nbib"),
            ("a.csv", b"\"Document Title\",Authors,\"Publication Title\",Date,\"Publication Year\"", "IEEE", "RIS"),
            ("a.csv", b"Cites,Authors,Title,Year,Source,Publisher", "Publish or Perish", "RIS"),
            ("a.rdf", b"<rdf:RDF xmlns:z=\"http://www.zotero.org/namespaces/export#\">", "RDF from Zotero", "RIS"),
            (
                "a.xml",
                b"<?xml version=\"1.0\"?>\n<bibtex:file xmlns:bibtex=\"http://bibtexml.sf.net/\">",
                "BibTeXML",
                "BibTeX",
            ),
            ("a.xml", b"<collection xmlns=\"http://www.loc.gov/MARC21/slim\">", "MARCXML", "MODS"),
            ("a.xml", b"<zs:r><zs:recordSchema>info:srw/schema/1/marcxml-v1.1</zs:recordSchema>", "MARCXML", "MODS"),
            ("a.xml", b"<?xml version=\"1.0\"?>\n<doi_records>\n <doi_record>", "Crossref's XML", "JSON"),
            ("a.xml", b"<resource xmlns=\"http://datacite.org/schema/kernel-4\">", "DataCite's XML", "CSL JSON"),
            ("a.txt", b"<1. >\nVN  - Ovid Technologies\nTI  - Voles", "text from Ovid", "RIS"),
            ("a.txt", b"<8>\nAccession Number\n  7\nAuthor\n  Finch, A\nTitle\n  Voles", "text from Ovid", "RIS"),
            (
                "a.json",
                b"{\"doi\": \"10.1000/x\", \"types\": {\"resourceTypeGeneral\": \"Software\"}}",
                "JSON from DataCite",
                "CSL JSON",
            ),
            ("a.txt", b"RT Journal Article\nSR Electronic\nID 7\nA1 Finch, Ada\nT1 Voles", "RefWorks", "RIS"),
            ("a.bib", b"<!DOCTYPE html><title>Sign in</title>", "named as BibTeX but is a web page", "download"),
            ("a.ris", b"\0\x05\0", "named as RIS but is not text", "export"),
            (
                "a.bib",
                b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n",
                "Git LFS",
                "git lfs pull",
            ),
            ("a.bib.gz", b"/annex/objects/SHA256E-s3--f5.bib\n", "git-annex", "git annex get"),
            ("a.ris", b"<<<<<<< HEAD\nprose\n=======\nverse\n>>>>>>> b\n", "merge conflict", "resolve"),
            ("a.nbib", b"1. Finch A. Voles. J Marsh Biol.", "named as MEDLINE but begins with “1. Finch", "export"),
            ("CITATION.cff", b"cite me\n", "named as CITATION.cff but begins with “cite me”", "rename"),
            ("a.ciw", b"prose\n", "named as Web of Science but begins with “prose”", "rename"),
        ];
        for (name, head, what, instead) in cases {
            let said = said(name, head).unwrap_or_default();
            assert!(said.contains(what) && said.contains(instead), "{name}: {said}");
            assert!(
                may_be_unread(Path::new(name))
                    || Path::new(name).extension().is_some_and(|it| it == "txt" || it == "json"),
                "{name}"
            );
        }
    }

    #[test]
    fn ordinary_files_are_left_alone() {
        let cases: [(&str, &[u8]); 17] = [
            ("README.txt", b"Read me first."),
            ("package.json", b"{\"name\":\"x\"}"),
            ("data.xml", b"<?xml version=\"1.0\"?><data><title>x</title></data>"),
            ("data.csv", b"Title,Year,Author\nx,1,y"),
            ("people.csv", b"Authors,Title\n"),
            ("a.tsv", b"PT\tvalue\n"),
            ("app.sqlite", b"SQLite format 3\0"),
            ("graph.rdf", b"<rdf:RDF xmlns:foaf=\"http://xmlns.com/foaf/0.1/\">"),
            ("a.bib", b""),
            ("a.bib", b"\xef\xbb\xbf\n% nothing yet\n  % still nothing\n"),
            ("a.ris", b"\r\n \r\n"),
            ("notes.md", b"PMID,Title,Authors,Citation in prose"),
            ("rt.txt", b"<1>\nTitle\nof a list"),
            ("works.json", b"{\"doi\": \"10.1000/x\", \"title\": \"x\"}"),
            ("rt.txt", b"RT if you agree\nwith me"),
            ("image.png", b"\x89PNG"),
            ("a.yaml", b"a: b"),
        ];
        for (name, head) in cases.iter().filter(|(name, _)| *name != "notes.md") {
            assert_eq!(said(name, head), None, "{name}");
        }
        assert!(!may_be_unread(Path::new("notes.md")) && !may_be_unread(Path::new("app.sqlite")));
    }

    #[test]
    fn packed_bibliographies_are_told_by_their_names() {
        for (name, expected) in [("a.bib.gz", true), ("a.ris.zst", true), ("a.jsonl.gz", false), ("a.gz", false)] {
            assert_eq!(is_packed(name), expected, "{name}");
        }
    }
}
