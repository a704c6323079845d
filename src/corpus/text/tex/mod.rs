//! TeX → text as people read it.
//!
//! One walker and one set of tables serve two kinds of text: the values of BibTeX, which are TeX, and what other
//! programs export, which may hold some.

mod commands;
mod macros;
mod reader;
mod source;
mod symbols;
mod verbatim;

use std::borrow::Cow;

use super::one_line;
pub(in crate::corpus) use macros::Macros;
use reader::{Dialect, Reader};
pub(super) use symbols::small;
pub(in crate::corpus) use verbatim::verbatim;

/// The text of TeX on one line: `{\"o}` → ö, `$\alpha$` → α, `L$_2$` → L₂, `\emph{x}` → x, `Fig.~3` → Fig. 3.
/// Takes time in proportion to the text.
pub(in crate::corpus) fn readable(tex: &str) -> String {
    tidy(Reader::new(tex, Dialect::Tex).read(tex))
}

/// The text with its TeX made readable as by [`readable`], where it holds any. Prices, `a_b`, `~100`, `{0, 1}` and
/// paths such as `C:\notes` stay as they are, and so does white space.
pub(in crate::corpus) fn readable_if_tex(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_plain = memchr::memchr3(b'\\', b'$', b'{', bytes).is_none()
        && memchr::memchr2(b'~', b'`', bytes).is_none()
        && memchr::memchr_iter(b'-', bytes).all(|at| bytes.get(at + 1) != Some(&b'-'));
    if is_plain { Cow::Borrowed(text) } else { Cow::Owned(Reader::new(text, Dialect::PerhapsTex).read(text)) }
}

/// The text on one line, without copying it where it is so already.
fn tidy(text: String) -> String {
    let has_edge = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    let mut before = 0;
    let has_loose_space = text.bytes().any(|byte| {
        let is_double = byte == b' ' && before == b' ';
        before = byte;
        byte < b' ' || is_double
    });
    let is_gap = |c: char| !c.is_ascii() && (c.is_whitespace() || c.is_control());
    let is_tidy = !has_edge && !has_loose_space && (text.is_ascii() || !text.contains(is_gap));
    if is_tidy { text } else { one_line(&text) }
}

#[cfg(test)]
mod tests;
