#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;
use crate::features::edits::edited_text;
use crate::features::edits::tests::{Fixture, PLAIN_PIECES};

const TITLE: &str = "Orca: Progressive Learning from Complex Explanation Traces";

/// The open note with `$0` for the cursor, renamed; its text afterwards, or what is wrong.
fn renamed(fixture: &mut Fixture, marked: &str, new_name: &str) -> Result<String, String> {
    let offset = marked.find("$0").unwrap();
    let text = marked.replace("$0", "");
    fixture.open(&[("open.md", &text)]);
    let note = fixture.note();
    let place = RenamePlace::Note { note: &note, offset };
    let Renaming { edit, alias, left_out } = rename(&fixture.snapshot, place, new_name, &RenameFiles::default())?;
    assert!(alias.is_none() && left_out.is_empty() && edit.creation.is_none());
    assert!(edit.files.iter().all(|file| file.version == Some(7)));
    Ok(edit.files.first().map_or(text.clone(), |file| edited_text(&text, &file.edits)))
}

#[test]
fn all_spellings_become_the_new_one() {
    let mut fixture = Fixture::new(&[], "");
    let note = "🐋 [[$0Orca]], ![[orca#abstract|the *label*]] and [[2306.02707|x]]; @mukherjee2023 [see -@orca23, p. 3; @hu2021]\r\n\
                arXiv:2306.02707 `[[Orca]]` [[LoRA]]\r\n\r\n| a | b |\r\n|---|---|\r\n| [[Orca\\|y]] | [[ Orca ]] |\r\n";
    assert_eq!(
        renamed(&mut fixture, note, TITLE).unwrap(),
        "🐋 [[TITLE]], ![[TITLE#abstract|the *label*]] and [[TITLE|x]]; @mukherjee2023 [see -@orca23, p. 3; @hu2021]\r\n\
         arXiv:2306.02707 `[[Orca]]` [[LoRA]]\r\n\r\n| a | b |\r\n|---|---|\r\n| [[TITLE\\|y]] | [[ TITLE ]] |\r\n"
            .replace("TITLE", TITLE)
    );
    assert_eq!(
        renamed(&mut fixture, note, "mukherjee2023").unwrap(),
        "🐋 [[mukherjee2023]], ![[mukherjee2023#abstract|the *label*]] and [[mukherjee2023|x]]; @mukherjee2023 \
         [see -@mukherjee2023, p. 3; @hu2021]\r\narXiv:2306.02707 `[[Orca]]` [[LoRA]]\r\n\r\n| a | b |\r\n|---|---|\r\n\
         | [[mukherjee2023\\|y]] | [[ mukherjee2023 ]] |\r\n"
    );
    assert_eq!(renamed(&mut fixture, "[[Orca]] @muk$0herjee2023.", "@orca23").unwrap(), "[[orca23]] @orca23.");
}

#[test]
fn what_cannot_be_renamed_says_why() {
    let mut fixture = Fixture::new(&[("my note.md", "")], "");
    // What would end the citation is left out where the paper is still meant.
    assert_eq!(renamed(&mut fixture, "[[odd: $0a strange key]]", "odd[key").unwrap(), "[[odd key]]");
    let cases = [
        ("[[Or$0ca]]", "LoRA", "“LoRA” is another paper. It answers to “Orca”"),
        ("[[Or$0ca]]", "Whale", "no workspace folder with an ibid.toml to give the paper the name “Whale”"),
        ("[[Or$0ca]]", "My Note", "“My Note” is a note"),
        ("[[Or$0ca]]", "a|b", "cannot be written between double brackets because of |"),
        ("[[Or$0ca]]", "arXiv:2401.00001", "taken for an identifier"),
        ("[[Or$0ca]]", "Twin Peaks", "2 papers answer to “Twin Peaks”"),
        ("[[Or$0ca]]", "  ", "needs a letter or a digit"),
        ("@muk$0herjee2023", "Orca", "no citation key of this paper. Its keys are “mukherjee2023”, “orca23”"),
        ("arXiv:2306$0.02707", "Orca", "identifier that a note spells out"),
        ("[[Twin $0Peaks]]", "peak1", "Several papers answer"),
        ("[[my n$0ote]]", "Orca", "is a link to a note"),
        ("[[no$0body]]", "Orca", "No paper is called “nobody”"),
        ("no$0thing", "Orca", "no citation"),
    ];
    for (note, new_name, expected) in cases {
        let error = renamed(&mut fixture, note, new_name).unwrap_err();
        assert!(error.contains(expected), "{note}: {error}");
    }
}

#[test]
fn the_name_alone_is_offered() {
    let mut fixture = Fixture::new(&[], "aliases = { \"P(a|b)\" = \"Orca\" }");
    let cases = [
        ("é [[ Orca#abstract|x]]", "Orca", "Orca"),
        ("[-@{mukherjee2023}, p. 3]", "mukherjee2023", "mukherjee2023"),
        ("| a |\n|---|\n| [[P(a\\|b)]] |\n", "P(a\\|b)", "P(a|b)"),
    ];
    for (text, written, placeholder) in cases {
        fixture.open(&[("open.md", text)]);
        let (note, offset) = (fixture.note(), text.find(written).unwrap());
        let target = prepare_rename(&fixture.snapshot, RenamePlace::Note { note: &note, offset }).unwrap();
        assert_eq!((&text[target.range], target.placeholder.as_str()), (written, placeholder));
    }
    let error = prepare_rename(&fixture.snapshot, RenamePlace::Note { note: &fixture.note(), offset: 0 }).unwrap_err();
    assert!(error.contains("no citation"), "{error}");
}

#[test]
fn closed_notes_are_changed_as_they_are_on_disk_or_not_at_all() {
    let text = "é [[Orca|x]]\r\n\r\n@mukherjee2023 [[LoRA]]\r\n";
    let mut fixture = Fixture::new(&[("a.md", text), ("b.md", "[[LoRA]]"), ("open.md", "old [[Orca]]")], "");
    fixture.open(&[("open.md", "new [[Orca]]")]);
    let note = fixture.note();
    let place = RenamePlace::Note { note: &note, offset: 7 };
    let to_read = notes_to_rename(&fixture.snapshot, place);
    assert_eq!(to_read, [fixture.path("a.md")]);
    let edit = rename(&fixture.snapshot, place, "orca23", &on_disk(&to_read)).unwrap().edit;
    let after: Vec<(Option<i32>, String)> =
        edit.files.iter().map(|file| (file.version, edited_text(&file.document.text(), &file.edits))).collect();
    let expected = [(None, "é [[orca23|x]]\r\n\r\n@orca23 [[LoRA]]\r\n"), (Some(7), "new [[orca23]]")];
    assert_eq!(after, expected.map(|(version, text)| (version, text.to_owned())));
    for (path, other) in [("a.md", "é [[LoRA|x]]\r\n\r\n@mukherjee2023 [[LoRA]]\r\n"), ("a.md", " é [[Orca|x]]")] {
        let notes = ClosedNotes::from_iter([(fixture.path(path), other.to_owned())]);
        let changed = RenameFiles { notes, ..RenameFiles::default() };
        let error = rename(&fixture.snapshot, place, "orca23", &changed).unwrap_err();
        assert!(error.contains("a.md has changed on disk meanwhile; try again"), "{error}");
    }
    assert!(rename(&fixture.snapshot, place, "orca23", &RenameFiles::default()).is_err());
}

fn on_disk(paths: &[Arc<Path>]) -> RenameFiles {
    RenameFiles { notes: Fixture::read(paths), ..RenameFiles::default() }
}

#[test]
fn a_note_that_is_no_utf8_is_left_out_and_named() {
    let mut fixture = Fixture::new(&[("a.md", "[[Orca]]"), ("latin.md", "[[Orca]] [[orca|x]] [[LoRA]]")], "");
    fixture.open(&[("open.md", "[[Orca]]")]);
    let note = fixture.note();
    let place = RenamePlace::Note { note: &note, offset: 3 };
    let files = RenameFiles { unchangeable: vec![fixture.path("latin.md")], ..on_disk(&[fixture.path("a.md")]) };
    let renaming = rename(&fixture.snapshot, place, "orca23", &files).unwrap();
    let changed: Vec<_> = renaming.edit.files.iter().map(|file| file.path.clone().unwrap()).collect();
    assert_eq!(changed, [fixture.path("a.md"), fixture.path("open.md")]);
    assert_eq!(renaming.left_out, [(fixture.path("latin.md"), 2)]);
}

/// The changes of a rename to a new name, with a configuration file or without one.
fn named_anew(fixture: &mut Fixture, config: Option<&str>, name: &str, new: &str) -> Result<Renaming, String> {
    fixture.open(&[("open.md", &format!("[[{name}]] [[LoRA]]"))]);
    let note = fixture.note();
    let document = config.map(|text| Document::new(text, 3));
    let config = ConfigFile { path: fixture.path("ibid.toml"), document, version: config.map(|_| 3) };
    let files = RenameFiles { config: Some(config), ..RenameFiles::default() };
    rename(&fixture.snapshot, RenamePlace::Note { note: &note, offset: 3 }, new, &files)
}

#[test]
fn a_name_that_nothing_has_becomes_an_alias() {
    let mut fixture = Fixture::new(&[], "");
    for (name, new, strongest) in [
        ("Orca", "Whale \"one\"", "arXiv:2306.02707"),
        ("LoRA", "Whale", "10.1000/lora"),
        ("peak1", "Whale", "peak1"),
        ("Keyless", "Whale", "Keyless: A Paper without a Key"),
    ] {
        let Renaming { edit, alias, .. } = named_anew(&mut fixture, Some("# mine\n"), name, new).unwrap();
        assert_eq!(alias.unwrap(), NewAlias { alias: new.to_owned(), name: strongest.to_owned() });
        assert!(edit.creation.is_none());
        let after: Vec<String> =
            edit.files.iter().map(|file| edited_text(&file.document.text(), &file.edits)).collect();
        let written = new.replace('"', "\\\"");
        assert_eq!(after[0], format!("# mine\n\n[aliases]\n\"{written}\" = \"{strongest}\"\n"));
        assert_eq!((edit.files[0].version, edit.files[1].version), (Some(3), Some(7)));
        let note = if name == "LoRA" { "[[Whale]] [[Whale]]".to_owned() } else { format!("[[{new}]] [[LoRA]]") };
        assert_eq!(after[1], note);
    }
    let Renaming { edit, .. } = named_anew(&mut fixture, None, "Orca", "Whale").unwrap();
    let created = edit.creation.unwrap();
    assert_eq!(created.path, *fixture.path("ibid.toml"));
    assert!(created.text.ends_with("[aliases]\n\"Whale\" = \"arXiv:2306.02707\"\n"), "{}", created.text);
    assert_eq!(edit.files.len(), 1);
}

#[test]
fn an_alias_that_the_file_has_already_is_not_written_again() {
    let mut fixture = Fixture::new(&[], "");
    let config = "[aliases]\n\"whale\" = \"arXiv:2306.02707\"\n";
    let renaming = named_anew(&mut fixture, Some(config), "Orca", "Whale").unwrap();
    assert_eq!((renaming.edit.files.len(), renaming.alias.is_some()), (1, true));
    for (config, expected) in [
        ("[aliases]\n\"whale\" = \"LoRA\"\n", "an alias of another paper"),
        ("[aliases\n", "line 1 is not TOML"),
        ("aliases = 3\n", "are not a table"),
    ] {
        let error = named_anew(&mut fixture, Some(config), "Orca", "Whale").unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_name_that_is_only_promised_is_written_all_the_same() {
    let mut fixture = Fixture::new(&[], "");
    fixture.snapshot.aliases = Arc::new(crate::library::Aliases::new([("Whale", "Orca")]));
    let renaming = named_anew(&mut fixture, Some(""), "Orca", "Whale").unwrap();
    assert_eq!(renaming.edit.files.len(), 2);
}

const BIB: &str = "@book{old, title = {Orca}}\n@inbook{part, crossref = {old}, xdata = {x, old}, note = {old}}\n\
                   @misc{cousin, related = \"older\"}\n";

fn renamed_entry(fixture: &Fixture, text: &str, offset: usize, new_key: &str) -> Result<Vec<String>, String> {
    let file = OpenCorpusFile::new(fixture.path("corpus/open.bib").to_path_buf(), Document::new(text, 3));
    let place = RenamePlace::CorpusFile { file: &file, offset };
    let files = on_disk(&notes_to_rename(&fixture.snapshot, place));
    let edit = rename(&fixture.snapshot, place, new_key, &files)?.edit;
    Ok(edit.files.iter().map(|file| edited_text(&file.document.text(), &file.edits)).collect())
}

#[test]
fn an_entry_gets_a_new_key_where_it_is_named() {
    let notes =
        "[[mukherjee2023|x]] [[Orca]] [@mukherjee2023; -@{mukherjee2023}] @orca23 arXiv:2306.02707 @Mukherjee2023\n";
    let fixture = Fixture::new(&[("a.md", notes)], "");
    let text = crate::features::edits::tests::LIBRARY.to_owned() + "@inbook{part, crossref = {mukherjee2023}}\n";
    let after = renamed_entry(&fixture, &text, 3, "muk+23").unwrap();
    assert_eq!(after[0], "[[muk+23|x]] [[Orca]] [@muk+23; -@muk+23] @orca23 arXiv:2306.02707 @muk+23\n");
    assert_eq!(after[1], text.replace("mukherjee2023", "muk+23"));
    assert_eq!(
        renamed_entry(&fixture, BIB, 8, "new").unwrap(),
        ["@book{new, title = {Orca}}\n@inbook{part, crossref = {new}, xdata = {x, new}, note = {old}}\n\
         @misc{cousin, related = \"older\"}\n"]
    );
}

#[test]
fn literature_notes_follow_a_new_key() {
    let citing =
        "[[@hu2021]], [[lit/@hu2021|Hu]], ![[@hu2021.md#Methods]], [@Hu2021, p. 3] and [[hu2021]]; [[@hu2021, p. 3]]\n";
    let with_nocite = "---\nnocite: |\n  @hu2021\ntitle: '@hu2021'\n---\n";
    let about = "---\r\ntags: [hu2021]\r\ncitekey: \"@hu2021\"\r\n---\r\n# Hu\r\n";
    let notes = [
        ("a.md", citing),
        ("b.md", with_nocite),
        ("lit/@hu2021.md", about),
        ("x/LoRA paper.md", "---\ncitekey: hu2021\n---\n"),
    ];
    let fixture = Fixture::new(&notes, "");
    let library = crate::features::edits::tests::LIBRARY;
    let file = OpenCorpusFile::new(fixture.path("corpus/open.bib").to_path_buf(), Document::new(library, 3));
    let place = RenamePlace::CorpusFile { file: &file, offset: library.find("hu2021").unwrap() };
    let files = on_disk(&notes_to_rename(&fixture.snapshot, place));
    let edit = rename(&fixture.snapshot, place, "hu21", &files).unwrap().edit;
    let after: Vec<String> = edit.files.iter().map(|file| edited_text(&file.document.text(), &file.edits)).collect();
    assert_eq!(after[0], citing.replace("hu2021", "hu21").replace("Hu2021", "hu21"));
    assert_eq!(after[1], with_nocite.replacen("hu2021", "hu21", 1));
    assert_eq!(after[2], about.replace("\"@hu2021", "\"@hu21"));
    assert_eq!(after[3], "---\ncitekey: hu21\n---\n");
    assert_eq!(after[4], library.replace("hu2021", "hu21"));
    let renames: Vec<(&Path, &Path)> = edit.renames.iter().map(|it| (&*it.from, it.to.as_path())).collect();
    assert_eq!(renames, [(&*fixture.path("lit/@hu2021.md"), &*fixture.path("lit/@hu21.md"))]);
    let error = rename(&fixture.snapshot, place, "a/b", &files).unwrap_err();
    assert!(error.contains("cannot be called"), "{error}");
}

#[test]
fn a_link_to_a_literature_note_is_not_renamed_apart_from_it() {
    let mut fixture = Fixture::new(&[("lit/@orca23.md", "")], "");
    let error = renamed(&mut fixture, "[[@or$0ca23]] [[@orca23#x]]", "mukherjee2023").unwrap_err();
    assert!(error.contains("literature note"), "{error}");
    let note = "[[$0Orca]] [[@orca23]] [[@mukherjee2023]] [@orca23]\n";
    let after = renamed(&mut fixture, note, "mukherjee2023").unwrap();
    assert_eq!(after, "[[mukherjee2023]] [[@orca23]] [[@mukherjee2023]] [@mukherjee2023]\n");
    let mut fixture = Fixture::new(&[], "");
    assert_eq!(
        renamed(&mut fixture, "[[@or$0ca23#x]] [[@orca23]]", "mukherjee2023").unwrap(),
        "[[@mukherjee2023#x]] [[@mukherjee2023]]"
    );
    assert!(renamed(&mut fixture, "[[@or$0ca23]]", "@other").unwrap_err().contains("no citation key"));
}

#[test]
fn odd_and_taken_keys_are_refused() {
    let fixture = Fixture::new(&[], "");
    let cases = [
        ("", "empty"),
        ("a b", "white space"),
        ("a,b", "“,”"),
        ("a{b", "“{”"),
        ("a[b", "cannot be written"),
        ("part", "another entry"),
        ("hu2021", "another entry"),
        ("same", "another entry"),
    ];
    for (key, expected) in cases {
        let error = renamed_entry(&fixture, BIB, 8, key).unwrap_err();
        assert!(error.contains(expected), "{key}: {error}");
    }
    let two_lines = "@misc{a,\n title = {A}}\n";
    let error = renamed_entry(&fixture, two_lines, two_lines.find("title").unwrap(), "new").unwrap_err();
    assert!(error.contains("no key to rename"), "{error}");
    assert_eq!(renamed_entry(&fixture, BIB, 2, "old").unwrap(), Vec::<String>::new());
}

#[test]
fn of_two_entries_with_one_key_only_the_one_at_the_cursor_changes() {
    let fixture = Fixture::new(&[("a.md", "@same [[same]]")], "");
    let text = "@misc{same, title = {A}}\n@misc{same, title = {B}}\n@misc{c, xref = same}\n";
    let after = renamed_entry(&fixture, text, 30, "other").unwrap();
    assert_eq!(after, ["@misc{same, title = {A}}\n@misc{other, title = {B}}\n@misc{c, xref = same}\n"]);
}

fn piece() -> impl Strategy<Value = &'static str> {
    let own = [
        "[[N]]",
        "![[N]]",
        "[[N#abstract]]",
        "[[ N |a label]]",
        "| a |\n|---|\n| [[N\\|b]] |\n",
        "@K",
        "[-@K, p. 3; @hu2021]",
        "@{K}",
        "arXiv:2306.02707",
        "[[LoRA]]",
        "`[[N]]`",
        "$",
    ];
    prop::sample::select([&own[..], &PLAIN_PIECES].concat())
}

proptest! {
    #[test]
    fn there_and_back_is_the_same(pieces in prop::collection::vec(piece(), 0..24), by_key in any::<bool>()) {
        let mut fixture = std::mem::take(&mut *shared().lock().unwrap()).unwrap_or_else(|| Fixture::new(&[], ""));
        let text = pieces.concat().replace('N', "mukherjee2023").replace("@{K}", "@K").replace('K', "mukherjee2023");
        let cursor = if by_key { "\n\n@mukherjee2023" } else { "\n\n[[mukherjee2023]]" };
        let there = renamed_at_end(&mut fixture, &(text.clone() + cursor), "orca23");
        if let Some(there) = there {
            prop_assert!(there.ends_with(&cursor.replace("mukherjee2023", "orca23")));
            let back = renamed_at_end(&mut fixture, &there, "mukherjee2023");
            prop_assert_eq!(back, Some(text + cursor));
        }
        *shared().lock().unwrap() = Some(fixture);
    }
}

/// Making a library for every case would take most of the time.
fn shared() -> &'static std::sync::Mutex<Option<Fixture>> {
    static SHARED: std::sync::Mutex<Option<Fixture>> = std::sync::Mutex::new(None);
    &SHARED
}

/// `None` where what stands before hides the citation at the end.
fn renamed_at_end(fixture: &mut Fixture, text: &str, new_name: &str) -> Option<String> {
    fixture.open(&[("open.md", text)]);
    let note = fixture.note();
    let place = RenamePlace::Note { note: &note, offset: text.len() - 3 };
    prepare_rename(&fixture.snapshot, place).ok()?;
    let edit = rename(&fixture.snapshot, place, new_name, &RenameFiles::default()).unwrap().edit;
    Some(edit.files.first().map_or(text.to_owned(), |file| edited_text(text, &file.edits)))
}
