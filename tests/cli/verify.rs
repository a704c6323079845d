//! `ibid verify`: references held against what the papers know.

use serde_json::json;

use crate::parsed;
use crate::support::{Bench, shown};

const VERIFIED: [(&str, &str); 4] = [
    (
        "known.bib",
        "@article{w, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo}, year = 2019}\n",
    ),
    (
        "draft/paper.bib",
        "@article{one, title = {Listening to the whales of the northern seas}, author = {A. Gull and B. Tern}, year = 2019}\n\
         @article{two, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo}, year = 2011}\n\
         @article{three, title = {Listening to the Whales of the Northern Seas}, author = {Doe, John}, year = 2019}\n\
         @article{four, title = {Something That Nobody Knows of at All}, author = {Doe, John}, year = 2019}\n",
    ),
    (
        "note.md",
        "# N\n\n## References\n\n1. Gull, A., & Tern, B. (2012). Listening to the whales of the northern seas.\n",
    ),
    ("good.md", "## References\n\n- Ann Gull and Bo Tern. 2019. Listening to the Whales of the Northern Seas.\n"),
];

#[test]
fn verify_tells_facts_from_form() {
    let bench = Bench::new(&VERIFIED);
    // The entries of the draft are no evidence for each other.
    let found = parsed(&bench.run(&["verify", "--json", "draft/paper.bib"]));
    let verdicts: Vec<&str> = found.as_array().unwrap().iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["confirmed", "differs", "contradicted", "unknown"]);
    let evidence = json!([{"path": bench.root().join("known.bib"), "line": 1}]);
    let expected = json!({
        "path": bench.root().join("draft").join("paper.bib"),
        "line": 2,
        "key": "two",
        "verdict": "differs",
        "fields": [{"field": "year", "given": "2011", "known": "2019"}],
        "evidence": evidence,
    });
    assert_eq!(found[1], expected);
    let ran = bench.run(&["verify", "draft/paper.bib"]);
    assert_eq!(ran.status, 1);
    let lines: Vec<&str> = ran.output.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], shown("draft/paper.bib:2: differs: two: year: “2011” is “2019” there (known.bib:1)"));
    assert_eq!(lines[2], "4 references: 1 confirmed, 1 differ, 1 contradicted, 1 not found in what ibid knows");
    assert_eq!(bench.run(&["verify", "--all", "draft/paper.bib"]).output.lines().count(), 5);
}

#[test]
fn verify_reads_references_in_notes() {
    let bench = Bench::new(&[VERIFIED[0], VERIFIED[2], VERIFIED[3]]);
    let ran = bench.run(&["verify", "note.md"]);
    assert_eq!(ran.status, 1, "{}", ran.output);
    assert!(ran.output.starts_with("note.md:5: differs: "), "{}", ran.output);
    let good = bench.run(&["verify", "good.md"]);
    assert_eq!((good.status, good.output.lines().count()), (0, 1), "{}", good.output);
    // All bibliographies and notes of the root.
    assert_eq!(parsed(&bench.run(&["verify", "--json"])).as_array().unwrap().len(), 3);
    let sarif = parsed(&bench.run(&["verify", "--format", "sarif"]));
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("reference-differs"), &json!("warning")));
    assert_eq!(bench.run(&["verify", "gone.bib"]).status, 2);
    assert_eq!(Bench::new(&[VERIFIED[2]]).run(&["verify"]).status, 2, "there are no papers");
}

#[test]
fn verify_puts_right_what_is_certain_and_nothing_else() {
    const WHALES: &str = "title = {Listening to the Whales of the Northern Seas}";
    let known = format!(
        "@article{{w, {WHALES}, author = {{Gull, Ann and Tern, Bo}}, year = 2019, doi = {{10.1000/whales_1}}}}\n\
         @article{{s, title = {{Counting Seals from Satellites at Night}}, author = {{Auk, Cy and Tern, Bo}}, year = 2015, \
         doi = {{10.1000/seals}}}}\n"
    );
    let people = "author = {Gull, Ann and Tern, Bo}";
    let entries = [
        // The month stays, and so does the spelling of the address.
        (
            "{WHALES}, {people},\r\n  date = {2011-03}, year = 2011,  doi = {https://doi.org/10.1000/WHALES_1} % mine\r\n",
            "{WHALES}, {people},\r\n  date = {2019-03}, year = 2019,  doi = {https://doi.org/10.1000/WHALES_1} % mine\r\n",
        ),
        (
            "{WHALES}, {people}, year = \"2019\", doi = \"doi:10.1000/seals\"",
            "{WHALES}, {people}, year = \"2019\", doi = \"doi:10.1000/whales_1\"",
        ),
        // A report of the same title by the same people may be another one.
        ("{WHALES}, {people}, year = 2011", ""),
        // Two facts, and a range of dates.
        ("{WHALES}, author = {Gull, Ann}, year = 2011, doi = {10.1000/whales_1}", ""),
        ("{WHALES}, {people}, date = {2011/2012}, doi = {10.1000/whales_1}", ""),
        ("{WHALES}, {people}, year = 2019, url = {https://doi.org/10.1000/seals}", ""),
    ];
    let draft = |is_corrected: bool| -> String {
        let entries = entries.iter().enumerate().map(|(number, (before, after))| {
            let fields = if is_corrected && !after.is_empty() { after } else { before };
            format!("@article{{k{number}, {}}}\r\n\r\n", fields.replace("{WHALES}", WHALES).replace("{people}", people))
        });
        format!("% Grüße\r\n{}", entries.collect::<String>())
    };
    let before = draft(false);
    let bench = Bench::new(&[("known.bib", &known), ("draft.bib", &before)]);
    let file = bench.root().join("draft.bib");
    let read = || std::fs::read_to_string(&file).unwrap();
    assert_eq!(bench.run(&["verify", "draft.bib"]).status, 1);
    assert_eq!(read(), before, "nothing is written unasked");
    let ran = bench.run(&["verify", "--fix", "draft.bib"]);
    assert_eq!(read(), draft(true));
    assert_eq!(ran.status, 1, "the others are still wrong");
    assert!(!ran.output.contains("k0") && !ran.output.contains("k1") && ran.output.contains("k2"), "{}", ran.output);
    bench.run(&["verify", "--fix", "draft.bib"]);
    assert_eq!(read(), draft(true), "there is nothing more to do");
}
