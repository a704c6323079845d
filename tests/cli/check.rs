//! `ibid check`: what it says of notes, and in which forms.

use serde_json::json;

use crate::support::{Bench, shown};
use crate::{PAGE, SECOND_PAGE, parsed};

const CHECKED: [(&str, &str); 5] = [
    ("one.txt", PAGE),
    ("two.txt", SECOND_PAGE),
    ("good.md", "[[LoRA]] and [[my idea]]\n"),
    ("sub/bad, 1.md", "line\n🐋 ü [[Orca]]\n"),
    ("sub/typo.md", "[[my idea]] [[LoRA: Low-Rank Adaptasion]]\n"),
];

#[test]
fn check_tells_what_is_wrong_and_where() {
    let bench = Bench::new(&CHECKED);
    let ran = bench.run(&["check"]);
    assert_eq!(ran.status, 1);
    let lines: Vec<&str> = ran.output.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with(&shown("sub/bad, 1.md:2:7: warning: 2 papers answer to “Orca”: ")), "{lines:?}");
    assert!(lines[0].ends_with(" [ambiguous]"), "{lines:?}");
    assert!(lines[1].starts_with(&shown("sub/typo.md:1:15: ")), "{lines:?}");
    let good = bench.run(&["check", "good.md"]);
    assert_eq!((good.status, good.output.as_str(), good.errors.as_str()), (0, "", ""));
    assert_eq!(bench.run(&["check", "sub"]).output, ran.output);
    assert_eq!(bench.run(&["check", "sub", "sub/bad, 1.md"]).output.lines().count(), 2);
    let gone = bench.run(&["check", "gone.md"]);
    assert_eq!((gone.status, gone.errors.lines().count()), (2, 1));
    bench.write(
        "ibid.toml",
        "[diagnostics]\nunresolved = \"off\"\n[diagnostics.severity]\nambiguous = \"information\"\n",
    );
    let mild = bench.run(&["check"]);
    assert_eq!((mild.status, mild.output.lines().count()), (0, 1), "{}", mild.output);
}

#[test]
fn check_speaks_json_sarif_and_to_github() {
    let bench = Bench::new(&CHECKED[..4]);
    let found = parsed(&bench.run(&["check", "--json"]));
    let expected = json!([{
        "path": bench.root().join("sub").join("bad, 1.md"),
        "line": 2,
        "column": 7,
        "severity": "warning",
        "code": "ambiguous",
        "message": found[0]["message"],
    }]);
    assert_eq!(found, expected);
    assert_eq!(parsed(&bench.run(&["check", "--format", "json"])), expected);
    assert_eq!(parsed(&bench.run(&["check", "--json", "good.md"])), json!([]));
    let github = bench.run(&["check", "--format", "github"]);
    assert!(github.output.starts_with("::warning file=sub/bad%2C 1.md,line=2,col=7::2 papers"), "{}", github.output);
    assert_eq!(github.status, 1);
    let sarif = parsed(&bench.run(&["check", "--format", "sarif"]));
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("ambiguous"), &json!("warning")));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({"uri": "sub/bad,%201.md", "uriBaseId": "SRCROOT"}));
    assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 11}));
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == "ambiguous"));
}
