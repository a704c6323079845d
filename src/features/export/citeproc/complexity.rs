//! How much a style asks for: a few macros that call each other can ask for more than there is time for.

use std::collections::HashMap;

use hayagriva::citationberg::{CslMacro, IndependentStyle, LayoutRenderingElement, TextTarget};

/// The deepest that elements may be nested, macros that are called included. No known style has a fifth of it.
const DEEPEST: usize = 150;

/// Whether the macros of a style call each other without end, too deep or too often.
pub fn is_too_complex(style: &IndependentStyle) -> bool {
    /// No known style has a tenth of it.
    const MAX_ELEMENTS: u64 = 2_000_000;
    let mut counter =
        Counter { macros: style.macros.iter().map(|it| (it.name.as_str(), it)).collect(), known: HashMap::new() };
    let layouts = style.bibliography.iter().map(|list| &list.layout).chain([&style.citation.layout]);
    let called = style.macros.iter().map(|it| it.children.as_slice());
    let parts = layouts.map(|layout| layout.elements.as_slice()).chain(called);
    parts.into_iter().any(|elements| counter.elements(elements, 0).is_none_or(|size| size.count > MAX_ELEMENTS))
}

/// What elements come to, with the macros that they call.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    count: u64,
    height: usize,
}

impl Size {
    /// The larger of two in each respect, of which one is taken.
    fn or(self, other: Size) -> Size {
        Size { count: self.count.max(other.count), height: self.height.max(other.height) }
    }
}

struct Counter<'a> {
    macros: HashMap<&'a str, &'a CslMacro>,
    /// What a macro comes to; `None` while that is being found out, and where it has no end.
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Counter<'a> {
    /// What these come to at most, below so many others. `None` where there is no end or too much depth.
    fn elements(&mut self, elements: &'a [LayoutRenderingElement], depth: usize) -> Option<Size> {
        if depth > DEEPEST {
            return None;
        }
        let mut size = Size::default();
        for element in elements {
            let inner = match element {
                LayoutRenderingElement::Text(text) => match &text.target {
                    TextTarget::Macro { name } => self.macro_(name, depth)?,
                    _ => Size::default(),
                },
                LayoutRenderingElement::Group(group) => self.elements(&group.children, depth + 1)?,
                LayoutRenderingElement::Names(names) => match names.substitute() {
                    Some(substitute) => self.elements(&substitute.children, depth + 1)?,
                    None => Size::default(),
                },
                // One branch at most is taken.
                LayoutRenderingElement::Choose(choose) => {
                    let mut most = Size::default();
                    let branches = choose.branches().map(|branch| branch.children.as_slice());
                    let otherwise = choose.otherwise.iter().map(|branch| branch.children.as_slice());
                    for children in branches.chain(otherwise) {
                        most = most.or(self.elements(children, depth + 1)?);
                    }
                    most
                }
                LayoutRenderingElement::Date(_)
                | LayoutRenderingElement::Number(_)
                | LayoutRenderingElement::Label(_) => Size::default(),
            };
            size.count = size.count.saturating_add(1).saturating_add(inner.count);
            size.height = size.height.max(inner.height + 1);
        }
        Some(size)
    }

    fn macro_(&mut self, name: &str, depth: usize) -> Option<Size> {
        let Some((name, called)) = self.macros.get_key_value(name).map(|(name, called)| (*name, *called)) else {
            return Some(Size::default());
        };
        let size = if let Some(known) = self.known.get(name) {
            *known
        } else {
            self.known.insert(name, None);
            let size = self.elements(&called.children, depth + 1);
            self.known.insert(name, size);
            size
        };
        // What is known may have been found at a lesser depth.
        size.filter(|size| depth + size.height <= DEEPEST)
    }
}

#[cfg(test)]
mod tests {
    use hayagriva::archive::ArchivedStyle;
    use hayagriva::citationberg::Style;

    use super::*;

    fn style(macros: &str) -> IndependentStyle {
        let text = format!(
            r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
            <info><title>T</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>{macros}
            <citation><layout><text variable="title"/></layout></citation>
            <bibliography><layout><text macro="m0"/></layout></bibliography></style>"#
        );
        IndependentStyle::from_xml(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    #[test]
    fn styles_without_end_are_reported() {
        assert!(!is_too_complex(&style(r#"<macro name="m0"><text variable="title"/></macro>"#)));
        assert!(is_too_complex(&style(r#"<macro name="m0"><text macro="m0"/></macro>"#)));
        let chain = |last: &str| {
            let doubling =
                |at| format!(r#"<macro name="m{at}"><text macro="m{0}"/><text macro="m{0}"/></macro>"#, at + 1);
            (0..40).map(doubling).collect::<Vec<_>>().concat() + last
        };
        assert!(is_too_complex(&style(&chain(r#"<macro name="m40"><text variable="title"/></macro>"#))));
        // Each macro is shallow, and adds to the depth of the one before.
        let nested = |inner: &str| "<group>".repeat(20) + inner + &"</group>".repeat(20);
        let stair = |at: usize| {
            let called = nested(&format!(r#"<text macro="s{}"/>"#, at.wrapping_sub(1)));
            format!(r#"<macro name="s{at}">{called}</macro>"#)
        };
        let stairs = |count: usize| {
            let first = r#"<macro name="s0"><text variable="title"/></macro>"#;
            let last = format!(r#"<macro name="m0"><text macro="s{}"/></macro>"#, count - 1);
            first.to_owned() + &(1..count).map(stair).collect::<String>() + &last
        };
        assert!(!is_too_complex(&style(&stairs(6))));
        assert!(is_too_complex(&style(&stairs(9))));
        assert!(is_too_complex(&style(&stairs(2_000))));
        let deep = "<group>".repeat(200) + r#"<text variable="title"/>"# + &"</group>".repeat(200);
        assert!(is_too_complex(&style(&format!(r#"<macro name="m0">{deep}</macro>"#))));
    }

    #[test]
    fn no_built_in_style_is_too_complex() {
        for archived in ArchivedStyle::all() {
            if let Style::Independent(style) = archived.get() {
                assert!(!is_too_complex(&style), "{}", style.info.title.value);
            }
        }
    }
}
