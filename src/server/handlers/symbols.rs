//! `textDocument/documentSymbol` and `workspace/symbol`: the papers of a corpus file, and papers by their names.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, DocumentSymbol, WorkspaceSymbol};
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert::{MAX_ITEMS, range, uri_of};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Document, Position, PositionRange};

/// What papers are shown as: symbols have no kind of their own for them.
const PAPER: lsp::SymbolKind = lsp::SymbolKind::Constant;

pub(in crate::server) fn document_symbol(
    context: &RequestSnapshot,
    params: lsp::DocumentSymbolParams,
) -> Option<lsp::DocumentSymbolResponse> {
    let file = context.corpus_file()?;
    let mut symbols = features::document_symbols(file);
    symbols.truncate(MAX_ITEMS);
    Some(converted(symbols, &params.text_document.uri, file.document(), context.profile))
}

pub(in crate::server) fn symbol(
    context: &RequestSnapshot,
    params: lsp::WorkspaceSymbolParams,
) -> lsp::WorkspaceSymbolResponse {
    let symbols = features::workspace_symbols(&context.snapshot, &params.query).into_iter();
    symbols.filter_map(workspace_symbol).collect::<Vec<_>>().into()
}

/// Symbols as a tree where the client takes them, as a flat list with places otherwise.
fn converted(
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

fn workspace_symbol(symbol: WorkspaceSymbol) -> Option<lsp::WorkspaceSymbol> {
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
