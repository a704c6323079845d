#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::fs;

use super::*;

const PAGE: &str = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nOct 17\n\nOrca\n\nText.\n";

/// A folder with the given files; a name that ends in `/` is a folder, `a -> b` a link to `b`.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let (name, target) = name.split_once(" -> ").unwrap_or((name, ""));
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if target.is_empty() {
            fs::write(path, text).unwrap();
        } else {
            #[cfg(unix)]
            std::os::unix::fs::symlink(target, path).unwrap();
        }
    }
    folder
}

/// The paths found below a folder, relative to it, and the messages of problems without its path.
fn found(root: &Path, roots: &Roots) -> (Vec<String>, Vec<String>) {
    let discovery = discover(roots);
    let relative = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let files = discovery.files.iter().map(|found| relative(&found.file.path)).collect();
    let root = format!("{}{}", root.display(), std::path::MAIN_SEPARATOR);
    (files, discovery.problems.iter().map(|problem| problem.message.replace(&root, "")).collect())
}

fn workspace(root: &Path) -> Roots {
    Roots { workspace: vec![root.to_owned()], explicit: Vec::new() }
}

#[test]
fn corpus_files_are_found_by_content() {
    let root = folder(&[
        ("pages/b.txt", PAGE),
        ("pages/A.TXT", PAGE),
        ("page", PAGE),
        ("notes/orca.md", PAGE),
        ("prose.txt", "Nothing but prose."),
        ("LICENSE", "MIT License"),
    ]);
    let (files, problems) = found(root.path(), &workspace(root.path()));
    assert_eq!(files, ["page", "pages/A.TXT", "pages/b.txt"]);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn ignored_hidden_and_tool_folders_are_skipped() {
    let root = folder(&[
        (".gitignore", "ignored/\n"),
        ("ignored/a.txt", PAGE),
        (".hidden/a.txt", PAGE),
        (".git/a.txt", PAGE),
        ("node_modules/a.txt", PAGE),
        ("crate/Cargo.toml", ""),
        ("crate/target/a.txt", PAGE),
        ("cache/CACHEDIR.TAG", ""),
        ("cache/a.txt", PAGE),
        ("target/a.txt", PAGE),
    ]);
    assert_eq!(found(root.path(), &workspace(root.path())).0, ["target/a.txt"]);
}

#[test]
fn named_paths_are_read_whatever_their_name_and_place() {
    let outside = folder(&[
        ("notes.md", PAGE),
        ("more/a.txt", PAGE),
        ("more/b.md", PAGE),
        ("other.txt", "prose"),
        (".gitignore", "more\n"),
    ]);
    let root = outside.path();
    let explicit = ["notes.md", "more", "other.txt", "gone.txt"].map(|name| root.join(name)).to_vec();
    let (files, problems) = found(root, &Roots { workspace: Vec::new(), explicit });
    assert_eq!(files, ["more/a.txt", "notes.md"]);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(problems[0], "gone.txt does not exist; correct or remove it in corpus.paths");
    assert!(problems[1].starts_with("other.txt is in no format ibid reads"), "{}", problems[1]);
}

#[test]
fn overlapping_roots_give_every_file_once() {
    let root = folder(&[("pages/a.txt", PAGE), ("b.txt", PAGE)]);
    let roots = Roots {
        workspace: vec![root.path().to_owned(), root.path().join("pages")],
        explicit: vec![root.path().join("pages/a.txt"), root.path().join("pages")],
    };
    let discovery = discover(&roots);
    assert_eq!(discovery.files.len(), 2);
    let named: Vec<bool> = discovery.files.iter().map(|found| found.file.explicit).collect();
    assert_eq!(named, [false, true]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_loops_end() {
    let outside = folder(&[("far.txt", PAGE)]);
    let root = folder(&[
        ("real/a.txt", PAGE),
        ("real/loop -> ..", ""),
        ("alias -> real", ""),
        ("b.txt -> real/a.txt", ""),
        ("broken.txt -> nowhere", ""),
    ]);
    std::os::unix::fs::symlink(outside.path(), root.path().join("linked")).unwrap();
    let (files, problems) = found(root.path(), &workspace(root.path()));
    assert_eq!(files, ["linked/far.txt", "real/a.txt"]);
    assert!(problems.is_empty(), "{problems:?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_opened() {
    let root = folder(&[("a.txt", PAGE)]);
    let socket = root.path().join("socket.txt");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let roots = Roots { workspace: vec![root.path().to_owned()], explicit: vec![socket] };
    let (files, problems) = found(root.path(), &roots);
    assert_eq!(files, ["a.txt"]);
    assert_eq!(problems, ["socket.txt is neither a file nor a folder; name one in corpus.paths"]);
}

#[test]
fn size_and_time_come_along() {
    let root = folder(&[("a.txt", PAGE)]);
    let (candidates, _) = candidates(&workspace(root.path()));
    assert_eq!(candidates[0].stamp.size, PAGE.len() as u64);
    assert!(candidates[0].stamp.modified_ns > Some(0));
    assert_eq!(candidate(&root.path().join("a.txt"), false).unwrap(), candidates[0]);
    assert!(candidate(root.path(), false).is_err());
}

#[test]
fn bibliographies_that_are_not_read_are_problems_and_do_not_keep_what_they_held() {
    let root = folder(&[
        ("a.bib", "<html>Sign in</html>"),
        ("b.csv", "PMID,Title,Authors,Citation\n"),
        ("named.bib", "<html>Sign in</html>"),
        ("ordinary.csv", "a,b\n"),
        ("page.csv", PAGE),
        ("page.txt", PAGE),
    ]);
    let roots = Roots { explicit: vec![root.path().join("named.bib")], ..workspace(root.path()) };
    let (files, messages) = found(root.path(), &roots);
    assert_eq!(files, ["page.txt"]);
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].starts_with("a.bib is named as BibTeX but is a web page; "), "{messages:?}");
    assert!(messages[1].starts_with("b.csv is a table from PubMed (CSV), which ibid does not read; "), "{messages:?}");
    let away: Vec<bool> = discover(&roots).problems.iter().map(|problem| problem.code == Code::Unreachable).collect();
    assert_eq!(away, [false, false, true]);
}

#[cfg(unix)]
#[test]
fn what_lies_outside_comes_after_the_workspace_and_is_bounded() {
    let outside = folder(&[("a/x.txt", PAGE), ("b/c/y.txt", PAGE), ("z.txt", PAGE)]);
    let root = folder(&[("own.txt", PAGE), ("sub/own.txt", PAGE), ("sub/up -> ../..", "")]);
    let vault = root.path().join("sub");
    std::os::unix::fs::symlink(outside.path(), vault.join("link")).unwrap();
    let roots = Roots { explicit: vec![outside.path().join("a"), vault.join("own.txt")], ..workspace(&vault) };
    let own = discover_own(&roots);
    assert_eq!(own.files.iter().map(|found| found.file.path.clone()).collect::<Vec<_>>(), [vault.join("own.txt")]);
    assert_eq!(own.abroad, [outside.path().join("a"), vault.join("link"), vault.join("up")]);
    assert!(own.folders_abroad.is_empty() && own.problems.is_empty());
    let bounded = |entries, folders| {
        let only_link = Roots { explicit: Vec::new(), ..workspace(&outside.path().join("b")) };
        let roots = Roots { explicit: vec![outside.path().to_owned()], ..only_link };
        recognised(walked(&roots, Reach::Everywhere, Bounds { entries, folders }))
    };
    let names = |discovery: &Discovery| -> Vec<String> {
        let below = |path: &Path| path.strip_prefix(outside.path()).unwrap().to_string_lossy().into_owned();
        discovery.files.iter().map(|found| below(&found.file.path)).collect()
    };
    let all = bounded(100, 100);
    assert_eq!((names(&all), all.problems.len()), (["a/x.txt", "b/c/y.txt", "z.txt"].map(str::to_owned).to_vec(), 0));
    assert_eq!(all.folders_abroad, [outside.path().to_owned(), outside.path().join("a")]);
    for (entries, folders) in [(2, 100), (100, 1)] {
        let part = bounded(entries, folders);
        assert!(names(&part).contains(&"b/c/y.txt".to_owned()), "those of the workspace are not bounded");
        assert!(!names(&part).contains(&"z.txt".to_owned()), "{part:?}");
        assert_eq!(part.problems.len(), 1);
        let message = &part.problems[0].message;
        assert!(message.contains(&format!("holds more than {entries} files or {folders} folders")), "{message}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn folders_of_the_system_are_not_looked_into() {
    let root = folder(&[
        ("own.txt", PAGE),
        ("processes -> /proc", ""),
        ("me.json -> /proc/self/environ", ""),
        ("all -> /", ""),
    ]);
    let explicit = ["/proc", "/sys/kernel", "/dev"].map(PathBuf::from).to_vec();
    let own = discover_own(&Roots { explicit, ..workspace(root.path()) });
    assert_eq!(own.files.len(), 1);
    assert_eq!(own.abroad, [root.path().join("all")]);
    let told: Vec<&Path> = own.problems.iter().filter_map(|problem| problem.path.as_deref()).collect();
    let links = ["me.json", "processes"].map(|name| root.path().join(name));
    let mut expected: Vec<&Path> = ["/dev", "/proc", "/sys/kernel"].map(Path::new).to_vec();
    expected.extend(links.iter().map(PathBuf::as_path));
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert!(own.problems.iter().all(|it| it.code == Code::NotRead && it.message.contains("of the system's own")));
}

#[test]
fn what_the_user_names_is_read_or_said_and_what_is_found_only_where_it_is_damaged() {
    let cut = "[{\"id\": \"a\", \"type\": \"article-journal\", \"title\": \"Voles\", \"DOI\" \"10.1/x\"}";
    let root = folder(&[
        ("cut.json", cut),
        ("package.json", "{\"name\": \"x\"}"),
        ("prose.json", "Nothing but prose."),
        ("empty.bib", ""),
        (".obsidian/app.json", cut),
        ("own/cut.json", cut),
        ("own/package.json", "{\"name\": \"x\"}"),
        ("own/empty.json", ""),
        ("own/prose.json", "Nothing but prose."),
    ]);
    // As the configuration gives them: with the separators of the system alone.
    let explicit = |names: &[&str]| names.iter().map(|name| root.path().join(name).components().collect()).collect();
    let starts = |messages: &[String], expected: &[&str]| {
        assert_eq!(messages.len(), expected.len(), "{messages:?}");
        messages.iter().zip(expected).for_each(|(it, expected)| assert!(it.starts_with(expected), "{it}"));
    };
    let damaged = "cut.json looks like a bibliography but is no JSON: on line 1, expected `:`, so it was not read; ";
    let (files, problems) = found(root.path(), &workspace(root.path()));
    assert_eq!(files, ["empty.bib"]);
    let own = format!("own{}{damaged}", std::path::MAIN_SEPARATOR);
    starts(&problems, &[damaged, &own]);
    // A folder that is named is not each of its files.
    let folder = Roots { workspace: Vec::new(), explicit: explicit(&["own"]) };
    starts(&found(&root.path().join("own"), &folder).1, &[damaged]);
    let named = ["own/cut.json", "own/package.json", "own/empty.json", "own/prose.json"];
    let named = Roots { workspace: Vec::new(), explicit: explicit(&named) };
    let discovery = discover(&named);
    assert!(discovery.problems.iter().all(|it| it.code == Code::Unreachable), "{discovery:?}");
    starts(
        &found(&root.path().join("own"), &named).1,
        &[
            damaged,
            "empty.json is empty; write it again, or correct",
            "package.json is JSON, but in no format ibid reads (",
            "prose.json is no JSON: on line 1, expected value, so it was not read; mend it, or correct",
        ],
    );
}
