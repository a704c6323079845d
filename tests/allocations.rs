//! How much memory answers ask the system for: it must not grow with the corpus, since that is what time goes into.
//!
//! A program of its own, because what counts takes the place of the allocator.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ibid::corpus::{Roots, discover};
use ibid::features::{Snapshot, completion, definition, diagnostics, highlights, hover};
use ibid::library::{Aliases, Library};
use ibid::notes::OpenNote;
use ibid::text::Document;
use tokio::io::{AsyncRead, ReadBuf};

/// The numbers of papers that are compared.
const SMALL: usize = 400;
const LARGE: usize = 2_000;

/// A name of five letters, in several of which the names of all other numbers differ.
fn own_name(number: usize) -> String {
    let digits = format!("{:05}", number * 7_919 % 100_003);
    let letters = digits.bytes().map(|digit| char::from(digit - b'0' + b'a'));
    format!("Ze{}k", letters.collect::<String>())
}

/// A corpus of so many papers: all with words in common, each with a name and a word of its own.
fn write_corpus(folder: &Path, papers: usize) -> Vec<PathBuf> {
    let mut page = "new\n\nSubscribe\n\nOct 17\n\n".to_owned();
    for number in 0..papers {
        let own = own_name(number);
        write!(
            page,
            "{own}: Learning of Whale Songs Number {number}\n\nWe gather evidence over many seasons and compare \
             what {own}ology says with what was known.\n\n  • 3 authors\n·\nMay 5, 2020\n\n"
        )
        .unwrap();
    }
    let corpus = folder.join("corpus");
    std::fs::create_dir_all(&corpus).unwrap();
    std::fs::write(corpus.join("page.txt"), page).unwrap();
    vec![corpus]
}

/// A library on disk that is opened afresh for every question, so that nothing is remembered.
struct Corpus {
    folder: tempfile::TempDir,
    roots: Vec<PathBuf>,
}

impl Corpus {
    fn new(papers: usize) -> Corpus {
        let folder = tempfile::tempdir().unwrap();
        let roots = write_corpus(folder.path(), papers);
        let corpus = Corpus { folder, roots };
        let found = discover(&Roots { workspace: corpus.roots.clone(), explicit: Vec::new() });
        corpus.open().sync(&found.files, &|_| false, &mut |_| true);
        assert_eq!(corpus.open().snapshot().record_count(), papers as u64);
        corpus
    }

    fn open(&self) -> Library {
        Library::open(Some(&self.folder.path().join("cache")), &self.roots)
    }

    /// The papers as features see them, without notes.
    fn snapshot(&self) -> Snapshot {
        Snapshot {
            library: self.open().snapshot(),
            aliases: Arc::new(Aliases::default()),
            vault: ibid::vault::VaultSnapshot::default(),
            open_notes: Arc::default(),
            is_complete: true,
            settings: Arc::default(),
            reference: None,
            findings: Arc::default(),
        }
    }

    /// Allocations, and their bytes, of a question about a note that is `text`, asked for the first time.
    fn cost(&self, text: &str, question: &dyn Fn(&Snapshot, &OpenNote)) -> (u64, u64) {
        let snapshot = self.snapshot();
        let note = OpenNote::new(Document::new(text, 1));
        let counted = allocation_counter::measure(|| question(&snapshot, &note));
        (counted.count_total, counted.bytes_total)
    }
}

#[test]
fn answers_allocate_no_more_in_a_larger_library() {
    let (small, large) = (Corpus::new(SMALL), Corpus::new(LARGE));
    let compare = |what: &str, text: &str, question: &dyn Fn(&Snapshot, &OpenNote)| {
        let (before, after) = (small.cost(text, question), large.cost(text, question));
        assert!(before.0 > 0, "{what}: nothing is counted");
        let told = format!("{what}: {before:?} allocations and bytes among {SMALL} papers, {after:?} among {LARGE}");
        assert!(after.0 <= before.0 + before.0 / 4 + 100, "{told}");
        assert!(after.1 <= before.1 + before.1 / 4 + 200_000, "{told}");
    };
    let own = own_name(123);
    for query in ["", "z", "le", "learn", "whale son", "lerning", "evidence", &own, "known gather season"] {
        compare(&format!("completing {query:?}"), &format!("[[{query}"), &|snapshot, note| {
            let list = completion(snapshot, note, 2 + query.len()).unwrap();
            assert!(!list.entries.is_empty(), "{query}");
        });
    }
    for name in [own.clone(), format!("{own}: learning of whale songs number 123")] {
        let text = &format!("[[{name}]]");
        compare(&format!("the card of {name}"), text, &|snapshot, note| assert!(hover(snapshot, note, 4).is_some()));
        compare(&format!("the place of {name}"), text, &|snapshot, note| {
            assert_eq!(definition(snapshot, note, 4).len(), 1);
        });
    }
    compare("a name that is almost one", &format!("[[{own}q]]"), &|snapshot, note| {
        assert!(!ibid::features::diagnostics(snapshot, note).is_empty());
    });
}

/// An input that is there piece by piece, as an editor's is.
struct Typed<'s> {
    rest: &'s [u8],
    is_ready: bool,
}

impl Typed<'_> {
    fn new(rest: &[u8]) -> Typed<'_> {
        Typed { rest, is_ready: false }
    }
}

impl AsyncRead for Typed<'_> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        // At most a message at a time.
        let piece = &self.rest[..self.rest.len().min(out.remaining())];
        let next = piece.windows(15).skip(1).position(|bytes| bytes == b"Content-Length:");
        let (now, rest) = self.rest.split_at(next.map_or(piece.len(), |at| at + 1));
        out.put_slice(now);
        self.rest = rest;
        Poll::Ready(Ok(()))
    }
}

/// A session, as an editor writes it, that opens one document.
fn session_with(text: &str) -> Vec<u8> {
    let document = serde_json::json!({"uri": "untitled:x", "languageId": "plaintext", "version": 1, "text": text});
    let messages = [
        serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}),
        serde_json::json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}),
        serde_json::json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}),
        serde_json::json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}),
        serde_json::json!({"jsonrpc": "2.0", "method": "exit"}),
    ];
    let framed = messages.iter().map(serde_json::Value::to_string);
    framed.flat_map(|body| format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()).collect()
}

#[test]
fn a_document_that_is_opened_is_taken_apart_once() {
    let text = "What *whales* say to \"each other\" is a long story: [[Orca]].\n".repeat(80_000);
    let length = text.len() as u64;
    let serve = |session: Vec<u8>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = ibid::server::ServerOptions::default();
        let mut clean = false;
        let counted = allocation_counter::measure(|| {
            clean = runtime.block_on(ibid::server::serve(Typed::new(&session), tokio::io::sink(), options));
        });
        runtime.shutdown_background();
        assert!(clean);
        counted.bytes_total
    };
    let empty = serve(session_with(""));
    let bytes = serve(session_with(&text)) - empty;
    // The bytes that came, the text in them twice while it is unescaped, and the document.
    assert!(bytes > length, "{bytes} bytes for a document of {length}");
    assert!(bytes < 6 * length, "{bytes} bytes for a document of {length}");
}

/// What long notes consist of that cite much: of each no more is read than so many citations.
const CITING: [(&str, &str); 18] = [
    ("links", "[[Orca]] "),
    ("short links", "[[a]]"),
    ("links by line", "[[Orca]]\n"),
    ("links with labels", "[[Orca#method|the whale]] "),
    ("keys", "@orca "),
    ("clusters", "[see @orca, p. 3; -@lora] "),
    ("one cluster", "@orca; "),
    ("identifiers", "arXiv:2306.02707 "),
    ("addresses", "https://doi.org/10.1000/xyz "),
    ("highlights", "==[[Orca]]== "),
    ("headings", "# [[Orca]]\n"),
    ("lists", "- [[Orca]]\n  - a\n"),
    ("tables", "| [[Orca]] | b |\n"),
    ("quotes", "> > > > [[Orca]]\n"),
    ("HTML", "<b class=\"x\">[[Orca]]</b> "),
    ("footnotes", "[^1]: [[Orca]]\n\n"),
    ("CRLF", "See [[Orca]].\r\n\r\n"),
    ("letters", "\u{e9}\u{1F40B} [[\u{c9}toile]] "),
];

/// What long notes consist of that cite nothing: they are read to their end.
const PLAIN: [(&str, &str); 9] = [
    ("prose", "What whales say is a long story, which nobody has told so far.\n\n"),
    ("brackets", "[["),
    ("emphasis", "*a* **b** _c_ "),
    ("formulas", "$x$ $$y$$ [[a"),
    ("open formulas", "$$[[y\n\n"),
    ("HTML blocks", "<div>\n[[Orca]]\n</div>\n\n"),
    ("code", "`[[Orca]]` "),
    ("fenced code", "```\n[[Orca]]\n```\n\n"),
    ("empty lines", "\n"),
];

/// How many times the memory of its text a long note may take, in all that is kept of it and done with it.
const MOST_TIMES: u64 = 20;

#[test]
fn a_long_note_takes_memory_in_proportion_to_its_text() {
    let corpus = Corpus::new(2);
    let snapshot = corpus.snapshot();
    let citing = CITING.iter().map(|kind| (kind, 2_000_000));
    for ((kind, unit), bytes) in citing.chain(PLAIN.iter().map(|kind| (kind, 200_000))) {
        let text = unit.repeat(bytes / unit.len());
        let length = text.len() as u64;
        let counted = allocation_counter::measure(|| {
            let note = OpenNote::new(Document::new(&text, 1));
            note.parsed();
            // A cursor goes through the note, and all of it is marked.
            for step in 0..10 {
                let offset = text.len() / 10 * step + 3;
                assert!(note.citation_at(offset).is_none_or(|it| it.range.start <= offset && offset <= it.range.end));
            }
            highlights(&snapshot, &note, 3);
            diagnostics(&snapshot, &note);
            assert!(note.citations_in(&(0..text.len())).len() <= note.parsed().citations.len());
            assert!(note.is_parsed());
        });
        let times = counted.bytes_max / length;
        assert!(counted.bytes_max > length, "{kind}: nothing is counted");
        assert!(times < MOST_TIMES, "{kind}: {times} times the memory of the text");
    }
}
