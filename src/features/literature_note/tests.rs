#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::features::edits::tests::Fixture;
use crate::features::{check_notes, diagnostics};

fn planned(fixture: &Fixture, name: &str, template: Option<&str>) -> NewFile {
    let files =
        plan_literature_note(&fixture.snapshot, &fixture.paper(name), fixture.folder.path(), template, "2024-05-31");
    files.unwrap().remove(0)
}

#[test]
fn a_new_note_names_its_paper_and_is_found_again() {
    let fixture = Fixture::new(&[], "");
    for (name, path) in [("Orca", "mukherjee2023.md"), ("LoRA", "hu2021.md"), ("Keyless", "Keyless.md")] {
        let file = planned(&fixture, name, None);
        assert_eq!(file.path, fixture.folder.path().join("papers").join(path));
        assert!(is_literature_note(&fixture.snapshot, Path::new("any.md"), &file.text, &fixture.paper(name)));
        let other = if name == "LoRA" { "Orca" } else { "LoRA" };
        assert!(!is_literature_note(&fixture.snapshot, &file.path, &file.text, &fixture.paper(other)));
    }
    assert_eq!(
        planned(&fixture, "Orca", None).text,
        "---\ntitle: \"Orca: Progressive Learning from Complex Explanation Traces\"\narxiv: \"2306.02707\"\n\
         citekey: \"mukherjee2023\"\n---\n\n# Orca: Progressive Learning from Complex Explanation Traces\n\n\
         Subhabrata Mukherjee, Arindam Mitra, 2023\n\n[[Orca]]\n<https://arxiv.org/abs/2306.02707>\n\n## Notes\n\n"
    );
    assert!(
        planned(&fixture, "Keyless", None).text.starts_with("---\ntitle: \"Keyless: A Paper without a Key\"\n---\n")
    );
}

#[test]
fn the_users_template_is_filled_and_gets_what_it_lacks() {
    let fixture = Fixture::new(&[], "");
    let plain =
        planned(&fixture, "LoRA", Some("# {{ short_title }} ({{year}}) {{nothing}} {{key}}\n{{arxiv}}\n{{today}}\n"));
    assert_eq!(
        plain.text,
        "---\ndoi: \"10.1000/lora\"\ncitekey: \"hu2021\"\n---\n\n# LoRA (2021) {{nothing}} hu2021\n2024-05-31\n"
    );
    let given = "---\r\ntags: [paper]\r\ncitekey: {{key}}\r\nname: 'On {{title}}'\r\neprint: {{arxiv}}\r\n---\r\n{{file_name}}\r\n";
    assert_eq!(
        planned(&fixture, "LoRA", Some(given)).text,
        "---\r\ndoi: \"10.1000/lora\"\r\ntags: [paper]\r\ncitekey: \"hu2021\"\r\nname: 'On LoRA: Low-Rank Adaptation'\r\n\
         ---\r\nhu2021\r\n"
    );
    let toml = "+++\ndoi = {{doi}}\n+++\n";
    assert_eq!(planned(&fixture, "LoRA", Some(toml)).text, "+++\ncitekey = \"hu2021\"\ndoi = \"10.1000/lora\"\n+++\n");
}

#[test]
fn new_notes_are_called_and_lie_as_the_user_says() {
    let path_of = |toml: &str, notes: &[(&str, &str)], name: &str| {
        let fixture = Fixture::new(notes, toml);
        let file = planned(&fixture, name, None);
        let paper = fixture.paper(name);
        assert!(is_literature_note(&fixture.snapshot, &file.path, &file.text, &paper), "{}", file.path.display());
        file.path.strip_prefix(fixture.folder.path()).unwrap().to_string_lossy().replace('\\', "/")
    };
    let named = |template: &str, name: &str| path_of(&format!("literature_notes.name = '{template}'"), &[], name);
    let cases = [
        ("@{{key}}", "Orca", "papers/@mukherjee2023.md"),
        ("@{{key}}.md", "Orca", "papers/@mukherjee2023.md"),
        ("{{year}} {{ title }}", "LoRA", "papers/2021 LoRA Low-Rank Adaptation.md"),
        ("../x/{{key}}", "Orca", "papers/-x-mukherjee2023.md"),
        ("con", "Orca", "papers/_con.md"),
        // What a paper has nothing for names no note of it.
        ("@{{key}}", "Keyless", "papers/Keyless.md"),
        ("{{doi}}", "Orca", "papers/mukherjee2023.md"),
        ("{{nothing}}", "Orca", "papers/mukherjee2023.md"),
        ("..", "Orca", "papers/mukherjee2023.md"),
    ];
    for (template, name, expected) in cases {
        assert_eq!(named(template, name), expected, "{template}");
    }
    let others = [
        ("lit/@hu2021.md", ""),
        ("lit/@peak1.md", ""),
        ("inbox/x.md", "---\ndoi: 10.1000/other\n---\n"),
        ("a.md", "[[LoRA]]"),
    ];
    assert_eq!(path_of("", &others, "Orca"), "lit/@mukherjee2023.md");
    assert_eq!(path_of("literature_notes.folder = 'mine'", &others, "Orca"), "mine/@mukherjee2023.md");
    assert_eq!(path_of("literature_notes.name = '{{key}}'", &others, "Orca"), "lit/mukherjee2023.md");
    // Where there is no majority, nothing follows from the others.
    assert_eq!(path_of("", &others[1..3], "Orca"), "papers/@mukherjee2023.md");
}

#[test]
fn text_from_a_corpus_stays_text() {
    let title = "Evil \\\"x\\\" [[Orca]] @hu2021 {{doi}} <b>: y' # z";
    let bib = format!("@misc{{evil, title = {{{title}}}, abstract = {{---\\n`a` [b](c) ![[d]]}}}}\n");
    let fixture = Fixture::new(&[("corpus/evil.bib", &bib)], "");
    let template =
        "---\ntitle: {{title}}\nquoted: \"{{title}}\"\nbeside: on {{title}}\n---\n# {{title}}\n\n{{abstract}}\n";
    let file = planned(&fixture, "evil", Some(template));
    let parsed = crate::notes::parse(&file.text);
    assert_eq!(parsed.citations, [], "{}", file.text);
    let front = &file.text[parsed.front_matter.unwrap()];
    assert_eq!(front.lines().filter(|line| line.starts_with("title: ")).count(), 1);
    assert!(front.lines().all(|line| line == "---" || line.contains(": ")), "{front}");
    assert!(is_literature_note(&fixture.snapshot, &file.path, &file.text, &fixture.paper("evil")));
    let quoted = front.lines().find_map(|line| line.strip_prefix("quoted: ")).unwrap();
    assert_eq!(quoted.matches('"').count(), 2, "{quoted}");
}

/// What some program or other takes for mark-up, a citation or a command.
const MARKUP: [&str; 24] = [
    "@orca",
    "-@orca",
    "me@orca.org",
    "%%x%%",
    "%%",
    "==x==",
    "[[Orca]]",
    "![[Orca]]",
    "[@orca]",
    "[a](b)",
    "[^1]",
    "^[x]",
    "x^2^",
    "H~2~O",
    "#tag",
    "{{title}}",
    "{{doi}}",
    "{.class}",
    "arXiv:2306.02707",
    "doi:10.1000/lora",
    "<b>x</b>",
    "$x$",
    "<!--",
    "https://doi.org/10.1000/lora",
];

#[test]
fn nothing_of_a_paper_is_mark_up_in_its_note() {
    let others = MARKUP.iter().cycle().skip(7);
    let pieces = MARKUP.iter().zip(others).map(|(one, other)| format!("{one} {other}x{one}"));
    let papers: Vec<serde_json::Value> = pieces
        .enumerate()
        .map(|(at, piece)| {
            let author = serde_json::json!([{"family": piece, "given": piece}, {"literal": piece}]);
            serde_json::json!({"id": format!("odd{at}"), "type": "book", "title": piece, "abstract": piece, "author": author})
        })
        .collect();
    let fixture = Fixture::new(&[("corpus/odd.json", &serde_json::to_string(&papers).unwrap())], "");
    let template = "# {{title}}\n\n{{authors}}\n\n{{abstract}}\n\n{{description}}\n";
    for at in 0..papers.len() {
        for template in [None, Some(template)] {
            let text = planned(&fixture, &format!("odd{at}"), template).text;
            let parsed = crate::notes::parse(&text);
            let cited: Vec<&str> = parsed.citations.iter().map(|citation| &text[citation.range.clone()]).collect();
            // The built-in note cites its own paper, in front matter by its key.
            assert!(cited.len() <= usize::from(template.is_none()), "{cited:?} in {text}");
            let body = &text[parsed.front_matter.clone().map_or(0, |range| range.end)..];
            let others = body.lines().filter(|line| !line.starts_with("[["));
            for (sign, line) in
                ["%%", "==", "{{", "[[", " @", " #t"].iter().flat_map(|sign| others.clone().map(move |it| (sign, it)))
            {
                assert!(!line.contains(sign), "{sign} in {text}");
            }
        }
    }
}

/// Titles with what YAML and TOML read as their own.
const AWKWARD_TITLES: [&str; 12] = [
    "Plain",
    "Colons: and # hashes",
    "- a list item",
    "? a key",
    "{\\textasciitilde} nothing, {or} [much]",
    "It's O'Neill's",
    "\"Quoted\" at the start",
    "Both 'kinds' of \"quotes\": here",
    "back{\\textbackslash}slash and \\% \\& * ! | > @ `",
    "--- three dashes ...",
    "true",
    "Ünïcode 漢字 — dashes",
];

const TEMPLATES: [&str; 14] = [
    "# {{title}}\n",
    "---\n---\n",
    "---\ndoi: {{doi}}\n---\n",
    "---\ndoi:\n---\n",
    "---\ndoi: mine\narxiv: \"\"\ncitekey: mine\ntitle: mine\n---\n",
    "---\n\"doi\" : {{doi}}\n'arxiv': {{arxiv}}\n---\n",
    "---\ntitle: \"{{title}}\"\nsame: '{{title}}'\nbeside: on {{title}}\n---\n",
    "---\nfirst: {{title}} first\nitems:\n  - {{title}}\n  - by {{authors}}\n---\n",
    "---\nabout: it's {{title}}\nit's: {{title}}\n---\n",
    "---\ntags: [paper, {{title}}, '{{title}}', \"{{authors}}\"]\n---\n",
    "---\nmap: {a: {{title}}, b: \"{{title}}\"}\n---\n",
    "---\nabstract: >\n  {{abstract}}\n# {{title}}\n---\n",
    "---\r\ntitle: {{title}}\r\nyear: {{year}}\r\nurl: {{url}}\r\ndate: {{date}}\r\n---\r\n",
    "---\ncitation: {{citation}}\nboth: {{doi}} {{title}}\nfile: {{file_name}}\ntoday: {{today}}\n---\n",
];

/// Papers with every awkward title; every other one has the DOI that arXiv gives to its papers.
fn awkward_papers() -> Fixture {
    let entry = |(number, title): (usize, &&str)| {
        let doi = if number % 2 == 0 {
            "10.48550/arXiv.2306.02707".replace("707", &format!("7{number:02}"))
        } else {
            format!("10.5555/x.{number}")
        };
        format!(
            "@article{{key{number}, title = {{{title}}}, author = {{O'Neill, Áine and {{A: Group}}}}, year = 2020, \
             doi = {{{doi}}}, abstract = {{{title}}}}}\n"
        )
    };
    let bib: String = AWKWARD_TITLES.iter().enumerate().map(entry).collect();
    Fixture::new(&[("corpus/awkward.bib", &bib)], "")
}

#[test]
fn the_front_matter_of_every_note_is_yaml() {
    let fixture = awkward_papers();
    let templates = TEMPLATES.iter().copied().map(Some).chain([None]);
    for template in templates {
        for (number, title) in AWKWARD_TITLES.iter().enumerate() {
            let paper = fixture.paper(&format!("key{number}"));
            let written = template::filled(&fixture.snapshot, &paper, "name", template, "2024-05-31");
            let text = written.replace("\r\n", "\n");
            let front = text.strip_prefix("---\n").and_then(|text| text.split_once("---\n")).unwrap().0;
            let read: serde_yaml::Mapping =
                serde_yaml::from_str(front).unwrap_or_else(|error| panic!("{title}, {template:?}: {error}\n{written}"));
            let get = |key: &str| read.get(key).and_then(serde_yaml::Value::as_str);
            if template.is_none() {
                // Where a title has both kinds of quotes, one is replaced.
                assert_eq!(get("title").map(lookup_key), Some(lookup_key(&paper.record.title)), "{written}");
            }
            if template.is_none_or(|template| !template.contains("mine") && !template.contains("doi:\n")) {
                // Where the template gives the address, that says which paper it is.
                let told = get("doi").or(get("url").and_then(|url| url.strip_prefix("https://doi.org/")));
                let is_arxiv = get("url").is_some_and(|url| url.contains("arxiv.org"));
                assert!(told == paper.record.shown_doi() || is_arxiv, "{template:?}\n{written}");
                assert!(is_literature_note(&fixture.snapshot, Path::new("any.md"), &written, &paper), "{written}");
            }
        }
    }
}

#[test]
fn the_front_matter_of_every_note_in_toml_is_toml() {
    let fixture = awkward_papers();
    for template in [
        "+++\n+++\n",
        "+++\ndoi = {{doi}}\n+++\n",
        "+++\ntitle = {{title}}\nsame = \"{{title}}\"\nlist = [\"{{title}}\", '{{authors}}']\n+++\n",
    ] {
        for number in 0..AWKWARD_TITLES.len() {
            let paper = fixture.paper(&format!("key{number}"));
            let written = template::filled(&fixture.snapshot, &paper, "name", Some(template), "2024-05-31");
            let front = written.strip_prefix("+++\n").and_then(|text| text.split_once("+++\n")).unwrap().0;
            let read: toml::Table = front.parse().unwrap_or_else(|error| panic!("{error}\n{written}"));
            assert_eq!(read["citekey"].as_str().unwrap(), format!("key{number}"));
        }
    }
}

#[test]
fn notes_are_found_by_what_they_say_wherever_they_lie() {
    let notes = [
        ("deep/below/x.md", "---\ndoi: https://doi.org/10.1000/LORA\n---\n"),
        ("@hu2021.md", "no front matter"),
        ("b.md", "---\ntitle: LoRA\n---\n"),
        ("c.md", "---\ntitle: \"LoRA: Low-Rank Adaptation\"\n---\n"),
        ("d.md", "---\ntitle: \"LoRA: Low-Rank Adaptation\"\narxiv: 2306.02707\n---\n"),
    ];
    let mut fixture = Fixture::new(&notes, "");
    let found = literature_notes(&fixture.snapshot, &fixture.paper("LoRA"));
    assert_eq!(found, ["deep/below/x.md", "@hu2021.md", "c.md"].map(|path| fixture.path(path)));
    assert_eq!(literature_notes(&fixture.snapshot, &fixture.paper("Orca")), [fixture.path("d.md")]);
    fixture.open(&[("open.md", "é [[LoRA]] [[Twin Peaks]]")]);
    let note = fixture.note();
    let (origin, paths) = literature_notes_at(&fixture.snapshot, &note, 5).unwrap();
    assert_eq!((origin, paths.len()), (3..11, 3));
    assert_eq!(literature_notes_at(&fixture.snapshot, &note, 0), None);
}

#[test]
fn notes_stay_below_the_root() {
    let root = Path::new("/vault");
    for (written, expected) in [
        ("papers", Some("/vault/papers")),
        ("./a/b/", Some("/vault/a/b")),
        ("", Some("/vault")),
        ("a\\b", Some("/vault/a/b")),
    ] {
        assert_eq!(below(root, written), expected.map(PathBuf::from), "{written}");
    }
    for written in ["..", "a/../../b", "/etc", "\\etc", "a/.."] {
        assert_eq!(below(root, written), None, "{written}");
    }
    let fixture = Fixture::new(&[], "literature_notes.folder = \"../elsewhere\"");
    let paper = fixture.paper("Orca");
    let error = plan_literature_note(&fixture.snapshot, &paper, root, None, "").unwrap_err();
    assert!(error.contains("../elsewhere"), "{error}");
    let fixture = Fixture::new(&[], "literature_notes.folder = \"lit\"");
    let files = plan_literature_note(&fixture.snapshot, &fixture.paper("Orca"), root, None, "").unwrap();
    assert_eq!(files[1].path, Path::new("/vault/lit/mukherjee2023-2.md"));
}

#[test]
fn a_note_about_a_paper_that_is_not_there_is_reported() {
    let mut fixture = Fixture::new(&[], "");
    let mut found = |text: &str| -> Vec<String> {
        fixture.open(&[("open.md", text)]);
        let found = diagnostics(&fixture.snapshot, &fixture.note());
        found
            .iter()
            .map(|it| format!("{} {} {}", it.code.as_str(), &text[it.span.unwrap().bytes()], it.message))
            .collect()
    };
    assert_eq!(
        found("---\r\ntags: x\r\ndoi: 10.1000/none\r\n---\r\n"),
        ["literature-note doi: 10.1000/none This note is about doi:10.1000/none, which no paper of the corpus is."]
    );
    for fine in [
        "---\ndoi: 10.1000/none\narxiv: 2306.02707\n---\n",
        "---\ntitle: Some Paper Nobody Has\n---\n",
        "---\ntags: x\n---\n",
        "doi: 10.1000/none\n",
        "---\ncitekey: same\n---\n",
    ] {
        assert_eq!(found(fine), Vec::<String>::new(), "{fine}");
    }
    fixture.snapshot.is_complete = false;
    fixture.open(&[("open.md", "---\ndoi: 10.1000/none\n---\n")]);
    assert_eq!(diagnostics(&fixture.snapshot, &fixture.note()), []);
}

#[test]
fn days_are_those_of_the_calendar() {
    let cases = [
        (0, "1970-01-01"),
        (951_782_400, "2000-02-29"),
        (1_717_113_600, "2024-05-31"),
        (1_735_689_599, "2024-12-31"),
        (4_107_542_400, "2100-03-01"),
    ];
    for (seconds, expected) in cases {
        assert_eq!(today(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
    }
}

#[test]
fn a_note_is_judged_alike_open_and_closed() {
    for (text, count) in [
        ("---\ndoi: 10.1000/none\n---\n🐋 [[Keylezs]] and [[Twin Peaks|x]]\r\n", 3),
        ("+++\r\ntitle = \"x\"\r\nciteKey = \"gone\"\r\n+++\r\n[@hu2022]", 2),
        ("---\ndoi: 10.1000/lora\n---\n[[LoRA]]", 0),
    ] {
        let mut fixture = Fixture::new(&[("a.md", text)], "");
        let closed = check_notes(&fixture.snapshot);
        assert_eq!(closed.len(), count, "{text}: {closed:?}");
        let path = fixture.path("a.md").to_path_buf();
        assert!(closed.iter().all(|found| found.path.as_ref() == Some(&path)), "{closed:?}");
        fixture.open(&[("a.md", text)]);
        assert_eq!(check_notes(&fixture.snapshot), closed, "{text}");
        let of_open = diagnostics(&fixture.snapshot, &fixture.note()).into_iter();
        let of_open: Vec<_> = of_open.map(|found| Diagnostic { path: Some(path.clone()), ..found }).collect();
        assert_eq!(of_open, closed, "{text}");
    }
}
