//! How much a style asks for: a few macros that call each other can ask for more than there is time for.

use std::collections::HashMap;

use hayagriva::citationberg::{CslMacro, IndependentStyle, LayoutRenderingElement, TextTarget};

/// Whether the macros of a style call each other without end, too deep or too often.
pub fn is_too_complex(style: &IndependentStyle) -> bool {
    /// No known style has a tenth of it.
    const MAX_ELEMENTS: u64 = 2_000_000;
    let mut counter =
        Counter { macros: style.macros.iter().map(|it| (it.name.as_str(), it)).collect(), known: HashMap::new() };
    let layouts = style.bibliography.iter().map(|list| &list.layout).chain([&style.citation.layout]);
    let called = style.macros.iter().map(|it| it.children.as_slice());
    let parts = layouts.map(|layout| layout.elements.as_slice()).chain(called);
    parts.into_iter().any(|elements| counter.elements(elements, 0).is_none_or(|count| count > MAX_ELEMENTS))
}

struct Counter<'a> {
    macros: HashMap<&'a str, &'a CslMacro>,
    /// What a macro comes to; `None` while that is being found out, and where it has no end.
    known: HashMap<&'a str, Option<u64>>,
}

impl<'a> Counter<'a> {
    /// How many elements these come to at most. `None` where there is no end or too much depth.
    fn elements(&mut self, elements: &'a [LayoutRenderingElement], depth: usize) -> Option<u64> {
        const DEEPEST: usize = 150;
        if depth > DEEPEST {
            return None;
        }
        let mut count: u64 = 0;
        for element in elements {
            count = count.saturating_add(1);
            let inner = match element {
                LayoutRenderingElement::Text(text) => match &text.target {
                    TextTarget::Macro { name } => self.macro_(name, depth)?,
                    _ => 0,
                },
                LayoutRenderingElement::Group(group) => self.elements(&group.children, depth + 1)?,
                LayoutRenderingElement::Names(names) => match names.substitute() {
                    Some(substitute) => self.elements(&substitute.children, depth + 1)?,
                    None => 0,
                },
                // One branch at most is taken.
                LayoutRenderingElement::Choose(choose) => {
                    let mut most = 0;
                    for branch in choose.branches() {
                        most = most.max(self.elements(&branch.children, depth + 1)?);
                    }
                    match &choose.otherwise {
                        Some(branch) => most.max(self.elements(&branch.children, depth + 1)?),
                        None => most,
                    }
                }
                LayoutRenderingElement::Date(_)
                | LayoutRenderingElement::Number(_)
                | LayoutRenderingElement::Label(_) => 0,
            };
            count = count.saturating_add(inner);
        }
        Some(count)
    }

    fn macro_(&mut self, name: &str, depth: usize) -> Option<u64> {
        let Some((name, called)) = self.macros.get_key_value(name).map(|(name, called)| (*name, *called)) else {
            return Some(0);
        };
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        self.known.insert(name, None);
        let count = self.elements(&called.children, depth + 1);
        self.known.insert(name, count);
        count
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
    fn styles_without_end_are_told() {
        assert!(!is_too_complex(&style(r#"<macro name="m0"><text variable="title"/></macro>"#)));
        assert!(is_too_complex(&style(r#"<macro name="m0"><text macro="m0"/></macro>"#)));
        let chain = |last: &str| {
            let doubling =
                |at| format!(r#"<macro name="m{at}"><text macro="m{0}"/><text macro="m{0}"/></macro>"#, at + 1);
            (0..40).map(doubling).collect::<Vec<_>>().concat() + last
        };
        assert!(is_too_complex(&style(&chain(r#"<macro name="m40"><text variable="title"/></macro>"#))));
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
