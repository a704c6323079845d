#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::config::{Layer, Settings};
use crate::features::ClosedNotes;
use crate::features::tests::MemoryPapers;
use crate::library::{Aliases, Resolution};
use crate::notes::OpenNote;
use crate::vault::Vault;

/// Papers of all sorts: with and without keys, two with one name, two with one key.
pub const LIBRARY: &str = "\
@article{mukherjee2023, title = {Orca: Progressive Learning from Complex Explanation Traces}, eprint = {2306.02707},
  archiveprefix = {arXiv}, ids = {orca23}, author = {Mukherjee, Subhabrata and Mitra, Arindam}, year = {2023}}
@article{hu2021, title = {LoRA: Low-Rank Adaptation}, doi = {10.1000/lora}, author = {Hu, Edward}, year = {2021}}
@misc{odd[key, title = {Odd: A Strange Key}}
@misc{peak1, title = {Twin Peaks: A Study of Mountains}, author = {Hill, Ann}, year = 2022}
@misc{peak2, title = {Twin Peaks: A Study of Television}, author = {Lynch, David}, year = 2022}
@misc{same, title = {First Works of Somebody}, author = {One, A.}, eprint = {2101.00001}, archiveprefix = {arXiv}}
@misc{same, title = {Second Works of Another}, author = {Two, B.}, ids = {second}}
";

/// A page without keys.
pub const PAGE: &str = "new\n\nSubscribe\n\nOct 17\n\nKeyless: A Paper without a Key\n\nIt has an abstract.\n\n  • 2 authors\n·\nMay 4, 2022\n";

/// What stands between the citations of notes that are made up: whole text, and beginnings of what may swallow some.
pub const PLAIN_PIECES: [&str; 8] = ["🐋 é ", " ", "\r\n", "\n\n", "text ", "[[", "\\", "> "];

/// A workspace in a temporary folder, with the papers of [`LIBRARY`] and [`PAGE`].
pub struct Fixture {
    pub folder: tempfile::TempDir,
    pub snapshot: Snapshot,
}

impl Fixture {
    /// With notes on disk, more corpus files among them, and some settings.
    pub fn new(notes: &[(&str, &str)], toml: &str) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in notes {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let roots = vec![folder.path().to_owned()];
        let corpus = [("corpus/library.bib", LIBRARY), ("corpus/page.txt", PAGE)].into_iter();
        let corpus = corpus.chain(notes.iter().copied().filter(|(path, _)| path.starts_with("corpus/")));
        let library =
            MemoryPapers::of(corpus.map(|(path, text)| (folder.path().join(path).components().collect(), text)));
        let mut vault = Vault::new(roots, None);
        let scanned = vault.begin_scan().run(&|_| true).unwrap();
        assert!(vault.finish_scan(scanned));
        let (layer, problems) = Layer::from_toml(toml, &folder.path().join("ibid.toml"));
        assert!(problems.is_empty(), "{problems:?}");
        let (settings, _) = Settings::from_layers([&layer], folder.path(), None);
        let snapshot = Snapshot {
            library: Arc::new(library),
            is_complete: true,
            aliases: Arc::new(Aliases::new(settings.alias_pairs())),
            vault: vault.snapshot(),
            open_notes: Arc::default(),
            settings: Arc::new(settings),
            reference: None,
            findings: Arc::default(),
        };
        Fixture { folder, snapshot }
    }

    pub fn path(&self, path: &str) -> Arc<Path> {
        // With one kind of separator, as the system gives it.
        self.folder.path().join(path).components().collect::<PathBuf>().into()
    }

    /// Opens notes in the place of those that were open.
    pub fn open(&mut self, notes: &[(&str, &str)]) {
        let open = notes.iter().map(|(path, text)| (self.path(path), Arc::new(OpenNote::new(Document::new(text, 7)))));
        self.snapshot.open_notes = Arc::new(open.collect());
    }

    /// The first of the open notes.
    pub fn note(&self) -> Arc<OpenNote> {
        self.snapshot.open_notes[0].1.clone()
    }

    /// The notes' texts on disk.
    pub fn read(paths: &[Arc<Path>]) -> ClosedNotes {
        paths.iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
    }

    pub fn paper(&self, name: &str) -> Arc<LibraryPaper> {
        match &*self.snapshot.library.resolve(name, &self.snapshot.aliases) {
            Resolution::Unique(paper) => paper.clone(),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn edits_are_made_in_any_order() {
    let edits = [TextEdit::new(4..7, "ü"), TextEdit::new(0..1, "xy"), TextEdit::new(3..3, "-")];
    assert_eq!(edited_text("abcdefgh", &edits), "xybc-düh");
    assert_eq!(edited_text("é", &[TextEdit::new(1..2, "x"), TextEdit::new(5..9, "x")]), "é");
}
