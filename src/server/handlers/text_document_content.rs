//! `workspace/textDocumentContent`: cards as documents `ibid:/card/…`, for papers whose corpus file an editor cannot open.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::refused;
use crate::features::whole_card;
use crate::paper::PaperRef;
use crate::server::protocol::convert::paper_ref;
use crate::server::state::request_snapshot::RequestSnapshot;

/// The scheme of the documents.
pub(in crate::server) const SCHEME: &str = "ibid";

/// What their addresses begin and end with, around what names the paper: two hexadecimal digits a byte, which no editor
/// writes in another way.
const BEFORE: &str = "ibid:/";
const AFTER: &str = "/card.md";

/// The address of the card of a paper.
pub(super) fn card_uri(paper: &PaperRef) -> Option<lsp::Uri> {
    let named = serde_json::to_value(paper).ok()?;
    let digits: String = named.as_str()?.bytes().map(|byte| format!("{byte:02x}")).collect();
    Some(lsp::Uri::from(format!("{BEFORE}{digits}{AFTER}")))
}

/// What names the paper in an address.
fn named(uri: &str) -> Option<String> {
    let digits = uri.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok()
}

/// The card of the paper that an address names.
///
/// # Errors
/// The address names no card, or the paper is no longer there.
pub(in crate::server) fn text_document_content(
    context: &RequestSnapshot,
    params: lsp::TextDocumentContentParams,
) -> Result<lsp::TextDocumentContentResult> {
    let uri = params.uri.to_string();
    let Some(named) = named(&uri) else { return Err(refused(format!("{uri} is the address of no card"))) };
    let paper = paper_ref(&serde_json::Value::String(named)).and_then(|it| context.snapshot.library.paper(&it));
    let Some(paper) = paper else { return Err(refused("This paper is no longer in the corpus.")) };
    let card = whole_card(&context.snapshot, &paper);
    Ok(lsp::TextDocumentContentResult { text: format!("{}\n", card.markdown()) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_names_the_paper_and_no_other_address_does() {
        let reference = serde_json::json!("d:10.1000/x#ü?%25#0a1b2c3d");
        let uri = card_uri(&paper_ref(&reference).unwrap()).unwrap().to_string();
        assert_eq!(named(&uri).as_deref(), reference.as_str());
        for other in [
            "ibid:/card.md",
            "ibid:/6/card.md",
            "ibid:/zz/card.md",
            "ibid:/ff/card.md",
            "ibid:/éé/card.md",
            "file:/61/card.md",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
