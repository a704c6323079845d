//! What the end of an element does to the text that stands in it.

use super::tags::Kind;
use crate::corpus::mathml::Layout;
use crate::corpus::text::tex::small;

/// An element that is open.
#[derive(Debug)]
pub(super) struct Frame {
    /// What it is.
    pub kind: Kind,
    /// Where its text begins.
    pub start: usize,
    /// Where the text of its second child begins, and that of its third.
    pub later_children: [Option<usize>; 2],
    /// It has a child.
    pub has_child: bool,
    /// Where a formula in TeX stands that another language may take the place of.
    pub tex: Option<usize>,
    /// A formula in `MathML` was there.
    pub has_math: bool,
}

impl Frame {
    /// An element whose text begins here.
    pub fn new(kind: Kind, start: usize) -> Self {
        Self { kind, start, later_children: [None; 2], has_child: false, tex: None, has_math: false }
    }

    /// Another child begins here.
    pub fn child(&mut self, at: usize) {
        if !self.has_child {
            self.has_child = true;
        } else if let Some(slot) = self.later_children.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(at);
        }
    }

    /// Puts the children of an element of `MathML` together, once all of them are there.
    pub fn lay_out(&self, layout: Layout, out: &mut String) {
        let [second, third] = self.later_children;
        match (layout, second) {
            (Layout::Scripts(below, above), Some(second)) => {
                let over = if below && above { third.map(|third| split_off(out, third)) } else { None };
                let script = split_off(out, second);
                push_script(out, if below { b'_' } else { b'^' }, &script);
                over.into_iter().for_each(|over| push_script(out, b'^', &over));
            }
            (Layout::Fraction, Some(second)) => {
                let below = split_off(out, second);
                let above = split_off(out, self.start);
                push_bracketed(out, &above);
                out.push('/');
                push_bracketed(out, &below);
            }
            (Layout::Root, _) => {
                let inside = split_off(out, self.start);
                out.push('√');
                push_bracketed(out, &inside);
            }
            _ => {}
        }
    }
}

/// The text from a place on, taken away. Nothing where there is no such place.
pub(super) fn split_off(out: &mut String, at: usize) -> String {
    if out.is_char_boundary(at) { out.split_off(at) } else { String::new() }
}

/// A script of a formula: in small characters where there are all of them, else after its sign.
fn push_script(out: &mut String, sign: u8, script: &str) {
    let script = script.trim();
    if script.is_empty() {
        return;
    }
    if let Some(small) = small(script, sign) {
        out.push_str(&small);
        return;
    }
    out.push(char::from(sign));
    push_bracketed(out, script);
}

/// A part of a formula, in brackets where it is more than a word.
fn push_bracketed(out: &mut String, part: &str) {
    let part = part.trim();
    let is_word = part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '′'));
    if is_word || part.chars().nth(1).is_none() {
        out.push_str(part);
    } else {
        out.extend(["(", part, ")"]);
    }
}

/// Whether a heading only says that an abstract follows.
pub(super) fn is_heading(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '.']).to_lowercase();
    [
        "abstract",
        "summary",
        "zusammenfassung",
        "résumé",
        "resumen",
        "resumo",
        "riassunto",
        "samenvatting",
        "аннотация",
        "摘要",
    ]
    .contains(&text.as_str())
}
