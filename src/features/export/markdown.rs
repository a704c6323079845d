//! What a citation style sets → Markdown in which only the style's own emphasis and safe links act as markup.

use hayagriva::citationberg::{FontStyle, FontWeight, Formatting};

use super::super::escape::{escape_onto, plain_text, safe_url};
use super::citeproc::Run;

/// Set text on one line.
pub(super) fn line(runs: &[Run]) -> String {
    written(&with_links(merged(runs.iter().map(piece).collect())))
}

/// Set text without type and escapes.
pub(super) fn text_of(runs: &[Run]) -> String {
    plain_text(&runs.iter().map(|run| run.text.as_str()).collect::<String>())
}

/// Text of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    /// `*`, `**` or nothing.
    marker: &'static str,
    /// A safe address.
    link: Option<String>,
}

fn piece(run: &Run) -> Piece {
    let link = run.link.as_deref().and_then(safe_url);
    let marker = if run.link.is_some() { "" } else { marker(run.formatting) };
    Piece { text: run.text.clone(), marker, link }
}

fn marker(formatting: Formatting) -> &'static str {
    if formatting.font_style == Some(FontStyle::Italic) {
        "*"
    } else if formatting.font_weight == Some(FontWeight::Bold) {
        "**"
    } else {
        ""
    }
}

/// Neighbours of one kind as one piece.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match merged.last_mut() {
            Some(last) if last.marker == piece.marker && last.link == piece.link => last.text.push_str(&piece.text),
            _ => merged.push(piece),
        }
    }
    merged
}

/// Some styles write the beginning of an address as text of their own before its linked rest: the whole becomes the
/// link.
fn with_links(mut pieces: Vec<Piece>) -> Vec<Piece> {
    for at in 1..pieces.len() {
        let (before, rest) = pieces.split_at_mut(at);
        let (Some(before), Some(piece)) = (before.last_mut(), rest.first_mut()) else { continue };
        let Some(url) = piece.link.clone() else { continue };
        let Some(start) = url.strip_suffix(&piece.text).filter(|start| !start.is_empty()) else { continue };
        if let Some(text) = before.text.strip_suffix(start).map(str::to_owned) {
            before.text = text;
            piece.text = url;
        }
    }
    pieces
}

fn written(pieces: &[Piece]) -> String {
    let mut line = String::new();
    let mut last = None;
    for (at, piece) in pieces.iter().enumerate() {
        let next = pieces.get(at + 1).and_then(|next| next.text.chars().next());
        let starts_spaced = piece.text.starts_with(char::is_whitespace);
        if starts_spaced && !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
        let text = plain_text(&piece.text);
        if !text.is_empty() {
            let before = if line.ends_with(' ') { Some(' ') } else { last };
            let after = if piece.text.ends_with(char::is_whitespace) { Some(' ') } else { next };
            push_marked(&mut line, piece, &text, before, after);
            last = text.chars().next_back();
            if piece.text.ends_with(char::is_whitespace) {
                line.push(' ');
            }
        }
    }
    line.trim_end().to_owned()
}

/// Adds a piece with its markup, or without where Markdown would not take it for markup between these neighbours.
fn push_marked(line: &mut String, piece: &Piece, text: &str, before: Option<char>, after: Option<char>) {
    if let Some(url) = &piece.link {
        if url == text {
            line.extend(["<", url, ">"]);
        } else {
            line.push('[');
            escape_onto(line, text, Some(']'));
            line.extend(["](", url, ")"]);
        }
        return;
    }
    let is_open = |neighbour: Option<char>| {
        neighbour.is_none_or(|letter| letter.is_whitespace() || (letter.is_ascii_punctuation() && letter != '*'))
    };
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let opens = is_open(before) || is_word(text.chars().next());
    let closes = is_open(after) || is_word(text.chars().next_back());
    let marker = if opens && closes { piece.marker } else { "" };
    line.push_str(marker);
    escape_onto(line, text, if marker.is_empty() { after } else { Some('*') });
    line.push_str(marker);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, marker: &'static str, link: Option<&str>) -> Piece {
        Piece { text: text.into(), marker, link: link.map(str::to_owned) }
    }

    #[test]
    fn emphasis_and_links_are_written() {
        let pieces = [piece("Ada. ", "", None), piece("Whales.", "*", None), piece(" 2020, ", "", None)];
        assert_eq!(written(&pieces), "Ada. *Whales.* 2020,");
        let link = piece("10.1/x", "", Some("https://doi.org/10.1/x"));
        assert_eq!(written(std::slice::from_ref(&link)), "[10.1/x](https://doi.org/10.1/x)");
        let pieces = vec![piece("See https://doi.org/", "", None), link];
        assert_eq!(written(&with_links(pieces)), "See <https://doi.org/10.1/x>");
    }

    #[test]
    fn emphasis_that_would_not_work_is_left_out() {
        assert_eq!(written(&[piece("a", "", None), piece("(b)", "*", None), piece("c", "", None)]), "a(b)c");
        assert_eq!(written(&[piece("a", "*", None), piece("b", "**", None)]), "*a***b**");
    }
}
