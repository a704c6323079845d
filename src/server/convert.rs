//! Our plain data ↔ the protocol's types.

use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{Card, CompletionEntry, CompletionList, HoverCard, Target};
use crate::library::RecordAddress;
use crate::server::state::capabilities::ClientProfile;
use crate::text::{Change, Document, Encoding, Position, PositionRange, encoded_len};

/// The path a `file:` address names; `None` for others.
pub(super) fn path_of(uri: &lsp::Uri) -> Option<PathBuf> {
    url::Url::parse(uri.as_ref()).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// The `file:` address of an absolute path.
pub(super) fn uri_of(path: &Path) -> Option<lsp::Uri> {
    url::Url::from_file_path(path).ok().map(|url| lsp::Uri::from(String::from(url)))
}

pub(super) fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

pub(super) fn range(range: PositionRange) -> lsp::Range {
    let convert = |position: Position| lsp::Position { line: position.line, character: position.character };
    lsp::Range { start: convert(range.start), end: convert(range.end) }
}

pub(super) fn change(event: lsp::TextDocumentContentChangeEvent) -> Change {
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

fn markup(markdown: bool, markdown_text: String, plain_text: String) -> lsp::MarkupContent {
    if markdown {
        lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown_text }
    } else {
        lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain_text }
    }
}

pub(super) fn hover(card: HoverCard, document: &Document, profile: ClientProfile) -> lsp::Hover {
    lsp::Hover {
        contents: markup(profile.hover_markdown, card.markdown, card.plain).into(),
        range: Some(range(document.position_range(&card.range, profile.encoding))),
    }
}

pub(super) fn documentation(card: &Card, profile: ClientProfile) -> lsp::Documentation {
    markup(profile.card_markdown, card.markdown(), card.plain()).into()
}

/// The record of a completion item that came back. Items carry two numbers: no path, nothing that could
/// name a file.
pub(super) fn record_address(data: &serde_json::Value) -> Option<RecordAddress> {
    let (file, start) = serde_json::from_value(data.clone()).ok()?;
    Some(RecordAddress { file, start })
}

pub(super) fn completion_list(
    list: CompletionList,
    document: &Document,
    profile: ClientProfile,
) -> lsp::CompletionList {
    let range = range(document.position_range(&list.range, profile.encoding));
    lsp::CompletionList {
        is_incomplete: true,
        items: list.entries.into_iter().map(|entry| completion_item(entry, range, profile)).collect(),
        ..lsp::CompletionList::default()
    }
}

fn completion_item(entry: CompletionEntry, range: lsp::Range, profile: ClientProfile) -> lsp::CompletionItem {
    let data = entry.paper.map(|address| serde_json::json!([address.file, address.start]));
    let (label_details, detail) = if profile.label_details {
        // Editors set this directly behind the label, so that it begins with a space.
        let title = entry.detail.map(|title| format!(" {}", shortened(&title, &entry.label)));
        let details = lsp::CompletionItemLabelDetails { detail: title, description: entry.description };
        (Some(details), None)
    } else {
        let detail = [entry.detail, entry.description].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        (None, (!detail.is_empty()).then_some(detail))
    };
    lsp::CompletionItem {
        label: entry.label,
        label_details,
        kind: Some(lsp::CompletionItemKind::Reference),
        detail,
        sort_text: Some(entry.sort_text),
        filter_text: Some(entry.filter_text),
        text_edit: Some(lsp::TextEdit { range, new_text: entry.new_text }.into()),
        data,
        ..lsp::CompletionItem::default()
    }
}

/// A title beside its short name: without the name it begins with, and short enough for a list.
fn shortened(title: &str, label: &str) -> String {
    const MOST: usize = 60;
    let rest = title.strip_prefix(label).and_then(|rest| rest.strip_prefix(':')).map_or(title, str::trim);
    if rest.chars().count() <= MOST {
        return rest.to_owned();
    }
    let cut: String = rest.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Where a citation leads: links where the client takes them, plain places otherwise.
pub(super) fn definition(
    targets: &[Target],
    document: &Document,
    profile: ClientProfile,
) -> Option<lsp::DefinitionResponse> {
    let found = targets.iter().filter_map(|target| Some((target, uri_of(&target.path)?)));
    if profile.definition_links {
        let links: Vec<lsp::LocationLink> = found
            .map(|(target, target_uri)| lsp::LocationLink {
                origin_selection_range: Some(range(document.position_range(&target.origin, profile.encoding))),
                target_uri,
                target_range: range(record_range(target)),
                target_selection_range: range(title_range(target, profile.encoding)),
            })
            .collect();
        return (!links.is_empty()).then(|| links.into());
    }
    let locations: Vec<lsp::Location> =
        found.map(|(target, uri)| lsp::Location { uri, range: range(title_range(target, profile.encoding)) }).collect();
    (!locations.is_empty()).then(|| lsp::Definition::from(locations).into())
}

/// The title line of a record.
pub(super) fn title_range(target: &Target, encoding: Encoding) -> PositionRange {
    let line = target.span.line;
    let width = match encoding {
        Encoding::Utf16 => target.span.title_utf16,
        other => u32::try_from(encoded_len(&target.title, other)).unwrap_or(u32::MAX),
    };
    PositionRange { start: Position::new(line, 0), end: Position::new(line, width) }
}

/// The whole record: up to the start of the line behind it, which is a place in any encoding.
fn record_range(target: &Target) -> PositionRange {
    let end = target.span.end_line.max(target.span.line).saturating_add(1);
    PositionRange { start: Position::new(target.span.line, 0), end: Position::new(end, 0) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_and_addresses_round_trip() {
        for path in ["/tmp/a b/ü#?.txt", "/papers/100%.md"] {
            let uri = uri_of(Path::new(path)).unwrap();
            assert_eq!(path_of(&uri).unwrap(), Path::new(path));
        }
        for other in ["untitled:Untitled-1", "vscode-remote://x/y", "", "file", "%%%"] {
            assert_eq!(path_of(&lsp::Uri::from(other)), None, "{other}");
        }
    }
}
