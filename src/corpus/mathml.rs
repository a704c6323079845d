//! The elements of `MathML`, which stand in texts of HTML and of XML alike.

use super::table::lookup;

/// What an element does to the text of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum MathElement {
    /// It is the whole formula.
    Formula,
    /// It is no text for readers.
    Hidden,
    /// It puts its children together.
    Of(Layout),
}

/// How an element of `MathML` puts its children together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum Layout {
    /// One after the other.
    Row,
    /// It holds text, no elements.
    Token,
    /// A gap.
    Space,
    /// A base with scripts: whether there is one below, and one above.
    Scripts(bool, bool),
    /// Above and below a line.
    Fraction,
    /// Below a root.
    Root,
}

/// The element of a name, in lower case and without prefix; `None` where `MathML` has none of this name.
pub(in crate::corpus) fn math_element(name: &str) -> Option<MathElement> {
    lookup(&ELEMENTS, &name)
}

/// The elements that titles and abstracts hold, sorted.
const ELEMENTS: [(&str, MathElement); 37] = [
    ("annotation", MathElement::Hidden),
    ("annotation-xml", MathElement::Hidden),
    ("maction", MathElement::Hidden),
    ("maligngroup", MathElement::Of(Layout::Row)),
    ("malignmark", MathElement::Of(Layout::Row)),
    ("math", MathElement::Formula),
    ("menclose", MathElement::Of(Layout::Row)),
    ("merror", MathElement::Of(Layout::Row)),
    ("mfenced", MathElement::Of(Layout::Row)),
    ("mfrac", MathElement::Of(Layout::Fraction)),
    ("mglyph", MathElement::Of(Layout::Token)),
    ("mi", MathElement::Of(Layout::Token)),
    ("mlabeledtr", MathElement::Of(Layout::Row)),
    ("mmultiscripts", MathElement::Of(Layout::Row)),
    ("mn", MathElement::Of(Layout::Token)),
    ("mo", MathElement::Of(Layout::Token)),
    ("mover", MathElement::Of(Layout::Row)),
    ("mpadded", MathElement::Of(Layout::Row)),
    ("mphantom", MathElement::Of(Layout::Row)),
    ("mprescripts", MathElement::Of(Layout::Row)),
    ("mroot", MathElement::Of(Layout::Row)),
    ("mrow", MathElement::Of(Layout::Row)),
    ("ms", MathElement::Of(Layout::Token)),
    ("mspace", MathElement::Of(Layout::Space)),
    ("msqrt", MathElement::Of(Layout::Root)),
    ("mstyle", MathElement::Of(Layout::Row)),
    ("msub", MathElement::Of(Layout::Scripts(true, false))),
    ("msubsup", MathElement::Of(Layout::Scripts(true, true))),
    ("msup", MathElement::Of(Layout::Scripts(false, true))),
    ("mtable", MathElement::Of(Layout::Row)),
    ("mtd", MathElement::Of(Layout::Row)),
    ("mtext", MathElement::Of(Layout::Token)),
    ("mtr", MathElement::Of(Layout::Row)),
    ("munder", MathElement::Of(Layout::Scripts(true, false))),
    ("munderover", MathElement::Of(Layout::Scripts(true, true))),
    ("none", MathElement::Of(Layout::Row)),
    ("semantics", MathElement::Of(Layout::Row)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
    }
}
