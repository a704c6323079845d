//! Our plain data ↔ the protocol's types.

use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use tower_lsp::gen_lsp_types as lsp;

use crate::files::spelled;
use crate::paper::PaperRef;
use crate::text::{Change, Position, PositionRange};

/// The path of a `file:` URI as the disk spells it; `None` for other schemes.
pub(in crate::server) fn path_of(uri: &lsp::Uri) -> Option<PathBuf> {
    url::Url::parse(uri.as_ref()).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok().map(spelled)
}

/// At most this many places, symbols, links, lenses or hints are sent in one answer: editors show no more, and a message must
/// not grow with whatever the user opens.
pub(in crate::server) const MAX_ITEMS: usize = 10_000;

/// The `file:` URI of an absolute path.
pub(in crate::server) fn uri_of(path: &Path) -> Option<lsp::Uri> {
    url::Url::from_file_path(path).ok().map(|url| lsp::Uri::from(String::from(url)))
}

pub(in crate::server) fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

pub(in crate::server) fn range(range: PositionRange) -> lsp::Range {
    let convert = |position: Position| lsp::Position { line: position.line, character: position.character };
    lsp::Range { start: convert(range.start), end: convert(range.end) }
}

pub(in crate::server) fn change(event: lsp::TextDocumentContentChangeEvent) -> Change {
    use lsp::TextDocumentContentChangeEvent::{
        TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument,
    };
    match event {
        TextDocumentContentChangePartial(part) => Change {
            range: Some(PositionRange { start: position(part.range.start), end: position(part.range.end) }),
            text: part.text,
        },
        TextDocumentContentChangeWholeDocument(whole) => Change { range: None, text: whole.text },
    }
}

/// Markdown where the client shows it, else plain text.
pub(in crate::server) fn markup(markdown: bool, markdown_text: String, plain_text: String) -> lsp::MarkupContent {
    if markdown {
        lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown_text }
    } else {
        lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain_text }
    }
}

/// The paper of an item that came back. Items carry what names the paper to the library: nothing that could name a file.
pub(in crate::server) fn paper_ref(data: &serde_json::Value) -> Option<PaperRef> {
    PaperRef::deserialize(data).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_and_addresses_round_trip() {
        let paths: [&str; 2] = if cfg!(windows) {
            [r"C:\none\a b\ü#.txt", r"\\server\none\100%.md"]
        } else {
            ["/none/a b/ü#?.txt", "/none/100%.md"]
        };
        for path in paths {
            let uri = uri_of(Path::new(path)).unwrap();
            assert_eq!(path_of(&uri).unwrap().as_os_str(), path);
        }
        // As VS Code writes a drive, and as no one is shown a path.
        if cfg!(windows) {
            for (uri, path) in [("file:///c%3A/none/a.md", r"C:\none\a.md"), ("file:///c:/NONE", r"C:\NONE")] {
                assert_eq!(path_of(&lsp::Uri::from(uri)).unwrap().as_os_str(), path, "{uri}");
            }
            assert_eq!(uri_of(Path::new(r"\\?\C:\none\CON.md")).unwrap().as_ref(), "file:///C:/none/CON.md");
        }
        for other in ["untitled:Untitled-1", "vscode-remote://x/y", "", "file", "%%%"] {
            assert_eq!(path_of(&lsp::Uri::from(other)), None, "{other}");
        }
    }
}
