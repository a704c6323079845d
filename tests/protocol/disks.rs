//! Folders are moved away and back, replaced by copies, removed and made again: what is there now is seen, and what changes
//! in it afterwards.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, page, write};

/// The name of a paper that is in the corpus from now on, and in no other test or step.
fn write_paper(file: &Path, name: &str) {
    write(file, page(&[&format!("{name}: An Animal of the Sea")]));
}

fn wait_for(session: &mut Session, name: &str) {
    session.wait_until(&format!("{name} is found"), |session| session.card_of(name).contains("Animal of the Sea"));
}

fn wait_for_none(session: &mut Session, name: &str) {
    session.wait_until(&format!("{name} is gone"), |session| !session.card_of(name).contains("Animal of the Sea"));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// What happens to a folder, in which a file is written in its course.
type Way = (&'static str, fn(&Path, &dyn Fn()));

const WAYS: [Way; 6] = [
    ("moved away and back", |folder, change| {
        let away = folder.with_extension("away");
        fs::rename(folder, &away).unwrap();
        fs::rename(&away, folder).unwrap();
        change();
    }),
    ("moved away for some time", |folder, change| {
        let away = folder.with_extension("away");
        fs::rename(folder, &away).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1500));
        fs::rename(&away, folder).unwrap();
        change();
    }),
    ("replaced by a copy", |folder, change| {
        let old = folder.with_extension("old");
        fs::rename(folder, &old).unwrap();
        copy_folder(&old, folder);
        change();
        fs::remove_dir_all(&old).unwrap();
    }),
    ("replaced by a copy that was made before", |folder, change| {
        let (old, new) = (folder.with_extension("old"), folder.with_extension("new"));
        copy_folder(folder, &new);
        fs::rename(folder, &old).unwrap();
        fs::rename(&new, folder).unwrap();
        change();
        fs::remove_dir_all(&old).unwrap();
    }),
    ("removed and made again", |folder, change| {
        let copy = folder.with_extension("copy");
        copy_folder(folder, &copy);
        fs::remove_dir_all(folder).unwrap();
        copy_folder(&copy, folder);
        change();
        fs::remove_dir_all(&copy).unwrap();
    }),
    ("exchanged for another by a link", |folder, change| {
        let target = folder.with_extension("target");
        fs::rename(folder, &target).unwrap();
        std::os::unix::fs::symlink(&target, folder).unwrap();
        change();
        // Other ways want a folder.
        fs::remove_file(folder).unwrap();
        fs::rename(&target, folder).unwrap();
        change();
    }),
];

/// Does all that can happen to a folder, which has a corpus file somewhere in it.
fn survives(session: &mut Session, folder: &Path, file: &Path) {
    for (number, (way, happens)) in WAYS.into_iter().enumerate() {
        let (during, after) = (format!("Whale{number}x"), format!("Seal{number}x"));
        happens(folder, &|| write_paper(file, &during));
        session.wait_until(&format!("what was written is seen: {way}"), |session| {
            session.card_of(&during).contains("Animal of the Sea")
        });
        write_paper(file, &after);
        session.wait_until(&format!("it is watched: {way}"), |session| {
            session.card_of(&after).contains("Animal of the Sea")
        });
        wait_for_none(session, &during);
    }
}

/// A session with a corpus path outside of the workspace.
fn session_with(path: &str) -> (Session, PathBuf) {
    let fixture = format!("{PAPERS}\n//- /ibid.toml\ncorpus.paths = [\"../disk/{path}\"]\n");
    let mut session = Setup::new(&fixture).connect();
    let disk = session.outside().join("disk");
    write_paper(&disk.join("papers/deep/more.txt"), "Beluga");
    session.initialize();
    wait_for(&mut session, "Beluga");
    (session, disk)
}

#[test]
fn a_corpus_folder_outside_the_workspace() {
    let (mut session, disk) = session_with("papers");
    survives(&mut session, &disk.join("papers"), &disk.join("papers/deep/more.txt"));
}

#[test]
fn the_folder_above_a_corpus_folder() {
    let (mut session, disk) = session_with("papers/deep");
    survives(&mut session, &disk, &disk.join("papers/deep/more.txt"));
}

#[test]
fn the_folder_of_a_corpus_file() {
    let (mut session, disk) = session_with("papers/deep/more.txt");
    survives(&mut session, &disk.join("papers/deep"), &disk.join("papers/deep/more.txt"));
}

#[test]
fn a_folder_in_the_workspace() {
    let mut session = Setup::new(PAPERS).start();
    let folder = session.path("shelf");
    write_paper(&folder.join("deep/more.txt"), "Beluga");
    wait_for(&mut session, "Beluga");
    survives(&mut session, &folder, &folder.join("deep/more.txt"));
}

#[test]
fn the_workspace_itself_with_its_notes_and_its_configuration() {
    let fixture =
        format!("{PAPERS}\n//- /ibid.toml\naliases.alias0 = \"Orca\"\n\n//- /deep/more.txt\n{}", page(&["A: B"]));
    let mut session = Setup::new(&fixture).start();
    let (folder, file) = (session.root.clone(), session.path("deep/more.txt"));
    survives(&mut session, &folder, &file);
    for (number, (way, happens)) in WAYS.into_iter().enumerate() {
        let (note, alias) = (format!("Orc{number}"), format!("alias{}", number + 1));
        assert!(session.card_of(&note).contains("Did you mean"), "{way}");
        happens(&folder, &|| {
            write(&folder.join(format!("notes/{note}.md")), "# A note");
            write(&folder.join("ibid.toml"), format!("aliases.{alias} = \"Orca\"\n"));
        });
        session.wait_until(&format!("the note is seen: {way}"), |session| session.card_of(&note).is_empty());
        session.wait_until(&format!("the configuration is read: {way}"), |session| {
            session.card_of(&alias).contains("6 authors")
        });
        fs::remove_file(folder.join(format!("notes/{note}.md"))).unwrap();
        session.wait_until(&format!("notes are watched: {way}"), |session| {
            session.card_of(&note).contains("Did you mean")
        });
    }
}

#[test]
fn an_empty_folder_keeps_its_papers_for_a_while_and_that_is_said_once() {
    let (mut session, disk) = session_with("papers");
    let away = disk.join("away");
    fs::rename(disk.join("papers"), &away).unwrap();
    fs::create_dir(disk.join("papers")).unwrap();
    let is_it = |told: &serde_json::Value| told["message"].as_str().unwrap().contains("is empty; the papers");
    let said = session.notification("window/logMessage", is_it);
    assert!(said["message"].as_str().unwrap().contains("disk/papers"), "{said}");
    // Something else changes, so that all is looked at once more.
    write_paper(&session.path("more.txt"), "Narwhal");
    wait_for(&mut session, "Narwhal");
    wait_for(&mut session, "Beluga");
    assert!(!session.was_told("window/logMessage", is_it));
    fs::remove_dir(disk.join("papers")).unwrap();
    fs::rename(&away, disk.join("papers")).unwrap();
    write_paper(&disk.join("papers/deep/more.txt"), "Porpoise");
    wait_for(&mut session, "Porpoise");
    wait_for_none(&mut session, "Beluga");
}

#[test]
fn changes_that_the_client_tells_of_are_looked_at() {
    let mut session = Setup::new(PAPERS).start();
    write_paper(&session.path("shelf/more.txt"), "Beluga");
    session.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [{"uri": session.uri("shelf/more.txt"), "type": 1}, {"uri": "untitled:x", "type": 2}]}),
    );
    wait_for(&mut session, "Beluga");
    write_paper(&session.path("shelf/more.txt"), "Narwhal");
    session.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [{"uri": session.uri("shelf/more.txt"), "type": 2}]}),
    );
    wait_for(&mut session, "Narwhal");
}

/// What a client says that watches files.
fn watching(relative: bool) -> Value {
    let watch = json!({"dynamicRegistration": true, "relativePatternSupport": relative});
    json!({"workspace": {"didChangeWatchedFiles": watch, "diagnostics": {"refreshSupport": true}}, "textDocument": {"diagnostic": {}}})
}

/// The id and the patterns that the client is asked to watch.
fn registered(session: &Session) -> (String, Vec<Value>) {
    let asked = session.asked("client/registerCapability");
    let registrations = asked["registrations"].as_array().unwrap();
    assert_eq!(registrations.len(), 1, "{asked}");
    assert_eq!(registrations[0]["method"], "workspace/didChangeWatchedFiles");
    let watchers = registrations[0]["registerOptions"]["watchers"].as_array().unwrap();
    let patterns = watchers.iter().map(|it| it["globPattern"].clone()).collect();
    (registrations[0]["id"].as_str().unwrap().to_owned(), patterns)
}

#[test]
fn a_client_that_watches_files_is_asked_to_and_no_other() {
    let fixture = format!("{PAPERS}\n//- /vault/ibid.toml\n[corpus]\npaths = [\"../shelf/library.bib\"]\n");
    let setup = || Setup::new(&fixture).folders(&["vault"]);
    let mut session = setup().capabilities(watching(true)).initialized();
    let (first, patterns) = registered(&session);
    let in_workspace = patterns[0].as_str().unwrap();
    for name in ["*.md", "*.bib", "*.json", "ibid.toml"] {
        assert!(in_workspace.starts_with("**/") && in_workspace.contains(name), "{in_workspace}");
    }
    let shelf = session.uri("shelf");
    let is_library = |it: &&Value| it["baseUri"] == shelf.as_str() && it["pattern"] == "library.bib*";
    assert_eq!(patterns.iter().filter(is_library).count(), 1, "{patterns:?}");
    // Another configuration is another request, and the one before is taken back.
    session.write("vault/ibid.toml", "[corpus]\npaths = [\"../corpus\"]\n");
    let (second, patterns) = registered(&session);
    assert_ne!(first, second);
    let corpus = session.uri("corpus");
    assert!(patterns.iter().any(|it| it["baseUri"] == corpus.as_str()), "{patterns:?}");
    assert!(!patterns.iter().any(|it| it["baseUri"] == shelf.as_str()), "{patterns:?}");
    let taken_back = session.asked("client/unregisterCapability");
    assert_eq!(taken_back["unregisterations"][0]["id"], first.as_str());
    session.wait_ready();
    assert_eq!(session.request_count("client/registerCapability"), 2, "nothing is asked for twice");
    // Folders outside of the workspace have no plain pattern.
    let session = setup().capabilities(watching(false)).initialized();
    assert_eq!(registered(&session).1.len(), 1);
    let none = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": false}}});
    for capabilities in [none, json!({})] {
        let mut session = Setup::new(PAPERS).capabilities(capabilities).start();
        session.write("more.md", "[[Orca]]");
        session.wait_ready();
        assert!(!session.was_asked("client/registerCapability"));
    }
}

#[test]
fn a_change_that_the_system_and_the_client_tell_of_is_read_once() {
    let mut session = Setup::new(PAPERS).capabilities(watching(true)).start();
    let tell = |session: &Session, name: &str| {
        let change = json!({"changes": [{"uri": session.uri(name), "type": 2}]});
        session.notify("workspace/didChangeWatchedFiles", change);
    };
    let count = |session: &Session| session.request_count("workspace/diagnostic/refresh");
    write_paper(&session.path("corpus/more.txt"), "Beluga");
    wait_for(&mut session, "Beluga");
    let quiet = |session: &mut Session| {
        let mut before = count(session);
        loop {
            std::thread::sleep(Duration::from_millis(1500));
            let now = count(session);
            if now == before {
                return now;
            }
            before = now;
        }
    };
    // Each time the papers were looked at the client is told to ask anew.
    let before = quiet(&mut session);
    for _ in 0..3 {
        tell(&session, "corpus/more.txt");
    }
    assert_eq!(quiet(&mut session), before, "what was read is read again");
    tell(&session, "corpus/unknown.txt");
    assert_eq!(quiet(&mut session), before + 1, "what only the client tells of is looked at");
}
