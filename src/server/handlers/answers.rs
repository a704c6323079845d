//! What features found about papers and citations → the protocol's types.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{DocumentLink, DocumentSymbol, InlayHint, WorkspaceSymbol};
use crate::server::convert::{range, uri_of};
use crate::server::state::capabilities::ClientProfile;
use crate::text::{Document, Encoding, Position, PositionRange};

/// What papers are shown as: symbols have no kind of their own for them.
const PAPER: lsp::SymbolKind = lsp::SymbolKind::Constant;

pub(in crate::server) fn document_link(
    link: DocumentLink,
    document: &Document,
    encoding: Encoding,
) -> lsp::DocumentLink {
    lsp::DocumentLink {
        range: range(document.position_range(&link.range, encoding)),
        target: Some(lsp::Uri::from(link.url)),
        tooltip: (!link.tooltip.is_empty()).then_some(link.tooltip),
        ..lsp::DocumentLink::default()
    }
}

pub(in crate::server) fn inlay_hint(hint: InlayHint, document: &Document, encoding: Encoding) -> lsp::InlayHint {
    let position = document.position_range(&(hint.offset..hint.offset), encoding).start;
    lsp::InlayHint {
        position: lsp::Position { line: position.line, character: position.character },
        label: hint.text.into(),
        kind: None,
        text_edits: None,
        tooltip: Some(hint.tooltip.into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// Symbols as a tree where the client takes them, as a flat list with places otherwise.
pub(in crate::server) fn document_symbols(
    symbols: Vec<DocumentSymbol>,
    uri: &lsp::Uri,
    document: &Document,
    profile: ClientProfile,
) -> lsp::DocumentSymbolResponse {
    let place = |bytes: &std::ops::Range<usize>| range(document.position_range(bytes, profile.encoding));
    if profile.symbol_trees {
        let tree = symbols.into_iter().map(|symbol| tree_symbol(symbol, &place)).collect::<Vec<_>>();
        return tree.into();
    }
    let flat = symbols.into_iter().map(|symbol| {
        let location = lsp::Location { uri: uri.clone(), range: place(&symbol.range) };
        #[expect(deprecated, reason = "the field has to be given to say nothing by it")]
        lsp::SymbolInformation {
            deprecated: None,
            location,
            base_symbol_information: base(symbol.name, Some(symbol.detail)),
        }
    });
    flat.collect::<Vec<_>>().into()
}

fn tree_symbol(symbol: DocumentSymbol, place: &impl Fn(&std::ops::Range<usize>) -> lsp::Range) -> lsp::DocumentSymbol {
    #[expect(deprecated, reason = "the field has to be given to say nothing by it")]
    lsp::DocumentSymbol {
        range: place(&symbol.range),
        selection_range: place(&symbol.head),
        name: shown(symbol.name),
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: PAPER,
        tags: None,
        deprecated: None,
        children: None,
    }
}

pub(in crate::server) fn workspace_symbol(symbol: WorkspaceSymbol) -> Option<lsp::WorkspaceSymbol> {
    let start = Position::new(symbol.span.line, 0);
    let title_line = PositionRange { start, end: Position::new(symbol.span.line, symbol.span.title_utf16) };
    let location = lsp::Location { uri: uri_of(&symbol.path)?, range: range(title_line) };
    Some(lsp::WorkspaceSymbol {
        location: location.into(),
        data: None,
        base_symbol_information: base(symbol.name, Some(symbol.container)),
    })
}

fn base(name: String, container: Option<String>) -> lsp::BaseSymbolInformation {
    let container_name = container.filter(|it| !it.is_empty());
    lsp::BaseSymbolInformation { name: shown(name), kind: PAPER, tags: None, container_name }
}

/// The protocol wants a name that is not blank.
fn shown(name: String) -> String {
    if name.trim().is_empty() { "untitled".to_owned() } else { name }
}
