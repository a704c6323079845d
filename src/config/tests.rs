#![allow(clippy::unwrap_used)]

use std::fs;

use proptest::prelude::*;
use serde_json::json;

use super::root::{absolute, folder_of_windows};
use super::*;

const PATH: &str = "/vault/ibid.toml";

fn from_toml(text: &str) -> (Settings, Vec<Diagnostic>) {
    let (layer, mut problems) = Layer::from_toml(text, Path::new(PATH));
    let (settings, more) = Settings::from_layers([&layer], Path::new("/vault"), Some(Path::new("/home/ada")));
    problems.extend(more);
    (settings, problems)
}

fn messages(problems: &[Diagnostic]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn at_line(line: u32) -> Origin {
    Origin::File { path: PathBuf::from(PATH), line }
}

#[test]
fn every_key_is_read_and_knows_its_line() {
    let text = r#"[corpus]
paths = [
  "~/Zotero/library.bib",
  "papers/../more/",
  "/data/all.jsonl",
]
[aliases]
"phi-3" = "arXiv:2404.14219"
[hover]
abstract_chars = 1_500
[diagnostics]
unresolved = "all"
corpus = false
severity = { ambiguous = "error", literature_note = "off" }
[references]
style = "ieee"
"#;
    let (settings, problems) = from_toml(text);
    assert_eq!(messages(&problems), [""; 0]);
    let paths = &settings.corpus_paths.value;
    let found: Vec<(&Path, &Origin)> = paths.iter().map(|it| (&*it.path, &it.origin)).collect();
    let expected = ["/home/ada/Zotero/library.bib", "/vault/more", "/data/all.jsonl"].map(Path::new);
    let lines = [3, 4, 5].map(at_line);
    assert_eq!(found, expected.into_iter().zip(&lines).collect::<Vec<_>>());
    assert_eq!(settings.alias_pairs().collect::<Vec<_>>(), [("phi-3", "arXiv:2404.14219")]);
    assert_eq!(settings.aliases[0].origin, at_line(8));
    assert_eq!(settings.hover_abstract_chars, Setting { value: 1500, origin: at_line(10) });
    assert_eq!(settings.unresolved, [(); 3].map(|()| Setting { value: Unresolved::All, origin: at_line(12) }));
    assert_eq!(settings.corpus_diagnostics, Setting { value: false, origin: at_line(13) });
    let severities = Code::OF_NOTES.map(|code| settings.severity(code));
    assert_eq!(severities, [Severity::Warning, Severity::Error, Severity::Warning, Severity::Off]);
    assert_eq!(settings.reference_style, Setting { value: "ieee".to_owned(), origin: at_line(16) });
    assert_eq!(settings.inlay_hints.value, InlayHints::Off);
}

#[test]
fn words_and_truths_are_checked() {
    let text = "inlay_hints = 'always'\nreferences.style = ' '\n[diagnostics]\ncorpus = 1\nseverity.retracted = 2\n";
    let (settings, problems) = from_toml(text);
    assert_eq!(settings, Settings::default());
    assert_eq!(
        messages(&problems),
        [
            "/vault/ibid.toml:1: `inlay_hints` must be one of \"off\", \"year\", \"author-year\", not \"always\"",
            "/vault/ibid.toml:2: `references.style` is empty; leave it out or give it a value",
            "/vault/ibid.toml:4: `diagnostics.corpus` must be true or false, not a whole number",
            "/vault/ibid.toml:5: `diagnostics.severity.retracted` must be a string, not a whole number",
        ]
    );
}

#[test]
fn unknown_keys_and_bad_values_are_reported_and_the_rest_applies() {
    let text = "\u{feff}# émigré\r
corpse.paths = ['x']\r
color = true\r
[hover]\r
abstract_char = 5\r
abstract_chars = 'many'\r
[diagnostics]\r
unresolved = 'nearmiss'\r
[corpus]\r
paths = ['a', 3]\r
[aliases]\r
Orca = ''\r
'!' = 'x'\r
lora = 'LoRA'\r
LoRA = 'other'\r
";
    let (settings, problems) = from_toml(text);
    assert_eq!(
        messages(&problems),
        [
            "/vault/ibid.toml:2: unknown key `corpse`; did you mean `corpus`?",
            "/vault/ibid.toml:3: unknown key `color`; there are corpus, aliases, hover, diagnostics, inlay_hints, references, bibliography, literature_notes, zotero, remote",
            "/vault/ibid.toml:5: unknown key `hover.abstract_char`; did you mean `hover.abstract_chars`?",
            "/vault/ibid.toml:6: `hover.abstract_chars` must be a whole number, not a string",
            "/vault/ibid.toml:8: `diagnostics.unresolved` must be one of \"near-miss\", \"all\", \"off\", not \"nearmiss\"",
            "/vault/ibid.toml:10: `an entry of corpus.paths` must be a string, not a whole number",
            "/vault/ibid.toml:12: the alias \"Orca\" stands for nothing; give a name of the paper",
            "/vault/ibid.toml:13: the alias \"!\" has no letter or digit to be found by",
            "/vault/ibid.toml:15: the alias \"LoRA\" is the same name as \"lora\", which is set already",
        ]
    );
    let meant: Vec<&str> = problems[2..6].iter().map(|problem| &text[problem.span.unwrap().bytes()]).collect();
    assert_eq!(meant, ["abstract_char", "'many'", "'nearmiss'", "3"]);
    assert_eq!(settings.corpus_paths.value[0].path, Path::new("/vault/a"));
    assert_eq!(settings.alias_pairs().collect::<Vec<_>>(), [("lora", "LoRA")]);
}

#[test]
fn a_syntax_error_keeps_the_other_layers() {
    let (file, problems) = Layer::from_toml("[hover]\nabstract_chars = 5\n[corpus\npaths = []\n", Path::new(PATH));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].line, 3);
    let (editor, _) = Layer::from_json(&json!({"diagnostics": {"unresolved": "off"}}));
    let (settings, _) = Settings::from_layers([&file, &editor], Path::new("/vault"), None);
    assert_eq!(settings.hover_abstract_chars.value, 5);
    assert!(settings.corpus_paths.value.is_empty());
    assert_eq!(settings.unresolved, [(); 3].map(|()| Setting { value: Unresolved::Off, origin: Origin::Editor }));
}

#[test]
fn a_syntax_error_takes_its_entry_and_no_other() {
    // Each text, how many mistakes it has, and whether the alias and the number before and after them apply.
    let cases = [
        ("aliases.a = 'Orca'\nhover.abstract_chars = 5\n", 0, [true, true]),
        ("aliases.a = 'Orca'\nhover.abstract_chars = 5 6\n", 1, [true, false]),
        ("aliases.a = Orca\nhover.abstract_chars = 5\n", 1, [false, true]),
        ("aliases.a 'Orca'\nhover.abstract_chars = 5\n", 1, [false, true]),
        ("= x\naliases.a = 'Orca'\nhover.abstract_chars = 5\n", 1, [true, true]),
        ("[aliases\na = 'Orca'\n[hover]\nabstract_chars = 5\n", 1, [false, true]),
        ("[aliases]\na = 'Orca'\n[hover\nabstract_chars = 5\n", 1, [true, false]),
        ("[aliases]\na = 'Orca'\n[[]\nabstract_chars = 5\n[hover]\nabstract_chars = 5\n", 1, [true, true]),
        ("[aliases]\na = 'Orca'\n[corpus]\npaths = ['x'\n[hover]\nabstract_chars = 5\n", 1, [true, true]),
        ("[corpus]\npaths = [\n'x',\ny,\n'z'\n]\n[hover]\nabstract_chars = 5\n", 1, [false, true]),
        ("aliases.a = 'Orca'\nhover.abstract_chars = 5\nx = 'é\n", 1, [true, true]),
        ("aliases.a = 'Orca'\nhover.abstract_chars = 5\nreferences.style = 'a\u{0}", 1, [true, true]),
        ("aliases.a = 'Orca'\naliases.a = 'LoRA'\nhover.abstract_chars = 5", 1, [true, true]),
        ("[aliases]\na = 'Orca'\nb = 'LoRA\n[hover]\nabstract_chars = 5\n", 1, [true, true]),
    ];
    for (text, mistakes, applies) in cases {
        let (layer, problems) = Layer::from_toml(text, Path::new(PATH));
        let (settings, _) = Settings::from_layers([&layer], Path::new("/vault"), None);
        let found =
            [settings.alias_pairs().any(|pair| pair == ("a", "Orca")), settings.hover_abstract_chars.value == 5];
        assert_eq!(found, applies, "{text}: {problems:?}");
        assert_eq!(problems.len(), mistakes, "{text}: {problems:?}");
    }
}

#[test]
fn a_hundred_thousand_aliases_are_as_good_as_one() {
    // Whatever compared each of them with all others would not come to an end here.
    const MANY: usize = 100_000;
    let text: String = (0..MANY).map(|i| format!("al{i} = 'Orca {i}'\n")).collect();
    let (layer, problems) = Layer::from_toml(&format!("[aliases]\n{text}AL7 = 'LoRA'\n"), Path::new(PATH));
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].message.contains("set already")), (100_002, true));
    let (editor, _) = Layer::from_json(&json!({"aliases": {"Al9": "Phi"}}));
    let (settings, _) = Settings::from_layers([&layer, &editor], Path::new("/vault"), None);
    assert_eq!(settings.aliases.len(), MANY);
    let named = |alias: &str| settings.alias_pairs().find(|pair| pair.0 == alias).map(|pair| pair.1.to_owned());
    assert_eq!([named("al7"), named("Al9"), named("al9")], [Some("Orca 7".to_owned()), Some("Phi".to_owned()), None]);
    let origin = &settings.aliases.iter().find(|it| it.alias == "al500").unwrap().origin;
    assert_eq!(*origin, Origin::File { path: PATH.into(), line: 502 });
}

#[test]
fn the_editor_is_over_the_file() {
    let toml = "[hover]\nabstract_chars = 5\n[corpus]\npaths = ['a']\n[aliases]\norca = 'Orca'\nlora = 'LoRA'\n";
    let (file, _) = Layer::from_toml(toml, Path::new(PATH));
    let editor = json!({"ibid": {
        "corpus": {"paths": []}, "hover": {"abstractChars": 7}, "diagnostics.unresolved": null,
        "aliases": {"Orca": "arXiv:2306.02707"}, "trace": {"server": "off"}, "hoover": 1,
    }});
    let (editor, problems) = Layer::from_json(&editor);
    let (settings, _) = Settings::from_layers([&file, &editor], Path::new("/vault"), None);
    assert_eq!(messages(&problems), ["unknown key `hoover`; did you mean `hover`?"]);
    assert_eq!(settings.hover_abstract_chars, Setting { value: 7, origin: Origin::Editor });
    assert_eq!(settings.corpus_paths.value[0].path, Path::new("/vault/a"));
    assert_eq!(settings.alias_pairs().collect::<Vec<_>>(), [("Orca", "arXiv:2306.02707"), ("lora", "LoRA")]);
}

#[test]
fn the_users_own_file_is_below_that_of_the_workspace_and_says_whom_to_trust() {
    let own = Path::new("/home/ada/.config/ibid/ibid.toml");
    let text = "trusted = ['~/notes', 'here', '', 3]\nhover.abstract_chars = 7\ncorpus.paths = ['~/all.bib']\n\
                aliases.orca = 'Orca'\naliases.lora = 'LoRA'\ninlay_hints = 'yes'\n";
    let (user, problems) = Layer::from_users_toml(text, own);
    assert_eq!(
        messages(&problems),
        [
            "/home/ada/.config/ibid/ibid.toml:1: an entry of `trusted` is empty",
            "/home/ada/.config/ibid/ibid.toml:1: `an entry of trusted` must be a string, not a whole number",
            "/home/ada/.config/ibid/ibid.toml:6: `inlay_hints` must be one of \"off\", \"year\", \"author-year\", not \"yes\"",
        ]
    );
    let toml = "trusted = ['~']\nhover.abstract_chars = 9\naliases.Orca = 'arXiv:2306.02707'\n";
    let (vault, problems) = Layer::from_toml(toml, Path::new(PATH));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.starts_with("only your own configuration file may say"), "{problems:?}");
    let home = Some(Path::new("/home/ada"));
    let (settings, _) = Settings::from_layers([&user, &vault], Path::new("/vault"), home);
    assert_eq!(settings.hover_abstract_chars, Setting { value: 9, origin: at_line(2) });
    assert_eq!(settings.corpus_paths.value[0].path, Path::new("/home/ada/all.bib"));
    let origin = Origin::File { path: own.to_owned(), line: 3 };
    assert_eq!(settings.corpus_paths.origin, origin);
    assert_eq!(settings.alias_pairs().collect::<Vec<_>>(), [("Orca", "arXiv:2306.02707"), ("lora", "LoRA")]);
    let (trust, problems) = Trust::new(Path::new("/vault"), Path::new(PATH), &user, &Layer::default(), home);
    assert!(!trust.is_trusted());
    assert!(messages(&problems)[0].starts_with("/home/ada/.config/ibid/ibid.toml:1: \"here\" may be anywhere"));
    let (editor, problems) = Layer::from_json(&json!({"trusted": ["/"], "workspaceTrust": true}));
    assert_eq!(messages(&problems)[0].split(';').next(), Some("unknown key `trusted`"));
    assert!(Trust::new(Path::new("/vault"), Path::new(PATH), &user, &editor, home).0.is_trusted());
    let (_, problems) = Layer::from_toml("workspace_trust = true\nworkspaceTrust = true\n", Path::new(PATH));
    assert_eq!(problems.len(), 2);
}

/// The settings of a workspace with this file, and its problems; `trusted` are the user's.
#[cfg(unix)]
fn loaded(base: &Path, toml: &str, trusted: &str) -> (Settings, Vec<String>) {
    let (root, own) = (base.join("vault"), base.join("own.toml"));
    fs::write(root.join(CONFIG_FILE), toml).unwrap();
    fs::write(&own, format!("trusted = [{trusted}]\n")).unwrap();
    let editor = serde_json::Value::Null;
    let sources = Sources { root: &root, config_file: None, user_file: Some(&own), editor: &editor, zotero: &[] };
    let (settings, problems) = load(&sources);
    assert!(problems.iter().all(|it| it.code == Code::Untrusted && it.line > 0), "{problems:?}");
    (settings, problems.into_iter().map(|problem| problem.message).collect())
}

#[test]
#[cfg(unix)]
fn an_untrusted_workspace_reaches_nothing_outside_of_it() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().canonicalize().unwrap();
    let root = base.join("vault");
    fs::create_dir_all(root.join("styles")).unwrap();
    for file in ["secret.csl", "vault/own.csl", "vault/styles/own.csl"] {
        fs::write(base.join(file), "").unwrap();
    }
    symlink(&base, root.join("up")).unwrap();
    symlink("../secret.csl", root.join("link.csl")).unwrap();
    symlink("styles", root.join("papers")).unwrap();
    let absolute = base.join("secret.csl").to_str().unwrap().to_owned();
    let inside = root.join("own.csl").to_str().unwrap().to_owned();
    let styles = [
        ("apa", true),
        ("own.csl", true),
        ("styles/own.csl", true),
        ("papers/own.csl", true),
        (&inside, true),
        ("styles\\\\own.csl", true),
        ("none/x.csl", true),
        ("link.csl", false),
        ("up/secret.csl", false),
        ("../secret.csl", false),
        ("..\\\\secret.csl", false),
        ("~/x.csl", false),
        (&absolute, false),
        ("/dev/zero", false),
        ("//host/share/x.csl", false),
    ];
    for (style, is_allowed) in styles {
        for key in ["references.style", "literature_notes.template", "literature_notes.folder"] {
            let toml = format!("# Names.\n{key} = \"{style}\"\n");
            let (settings, refused) = loaded(&base, &toml, "");
            assert_eq!(refused.is_empty(), is_allowed, "{toml}: {refused:?}");
            let values = settings.single_values();
            let origin = values.iter().find(|(name, ..)| name == key).map(|(.., origin)| *origin).unwrap();
            assert_eq!(*origin == Origin::Default, !is_allowed, "{toml}");
            let (settings, refused) = loaded(&base, &toml, &format!("{:?}", base.to_str().unwrap()));
            assert!(refused.is_empty() && settings.trust.is_trusted(), "{toml}: {refused:?}");
        }
    }
    let toml = format!(
        "references.style = '{absolute}'\ncorpus.paths = ['/etc', '//host/share', '~/x']\n\
         [literature_notes]\nfolder = 'up'\ntemplate = '../t.md'\n"
    );
    let (settings, refused) = loaded(&base, &toml, "");
    let shown = root.display();
    assert_eq!(
        refused,
        [format!(
            "`references.style = {absolute:?}` and `corpus.paths = \"//host/share\"` and `literature_notes.folder = \
             \"up\"` and `literature_notes.template = \"../t.md\"` lead out of this folder, which is not trusted. They do \
             not apply; `ibid trust {shown}` allows it."
        )]
    );
    assert_eq!(settings.corpus_paths.value.len(), 2);
    // A folder whose name only begins like that of the workspace, and one within it.
    for other in ["vaul", "vault/styles", "nothing"] {
        assert!(!loaded(&base, "", &format!("{:?}", base.join(other).to_str().unwrap())).0.trust.is_trusted());
    }
    // What is set elsewhere is meant, unless a link in the workspace has it mean something else.
    let editor = json!({"references": {"style": absolute}, "literature_notes": {"template": "link.csl"}});
    let sources = Sources { root: &root, config_file: None, user_file: None, editor: &editor, zotero: &[] };
    let (settings, _) = load(&sources);
    assert_eq!(settings.style_file(), Ok(Some(base.join("secret.csl"))));
    let refused = settings.template_file().unwrap_err();
    assert!(refused.starts_with("link.csl leads out of this folder, which is not trusted; `ibid trust "), "{refused}");
    // What is found to be within when it is read may have become a link since.
    let (settings, _) = loaded(&base, "references.style = 'own.csl'\n", "");
    assert_eq!(settings.style_file(), Ok(Some(root.join("own.csl"))));
    fs::remove_file(root.join("own.csl")).unwrap();
    symlink(&absolute, root.join("own.csl")).unwrap();
    assert!(settings.style_file().is_err());
    // Where ibid writes, links count as well.
    let folders = [root.clone()];
    for (path, is_allowed) in
        [("papers/Orca.md", true), ("new/Orca.md", true), ("up/Orca.md", false), ("link.csl", false)]
    {
        assert_eq!(settings.trust.check_write(&folders, &root.join(path)).is_ok(), is_allowed, "{path}");
    }
    assert!(settings.trust.check_write(&folders, &base.join("elsewhere.bib")).is_ok(), "the user named it");
}

#[test]
fn a_home_that_cannot_be_found_is_a_problem() {
    let (layer, _) = Layer::from_toml("corpus.paths = ['~/a', '~bob/b', '~']", Path::new(PATH));
    let (settings, problems) = Settings::from_layers([&layer], Path::new("/vault"), None);
    assert_eq!(settings.corpus_paths.value, []);
    assert_eq!(problems.len(), 3);
    assert!(problems[1].message.contains("another user's home"), "{problems:?}");
}

#[test]
fn paths_may_be_written_as_on_windows() {
    let home = Path::new("/home/ada");
    for (written, expected) in [
        (r"~\Zotero\library.bib", "/home/ada/Zotero/library.bib"),
        (r"~\..\shared", "/home/shared"),
        ("~/Zotero", "/home/ada/Zotero"),
        ("~", "/home/ada"),
    ] {
        assert_eq!(absolute(written, Path::new("/vault"), Some(home)).as_deref(), Ok(Path::new(expected)), "{written}");
    }
    for (written, expected) in [
        (r"%APPDATA%\papers\a.bib", Some(("APPDATA", r"papers\a.bib"))),
        ("%LocalAppData%/papers", Some(("LOCALAPPDATA", "papers"))),
        ("%userprofile%", Some(("USERPROFILE", ""))),
        // Nothing else of the environment is let in, and a file may be called so.
        (r"%PATH%\a", None),
        ("%APPDATA%papers", None),
        ("100%", None),
        ("a/%APPDATA%/b", None),
        ("", None),
    ] {
        assert_eq!(folder_of_windows(written), expected, "{written}");
    }
    let appdata = absolute(r"%APPDATA%\papers", Path::new("/vault"), None);
    match std::env::var_os("APPDATA").filter(|_| cfg!(windows)) {
        Some(folder) => assert_eq!(appdata, Ok(Path::new(&folder).join("papers"))),
        None => assert_eq!(appdata.as_deref(), Ok(Path::new(r"/vault/%APPDATA%\papers"))),
    }
}

#[test]
fn the_root_is_the_nearest_marked_folder() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("vault/notes/deep");
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(find_root(&deep), folder.path());
    fs::create_dir(folder.path().join("vault/.obsidian")).unwrap();
    assert_eq!(find_root(&deep), folder.path().join("vault"));
    fs::write(deep.join("ibid.toml"), "").unwrap();
    assert_eq!(find_root(&deep.join("ibid.toml")), deep);
}

#[test]
fn a_missing_file_is_silence_unless_it_was_demanded() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = serde_json::Value::Null;
    let user_file = folder.path().join("own.toml");
    let sources =
        Sources { root: folder.path(), config_file: None, user_file: Some(&user_file), editor: &nothing, zotero: &[] };
    let (settings, problems) = load(&sources);
    assert_eq!((Settings { trust: Trust::default(), ..settings }, problems), (Settings::default(), Vec::new()));
    let demanded = folder.path().join("other.toml");
    let sources = Sources { config_file: Some(&demanded), ..sources };
    let (_, problems) = load(&sources);
    assert!(problems[0].message.starts_with("cannot be read"), "{problems:?}");
    fs::write(&demanded, b"# one\n# two \xff\n").unwrap();
    let (_, problems) = load(&sources);
    assert_eq!((problems[0].line, problems[0].span.unwrap().bytes()), (2, 12..13));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r#"([a-z\[\]=."'~\n{}0-9,é ]|corpus|paths|aliases|hover){0,40}"#) {
        let (layer, problems) = Layer::from_toml(&text, Path::new(PATH));
        for problem in &problems {
            prop_assert!(problem.span.is_none_or(|span| text.get(span.bytes()).is_some()), "{:?}", problem);
            prop_assert!(problem.line >= 1);
        }
        Settings::from_layers([&layer], Path::new("/vault"), None);
    }
}

#[test]
fn a_template_of_keys_has_known_fields() {
    let (settings, problems) = from_toml("bibliography.key = '{{ author }}{{year}}'");
    assert_eq!((settings.bibliography_key.value.as_deref(), problems.len()), (Some("{{ author }}{{year}}"), 0));
    let (settings, problems) = from_toml("bibliography.key = '{{author}}{{nope}}'");
    assert_eq!(settings.bibliography_key.value, None);
    let expected =
        "/vault/ibid.toml:1: `bibliography.key` has no field `nope`; there are author, authors, year, word, words";
    assert_eq!(messages(&problems), [expected]);
}
