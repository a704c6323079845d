//! Sets reference lists by the rules of a CSL style.
//!
//! Styles are those of CSL 1.0.2, as `citationberg` reads them; items are CSL-JSON. It sets lists and nothing else:
//! citations are rendered only to find works that need a letter after the year.

mod case;
mod complexity;
mod date;
mod item;
mod label;
mod locale;
mod name;
mod number;
mod output;
mod render;
mod setting;
mod sort;
#[cfg(test)]
mod tests;
mod year_suffix;

use hayagriva::citationberg::{
    Display, IndependentStyle, LayoutRenderingElement, Locale, ToAffixes as _, ToFormatting as _,
};
use serde_json::{Map, Value};

pub use complexity::is_too_complex;
use item::{Item, Name};
use locale::Terms;
use output::{Node, dressed, first_names, joined, replace_names};
use render::{Purpose, Sheet};
pub use setting::Run;

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which of the items it is for.
    pub item: usize,
    /// What the style puts before the entry, such as its number; empty where there is no such thing.
    pub label: Vec<Run>,
    /// The entry; empty where the style lists no works of this kind.
    pub text: Vec<Run>,
}

/// Why no list can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// The style has no rules for lists.
    #[error("the style has no reference list")]
    NoList,
    /// The style calls itself, or asks for more than can be done in a reasonable time.
    #[error("it asks for more than there is time and room for; its macros call each other too often")]
    TooComplex,
    /// Something in the style or the works that was not foreseen.
    #[error("setting the list failed")]
    Failed,
}

/// The list of some items, in the order of the style; where it has none, in the order given.
pub fn bibliography(
    style: &IndependentStyle,
    locales: &[Locale],
    items: &[Map<String, Value>],
) -> Result<Vec<Entry>, ListError> {
    let list = style.bibliography.as_ref().ok_or(ListError::NoList)?;
    let items: Vec<Item> = items.iter().map(Item::from_json).collect();
    let terms = Terms::new(&style.locale, style.default_locale.as_ref(), locales);
    let sheet = Sheet::new(style, terms, items.len());
    let order = match &list.sort {
        Some(sort) => sort::sorted(&items, &sort.keys, &sheet),
        None => (0..items.len()).collect(),
    };
    let suffixes = year_suffix::year_suffixes(&items, &order, &sheet);
    let has_label = list.second_field_align.is_some() || list.layout.elements.first().is_some_and(is_in_margin);
    let mut entries = Vec::with_capacity(items.len());
    let mut names_before: Option<Vec<Name>> = None;
    for (place, &at) in order.iter().enumerate() {
        let Some(item) = items.get(at) else { continue };
        let mut renderer = sheet.renderer(item, Purpose::Entry);
        renderer.number = place + 1;
        renderer.year_suffix = suffixes.get(at).and_then(Option::as_deref);
        let mut pieces = renderer.elements(&list.layout.elements);
        if sheet.is_exhausted() {
            return Err(ListError::TooComplex);
        }
        let label = if has_label && !pieces.is_empty() { pieces.remove(0) } else { Vec::new() };
        let mut nodes = joined(pieces, "");
        if let Some(substitute) = &list.subsequent_author_substitute {
            let names = first_names(&nodes).map(<[Name]>::to_vec);
            let before = names_before.as_deref().unwrap_or_default();
            replace_names(&mut nodes, before, list.subsequent_author_substitute_rule, substitute);
            names_before = names;
        }
        let nodes: Vec<Node> = dressed(nodes, list.layout.to_formatting(), &list.layout.to_affixes());
        entries.push(Entry {
            item: at,
            label: setting::set(&label, &sheet.terms),
            text: setting::set(&nodes, &sheet.terms),
        });
    }
    Ok(entries)
}

fn is_in_margin(element: &LayoutRenderingElement) -> bool {
    let display = match element {
        LayoutRenderingElement::Text(text) => text.display,
        LayoutRenderingElement::Group(group) => group.display,
        LayoutRenderingElement::Number(number) => number.display,
        _ => None,
    };
    display == Some(Display::LeftMargin)
}
