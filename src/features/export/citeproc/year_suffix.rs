//! Letters after the year, for works that a citation could not tell apart: 2009a, 2009b.

use std::collections::BTreeMap;

use hayagriva::citationberg::DisambiguationRule;

use super::super::keys::letters;
use super::item::{Item, Name};
use super::output::{first_names, joined, plain_text};
use super::render::{Purpose, Sheet};

/// The letter of each item, none for most. They follow the order of the list.
pub fn year_suffixes(items: &[Item], order: &[usize], sheet: &Sheet<'_>) -> Vec<Option<String>> {
    let mut suffixes = vec![None; items.len()];
    let citation = &sheet.style.citation;
    if !citation.disambiguate_add_year_suffix {
        return suffixes;
    }
    let mut alike: BTreeMap<(String, Vec<String>), Vec<usize>> = BTreeMap::new();
    for (&at, number) in order.iter().zip(1..) {
        let Some(item) = items.get(at) else { continue };
        let mut renderer = sheet.renderer(item, Purpose::Citation);
        // Citations by number never look alike.
        renderer.number = number;
        let cited = joined(renderer.elements(&citation.layout.elements), "");
        let names = first_names(&cited).unwrap_or_default();
        let signature = if citation.disambiguate_add_names { names } else { names.get(..1).unwrap_or_default() };
        let given = citation.disambiguate_add_givenname.then_some(citation.givenname_disambiguation_rule);
        let signature =
            signature.iter().enumerate().map(|(place, name)| distinguishing(name, place == 0, given)).collect();
        alike.entry((plain_text(&cited), signature)).or_default().push(at);
    }
    for members in alike.into_values().filter(|members| members.len() > 1) {
        for (number, at) in members.into_iter().enumerate() {
            if let Some(suffix) = suffixes.get_mut(at) {
                *suffix = Some(letters(number));
            }
        }
    }
    suffixes
}

/// As much of a name as the style adds to citations to tell them apart.
fn distinguishing(name: &Name, is_first: bool, rule: Option<DisambiguationRule>) -> String {
    use DisambiguationRule::{AllNames, AllNamesWithInitials, ByCite, PrimaryName, PrimaryNameWithInitials};
    let initials = || name.given.split([' ', '-', '.']).filter_map(|word| word.chars().next()).collect::<String>();
    let given = match rule {
        Some(AllNames | ByCite) => name.given.clone(),
        Some(AllNamesWithInitials) => initials(),
        Some(PrimaryName) if is_first => name.given.clone(),
        Some(PrimaryNameWithInitials) if is_first => initials(),
        _ => String::new(),
    };
    format!("{}{} {}|{given}", name.literal, name.particle, name.family)
}
