//! One file of each format in one folder, as a researcher may keep them.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;
use support::Bench;

/// The sample files, with what `ibid index` says of each.
const FILES: [(&str, &str); 21] = [
    ("CITATION.cff", "CITATION.cff"),
    ("arxiv.jsonl", "arXiv"),
    ("better.json", "Better BibTeX"),
    ("catalogue.mods", "MODS"),
    ("crossref.json", "Crossref"),
    ("daily.json", "daily papers"),
    ("dblp.xml", "DBLP XML"),
    ("endnote.enw", "EndNote tagged"),
    ("endnote.xml", "EndNote XML"),
    ("export.ris", "RIS"),
    ("library.bib", "BibTeX"),
    ("openalex.jsonl", "OpenAlex"),
    ("papers.txt", "listing page"),
    ("pubmed.nbib", "MEDLINE"),
    ("pubmed.xml", "PubMed XML"),
    ("references.yaml", "CSL-YAML"),
    ("retractions.csv", "Retraction Watch"),
    ("savedrecs.txt", "Web of Science"),
    ("semantic-scholar.jsonl", "Semantic Scholar"),
    ("typst.yml", "Hayagriva"),
    ("zotero.json", "CSL-JSON"),
];

fn sample(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name)).unwrap()
}

fn all() -> Bench {
    let texts: Vec<(&str, String)> = FILES.iter().map(|(name, _)| (*name, sample(name))).collect();
    Bench::new(&texts.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>())
}

fn show(bench: &Bench, name: &str) -> Value {
    let ran = bench.run(&["show", "--json", name]);
    serde_json::from_str(&ran.output).unwrap_or_else(|error| panic!("{name}: {error}: {}{}", ran.output, ran.errors))
}

#[test]
fn every_format_has_a_line_and_all_add_up() {
    let bench = all();
    let ran = bench.run(&["index"]);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{}", ran.output);
    let lines: Vec<&str> = ran.output.lines().collect();
    for ((name, format), line) in FILES.iter().zip(&lines) {
        assert!(line.starts_with(name) && line.contains(format), "{line}");
    }
    let totals = lines.last().unwrap();
    assert!(totals.starts_with("37 records, 33 papers, 21 files, 0 problems, "), "{totals}");
}

#[test]
fn a_paper_of_several_files_is_one_with_all_they_say() {
    let bench = all();
    let orca = show(&bench, "Orca");
    assert_eq!(orca["ids"]["arxiv"], "2306.02707");
    assert_eq!((orca["ids"]["key"].as_str(), orca["comments"].as_u64()), (Some("mukherjee2023orca"), Some(18)));
    assert_eq!(orca["sources"].as_array().unwrap().len(), 2);
    assert!(orca["abstract"].as_str().unwrap().contains("step-by-step"));
    let lora = show(&bench, "lora");
    assert_eq!((lora["ids"]["arxiv"].as_str(), lora["author_count"].as_u64()), (Some("2106.09685"), Some(2)));
    let attention = show(&bench, "@vaswani2017attention");
    assert_eq!(attention["ids"]["arxiv"], "1706.03762");
    assert_eq!(attention["abstract"], "A network of attention alone translates better.");
}

#[test]
fn every_record_is_found_at_its_very_line() {
    let bench = all();
    let places = [
        ("vaswani2017attention", "library.bib", 11),
        ("devlin2019bert", "zotero.json", 2),
        ("10.1038/nature14539", "zotero.json", 13),
        ("kingma2015adam", "references.yaml", 3),
        ("hochreiter1997", "references.yaml", 13),
        ("touvron2023llama", "better.json", 6),
        ("10.1038/nature16961", "export.ris", 2),
        ("10.1234/kestrel.2019.08", "pubmed.nbib", 12),
        ("tern2017dusk", "endnote.enw", 2),
        ("Voles and their enemies", "endnote.enw", 22),
        ("10.1234/heron.2016", "savedrecs.txt", 8),
        ("hep-th/9901001", "arxiv.jsonl", 2),
        ("2305.14314", "daily.json", 2),
        ("10.1109/cvpr.2016.90", "openalex.jsonl", 1),
        ("10.1007/978-3-030-01246-5_2", "crossref.json", 5),
        ("10.5555/tides.2019.12", "pubmed.xml", 18),
        ("ostrom2011growth", "endnote.xml", 1),
        ("brand1911", "catalogue.mods", 4),
        ("10.5555/marsh.24.61", "catalogue.mods", 25),
        ("DBLP:journals/invj/TernM21", "dblp.xml", 7),
        ("2001.00001", "dblp.xml", 18),
        ("rook2018tides", "typst.yml", 2),
        ("heron1994", "typst.yml", 17),
        ("10.5555/tidelib.2022", "CITATION.cff", 3),
        ("10.5555/shores.11.101", "CITATION.cff", 13),
        ("10.5555/harbours.2015.3", "CITATION.cff", 26),
        ("10.5555/shores.77", "retractions.csv", 2),
        ("Voles that never were", "retractions.csv", 4),
    ];
    for (name, file, line) in places {
        let paper = show(&bench, name);
        let found: Vec<(&str, u64)> = paper["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| {
                let path = Path::new(source["path"].as_str().unwrap());
                (path.file_name().unwrap().to_str().unwrap(), source["line"].as_u64().unwrap())
            })
            .collect();
        assert!(found.contains(&(file, line)), "{name}: {found:?}");
    }
}

#[test]
fn retracted_papers_are_told_wherever_they_are_cited() {
    let library = "@article{finch2016, title = {Gulls, Terns and the Price of Fresh Fish}, doi = {10.5555/SHORES.77}}\n\
        @article{heron2018, author = {Heron, Cy}, title = {Voles that never were}, year = 2018}\n\
        @article{rook2015, title = {Dunes reconsidered}, doi = {10.5555/shores.60}}\n";
    let note = "[@finch2016] [@heron2018] [@rook2015] [[10.5555/shores.77]]\n";
    let bench =
        Bench::new(&[("a.md", note), ("library.bib", library), ("retractions.csv", &sample("retractions.csv"))]);
    let found = |arguments: &[&str]| -> Vec<(u64, u64, String, String)> {
        let ran = bench.run(&[&["check", "--json"], arguments].concat());
        let list: Value = serde_json::from_str(&ran.output).unwrap();
        let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
        let row = |it: &Value| {
            let place = (it["line"].as_u64().unwrap(), it["column"].as_u64().unwrap());
            (place.0, place.1, text(it, "severity"), text(it, "message"))
        };
        list.as_array().unwrap().iter().map(row).collect()
    };
    let retracted = "“Gulls, Terns and the Price of Fresh Fish” was retracted (Apr 17, 2020): Concerns/Issues About Data; Euphemisms \
        for Plagiarism, as retractions.csv says.";
    let doubted = "There is an expression of concern about “Voles that never were” (Mar 2, 2021): Concerns/Issues About Image, as \
        retractions.csv says.";
    let (warning, information) = ("warning".to_owned(), "information".to_owned());
    assert_eq!(
        found(&["a.md"]),
        [
            (1, 3, warning.clone(), retracted.to_owned()),
            (1, 16, information.clone(), doubted.to_owned()),
            (1, 41, warning.clone(), retracted.to_owned()),
        ]
    );
    assert_eq!(
        found(&["library.bib"]),
        [(1, 1, warning, retracted.to_owned()), (2, 1, information, doubted.to_owned())]
    );
    // Without arguments the bibliographies of the root are looked at as well.
    assert_eq!(found(&[]), [found(&["a.md"]), found(&["library.bib"])].concat());
    let card = bench.run(&["show", "finch2016"]).output;
    assert!(
        card.contains("Retracted (Apr 17, 2020)") && card.contains("https://doi.org/10.5555/shores.notice.9"),
        "{card}"
    );
    assert!(card.contains("doi 10.5555/SHORES.77"), "{card}");
    let card = bench.run(&["show", "rook2015"]).output;
    assert!(card.contains("Reinstated (Jul 1, 2019)") && !card.contains("Retracted"), "{card}");
    let titles = |query: &str| -> Vec<String> {
        let list: Value = serde_json::from_str(&bench.run(&["search", "--json", query]).output).unwrap();
        list.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles("gulls terns"), ["Gulls, Terns and the Price of Fresh Fish"]);
}

#[test]
fn papers_that_only_a_list_of_notices_has_are_not_offered() {
    let bench = Bench::new(&[("retractions.csv", &sample("retractions.csv"))]);
    for query in ["gulls", "price fresh fish", "finch", "10.5555"] {
        assert_eq!(bench.run(&["search", "--json", query]).output.trim(), "[]", "{query}");
    }
    for name in ["10.5555/shores.77", "Gulls, terns and the price of \"fresh\" fish"] {
        assert_eq!(show(&bench, name)["ids"]["doi"], "10.5555/shores.77", "{name}");
    }
}

#[test]
fn a_compressed_file_gives_the_same_papers() {
    let bench = Bench::new(&[("note.md", "")]);
    let mut file = flate2::write::GzEncoder::new(
        fs::File::create(bench.root().join("dump.jsonl.gz")).unwrap(),
        flate2::Compression::default(),
    );
    file.write_all(sample("arxiv.jsonl").as_bytes()).unwrap();
    file.finish().unwrap();
    assert_eq!(show(&bench, "LoRA")["ids"]["arxiv"], "2106.09685");
    assert_eq!(show(&bench, "hep-th/9901001")["title"], "An Old Paper with α");
}

#[test]
fn an_answer_saved_as_it_is_gives_papers_with_their_lines() {
    let bench = Bench::new(&[
        (
            "search.json",
            "{\n  \"total\": 2,\n  \"data\": [\n    {\n      \"paperId\": \"a\",\n      \"title\": \"Whales: A Survey\"\n    },\n    \
             {\n      \"paperId\": \"b\",\n      \"title\": \"Krill: A Survey\"\n    }\n  ]\n}\n",
        ),
        (
            "works.json",
            "{\"meta\":{\"count\":1},\n\"results\":[{\"id\":\"https://openalex.org/W1\",\"title\":\"Squid: A Survey\"}],\"group_by\":[]}",
        ),
        (
            "refs.yaml",
            "references: [{id: ice, title: 'Ice: A Survey', type: book},\n  {id: sea, title: Sea, type: book}]\n",
        ),
    ]);
    for (name, file, line) in
        [("Whales", "search.json", 4), ("Krill", "search.json", 8), ("Squid", "works.json", 2), ("sea", "refs.yaml", 2)]
    {
        let paper = show(&bench, name);
        let source = &paper["sources"][0];
        assert!(source["path"].as_str().unwrap().ends_with(file), "{name}: {source}");
        assert_eq!(source["line"], line, "{name}");
    }
    let index = bench.run(&["index"]);
    assert!(index.output.contains("5 records, 5 papers, 3 files, 0 problems, "), "{}", index.output);
}

#[test]
fn a_bibliography_that_is_not_read_is_a_problem_with_its_reason() {
    let bench = Bench::new(&[
        ("README.txt", "Read me first."),
        ("data.csv", "Title,Year\nx,1\n"),
        ("empty.ris", "\n"),
        ("library.bib", "@book{voles, title = {All About Voles}}\n"),
        ("package.json", "{\"name\":\"x\"}"),
        ("savedrecs.txt", "\u{feff}PT\tAU\tTI\nJ\tFinch, A\tVoles\n"),
        ("scopus.csv", "Authors,Title,Year,Source title\nFinch A,Voles,2020,Marsh\n"),
    ]);
    fs::write(bench.root().join("refs.enl"), b"\0\x01\x02").unwrap();
    let mut packed = flate2::write::GzEncoder::new(
        fs::File::create(bench.root().join("old.bib.gz")).unwrap(),
        flate2::Compression::default(),
    );
    packed.write_all(b"@book{old, title = {Old Voles}}").unwrap();
    packed.finish().unwrap();
    let index = bench.run(&["index", "--json"]);
    let report: Value = serde_json::from_str(&index.output).unwrap();
    let problems: Vec<(&str, &str)> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["path"].as_str().unwrap().rsplit(['/', '\\']).next().unwrap(), it["message"].as_str().unwrap()))
        .collect();
    assert_eq!((index.status, report["records"].as_u64()), (1, Some(1)), "{problems:?}");
    let expected = [
        ("old.bib.gz", "is compressed, so it was not read; unpack it or name it in corpus.paths"),
        ("refs.enl", "is an EndNote library, which ibid does not read; in EndNote, choose File"),
        ("savedrecs.txt", "is a table from Web of Science (tab-delimited), which ibid does not read; export"),
        ("scopus.csv", "is a table from Scopus (CSV), which ibid does not read; export the records as RIS or BibTeX"),
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for ((name, message), (expected_name, expected)) in problems.iter().zip(expected) {
        assert!(*name == expected_name && message.starts_with(expected), "{name}: {message}");
    }
    let doctor = bench.run(&["doctor"]);
    assert!(doctor.status == 1 && doctor.output.contains("refs.enl: is an EndNote library"), "{}", doctor.output);
    let search = bench.run(&["search", "voles"]);
    assert_eq!((search.status, search.errors.as_str()), (0, ""));
    fs::write(bench.root().join("ibid.toml"), "corpus.paths = [\"old.bib.gz\"]\n").unwrap();
    assert_eq!(show(&bench, "Old Voles")["ids"]["key"], "old");
}
