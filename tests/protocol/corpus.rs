//! Broken corpus files next to a good one.

use std::fs::File;
use std::io::{BufWriter, Write};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, page};

/// The good file of a session is read, and stays so when it changes.
fn assert_works(session: &mut Session) {
    assert!(session.card_of("Orca").contains("6 authors"));
    session.write("corpus/last.txt", page(&["Beluga: A White Whale"]));
    session.wait_until("a new paper is found", |session| session.card_of("Beluga").contains("White Whale"));
}

#[test]
fn truncated_empty_and_binary_files_harm_nobody() {
    let mut session = Setup::new(PAPERS).connect();
    let whole = page(&["Cut: A Paper", "Short: Another Paper"]);
    for end in (0..whole.len()).step_by(7) {
        session.write(&format!("cut/{end}.txt"), &whole.as_bytes()[..end]);
    }
    let binary: Vec<u8> = (0..200_000_u32).map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    for name in ["binary.txt", "binary.bib", "binary.json", "binary.jsonl", "binary"] {
        session.write(name, &binary);
        session.write(&format!("empty/{name}"), "");
        session.write(&format!("zeros/{name}"), vec![0; 10_000]);
        let mut page_then_binary = page(&["Before: The Binary"]).into_bytes();
        page_then_binary.extend(&binary);
        session.write(&format!("mixed/{name}"), page_then_binary);
    }
    session.initialize();
    session.wait_ready();
    assert_works(&mut session);
    assert!(session.card_of("Before").contains("The Binary"));
}

#[test]
fn a_file_that_is_not_utf_8_gives_what_can_be_read() {
    let mut session = Setup::new(PAPERS).connect();
    let mut latin = page(&["Caf?: Whales In Paris", "Plain: Whales At Home"]).into_bytes();
    let at = latin.iter().position(|byte| *byte == b'?').unwrap();
    latin[at] = 0xe9;
    session.write("latin.txt", &latin);
    session.initialize();
    session.wait_ready();
    assert!(session.card_of("Plain").contains("Whales At Home"));
    assert_works(&mut session);
}

#[test]
fn a_single_line_of_a_hundred_megabytes_is_survived() {
    let mut session = Setup::new(PAPERS).connect();
    session.write("huge.txt", page(&["Huge: Its Abstract Never Ends"]));
    let mut file = BufWriter::new(File::options().append(true).open(session.path("huge.txt")).unwrap());
    file.write_all(b"\nEndless: A Line\n\n").unwrap();
    let words = b"word ".repeat(1 << 16);
    for _ in 0..(100 << 20) / words.len() {
        file.write_all(&words).unwrap();
    }
    file.write_all(b"\n\n  \xe2\x80\xa2 2 authors\n\xc2\xb7\nMay 4, 2022\n").unwrap();
    drop(file);
    session.initialize();
    session.wait_ready();
    session.wait_until("the good papers are found", |session| session.card_of("Orca").contains("6 authors"));
    session.wait_until("what stands before the line", |session| session.card_of("Huge").contains("Never Ends"));
    assert_works(&mut session);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_or_nowhere_are_passed_by() {
    use std::os::unix::fs::symlink;
    let mut session = Setup::new(PAPERS).connect();
    symlink(&session.root, session.path("corpus/circle")).unwrap();
    symlink("nowhere.txt", session.path("corpus/dangling.txt")).unwrap();
    symlink("self.txt", session.path("corpus/self.txt")).unwrap();
    symlink("papers.txt", session.path("corpus/again.txt")).unwrap();
    session.initialize();
    session.wait_ready();
    let card = session.card_of("Orca");
    assert_eq!(card.matches(".txt:").count(), 1, "each real file counts once: {card}");
    assert_works(&mut session);
}
