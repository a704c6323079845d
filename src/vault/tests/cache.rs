//! What is kept on disk between runs: used where it is right, never trusted where it may not be.

use std::fs;
use std::path::PathBuf;

use super::*;

const FILES: [(&str, &str); 3] =
    [("a.md", "é [[Orca|x]] [@b, p. 3]"), ("b.md", "---\ndoi: 10.1000/x\n---\ndoi:10.1000/y"), ("c.md", "nothing")];

/// A fixture whose notes are all kept.
fn kept() -> Fixture {
    let mut fixture = Fixture::new(&FILES);
    for (name, _) in FILES {
        fixture.settle(name, 60);
    }
    assert_eq!(fixture.scan(), 3);
    fixture
}

/// A vault as after a new start.
fn restart(fixture: &mut Fixture) {
    fixture.vault = Vault::new(fixture.vault.roots().to_vec(), fixture.vault.begin_scan().cache_directory);
}

fn cache_file(fixture: &Fixture) -> PathBuf {
    let folder = fixture.folder.path().join("cache/notes");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    files.pop().unwrap()
}

#[test]
fn a_second_start_reads_no_note() {
    let mut fixture = kept();
    let before = normal(&fixture.vault.snapshot());
    restart(&mut fixture);
    assert!(fixture.vault.snapshot().is_empty());
    assert_eq!(fixture.scan(), 0);
    assert_eq!(normal(&fixture.vault.snapshot()), before);
}

#[test]
fn what_changed_meanwhile_is_read() {
    let mut fixture = kept();
    fixture.write("a.md", "é [[Phi2|x]] [@b, p. 3]");
    fixture.settle("a.md", 30);
    fs::remove_file(fixture.path("c.md")).unwrap();
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 1);
    assert_eq!((fixture.citing("Phi2"), fixture.citing("Orca")), (vec!["a.md 1".to_owned()], vec![]));
    assert_eq!(fixture.vault.snapshot().len(), 2);
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 0);
    assert_eq!(fixture.vault.snapshot().len(), 2);
}

#[test]
fn what_changed_just_now_is_read_again() {
    let mut fixture = Fixture::new(&FILES);
    assert_eq!(fixture.scan(), 3);
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 3);
}

#[test]
fn a_damaged_file_costs_time_and_nothing_else() {
    let mut fixture = kept();
    let expected = normal(&fixture.vault.snapshot());
    let file = cache_file(&fixture);
    let good = fs::read(&file).unwrap();
    let mut bad: Vec<Vec<u8>> = (0..good.len()).step_by(7).map(|at| good[..at].to_vec()).collect();
    bad.extend((0..good.len()).step_by(11).map(|at| {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        flipped
    }));
    bad.push([&good[..], b"x"].concat());
    for bytes in bad {
        fs::write(&file, bytes).unwrap();
        restart(&mut fixture);
        assert_eq!(fixture.scan(), 3);
        assert_eq!(normal(&fixture.vault.snapshot()), expected);
    }
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 0, "the damaged file was replaced");
}

#[test]
fn a_file_of_another_version_is_not_used() {
    let mut fixture = kept();
    let file = cache_file(&fixture);
    let good = fs::read(&file).unwrap();
    let mut other = good[32..].to_vec();
    other[1] ^= 1;
    fs::write(&file, [blake3::hash(&other).as_bytes(), &other[..]].concat()).unwrap();
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 3);
    let rest = [blake3::hash(&good[32..40]).as_bytes(), &good[32..40]].concat();
    fs::write(&file, rest).unwrap();
    restart(&mut fixture);
    assert_eq!(fixture.scan(), 3);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_harm() {
    let mut fixture = Fixture::new(&FILES);
    let file = fixture.path("a.md");
    fixture.vault = Vault::new(fixture.vault.roots().to_vec(), Some(file));
    assert_eq!(fixture.scan(), 3);
    fixture.vault = Vault::new(fixture.vault.roots().to_vec(), None);
    assert_eq!(fixture.scan(), 3);
}
