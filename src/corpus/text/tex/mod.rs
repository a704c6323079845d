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

use super::{one_line, one_line_of};
pub(in crate::corpus) use macros::Macros;
use reader::{Dialect, Reader};
pub(super) use symbols::small;
pub(in crate::corpus) use verbatim::verbatim;

/// The text of TeX on one line: `{\"o}` → ö, `$\alpha$` → α, `L$_2$` → L₂, `\emph{x}` → x, `Fig.~3` → Fig. 3.
/// Takes time in proportion to the text.
pub(in crate::corpus) fn readable(tex: &str) -> String {
    one_line_of(readable_text(tex))
}

/// As [`readable`], but perhaps on several lines where there is neither TeX nor HTML.
pub(in crate::corpus) fn readable_text(tex: &str) -> Cow<'_, str> {
    let bytes = tex.as_bytes();
    if !is_plain(bytes) {
        return Cow::Owned(one_line_of(Cow::Owned(Reader::new(tex, Dialect::Tex).read(tex))));
    }
    let has_html = memchr::memchr2(b'<', b'&', bytes).is_some();
    if has_html { Cow::Owned(one_line(tex)) } else { Cow::Borrowed(tex) }
}

/// Whether nothing in a text means anything to TeX. What stands for something in formulas alone counts for nothing.
fn is_plain(bytes: &[u8]) -> bool {
    memchr::memchr3(b'\\', b'$', b'{', bytes).is_none()
        && memchr::memchr3(b'}', b'~', b'`', bytes).is_none()
        && memchr::memchr2_iter(b'-', b'\'', bytes).all(|at| bytes.get(at + 1) != bytes.get(at))
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

#[cfg(test)]
mod tests;
