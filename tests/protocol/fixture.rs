//! Workspaces written as one text: `//- /path` begins a file, `$0` in a note is the cursor.

use std::fs;
use std::path::{Path, PathBuf};

/// A corpus page with an undated year, comments and an organisation, as most tests use it.
pub const PAPERS: &str = "\
//- /corpus/papers.txt
new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Oct 17

Orca: Progressive Learning from Complex Explanation Traces of GPT-4

Recent research has focused on enhancing smaller models through imitation of zebrafish.

  • 6 authors
·
Jun 5, 2023 18

Orcanizer: A Tool for Ordering Whales

Whales are put in order.

  • 2 authors
·
Jul 2 1

LoRA: Low-Rank Adaptation of Large Language Models

Only small matrices are trained, the rest is frozen.

metaresearch Meta Research
·
Jun 17, 2021

Twin Peaks: A Study of Mountains

Two mountains are compared.

  • 3 authors
·
May 4, 2022

Twin Peaks: A Study of Television

Two seasons are compared.

  • 4 authors
·
May 5, 2022
";

/// A fixture taken apart.
#[derive(Debug, Default)]
pub struct Fixture {
    /// Paths from the root, without their leading `/`, and contents.
    pub files: Vec<(String, String)>,
    /// The note with the cursor, and the cursor's byte offset.
    pub cursor: Option<(String, usize)>,
}

impl Fixture {
    pub fn parse(text: &str) -> Fixture {
        let mut fixture = Fixture::default();
        let text = text.strip_prefix("//- ").expect("a fixture begins with `//- /path`");
        for section in text.split("\n//- ") {
            let (path, content) = section.split_once('\n').unwrap_or((section, ""));
            let path = path.trim().trim_start_matches('/').to_owned();
            let mut content = content.to_owned();
            if let Some(at) = content.find("$0") {
                content.replace_range(at..at + 2, "");
                fixture.cursor = Some((path.clone(), at));
            }
            fixture.files.push((path, content));
        }
        fixture
    }

    /// Writes all files below `root`; every file ends with a line break.
    pub fn write(&self, root: &Path) {
        for (path, content) in &self.files {
            write(&root.join(path), content);
        }
    }

    /// The content of a file.
    pub fn content(&self, path: &str) -> &str {
        let found = self.files.iter().find(|(name, _)| name == path.trim_start_matches('/'));
        &found.unwrap_or_else(|| panic!("no {path} in the fixture")).1
    }
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// The papers and one note whose text holds the cursor.
pub fn note(text: &str) -> String {
    format!("{PAPERS}\n//- /notes/a.md\n{text}")
}

/// The listing page of some titles, each with an abstract of its own.
pub fn page(titles: &[&str]) -> String {
    titles.iter().fold("new\n\nSubscribe\n\nOct 17\n\n".to_owned(), |page, title| {
        page + &format!("{title}\n\nThis is about {title}.\n\n  • 2 authors\n·\nMay 4, 2022\n\n")
    })
}

/// A path below a folder, written with slashes, as the system writes it.
pub fn below(folder: &Path, path: &str) -> PathBuf {
    folder.join(path.trim_start_matches('/')).components().collect()
}

/// The `file:` address of a path.
pub fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().into()
}

/// The path of a `file:` address.
pub fn path_of(uri: &str) -> PathBuf {
    url::Url::parse(uri).unwrap().to_file_path().unwrap()
}
