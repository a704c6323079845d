//! `textDocument/semanticTokens/full`: citations of nothing look like comments, those of retracted papers are struck through
//! as what is deprecated is. All others keep the colours that the editor's own grammar gives them.

use tower_lsp::gen_lsp_types as lsp;

use crate::diagnostic::{Code, Diagnostic};
use crate::features;
use crate::server::protocol::convert::MAX_ITEMS;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::PositionRange;

pub(in crate::server) fn semantic_tokens_full(
    context: &RequestSnapshot,
    _: lsp::SemanticTokensParams,
) -> Option<lsp::SemanticTokens> {
    let found = features::diagnostics(&context.snapshot, context.note()?);
    let marked = found.iter().filter_map(|it| Some((it.span?.positions(context.profile.encoding), sort_of(it)?)));
    let mut marked: Vec<(PositionRange, (u32, u32))> = marked.filter(|(range, _)| is_within_line(range)).collect();
    marked.sort_by_key(|(range, _)| (range.start.line, range.start.character));
    let (mut line, mut character) = (0, 0);
    let mut data = Vec::new();
    for (range, (token_type, token_modifiers_bitset)) in marked.into_iter().take(MAX_ITEMS) {
        let start = range.start;
        let delta_line = start.line - line;
        let delta_start = if delta_line == 0 { start.character - character } else { start.character };
        let length = range.end.character - start.character;
        data.push(lsp::SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset });
        (line, character) = (start.line, start.character);
    }
    Some(lsp::SemanticTokens { result_id: None, data })
}

/// The type and the modifiers of a token.
fn sort_of(found: &Diagnostic) -> Option<(u32, u32)> {
    match found.code {
        Code::Unresolved => Some((0, 0)),
        Code::Retracted => Some((1, 1)),
        _ => None,
    }
}

/// Whether a range lies in one line, as tokens have to, and is not empty.
fn is_within_line(range: &PositionRange) -> bool {
    range.start.line == range.end.line && range.start.character < range.end.character
}
