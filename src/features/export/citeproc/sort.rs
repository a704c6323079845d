//! The order of a reference list.

use std::cmp::Ordering;

use hayagriva::citationberg::taxonomy::{NumberVariable, StandardVariable, Variable};
use hayagriva::citationberg::{DemoteNonDroppingParticle, LocaleCode, SortDirection, SortKey};
use icu_collator::options::{AlternateHandling, CollatorOptions};
use icu_collator::{Collator, CollatorBorrowed};

use super::date::sort_key as date_key;
use super::item::Item;
use super::label::citation_label;
use super::output::plain_text;
use super::render::{Purpose, Sheet, ShownNames};

/// What an item is sorted by: the words of each key, none where the item lacks it.
pub type Keys = Vec<Option<Vec<String>>>;

/// The places of the items in the order that these keys ask for; items with equal keys stay in their order.
pub fn sorted(items: &[Item], keys: &[SortKey], sheet: &Sheet<'_>) -> Vec<usize> {
    let collator = collator(&sheet.terms.language);
    let of_items: Vec<Keys> = items
        .iter()
        .zip(1..)
        .map(|(item, number)| keys.iter().map(|key| sort_key(item, number, key, sheet)).collect())
        .collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| compared(&of_items[a], &of_items[b], keys, collator.as_ref()));
    order
}

fn compared(a: &Keys, b: &Keys, keys: &[SortKey], collator: Option<&CollatorBorrowed<'_>>) -> Ordering {
    let of_keys = a.iter().zip(b).zip(keys).map(|((a, b), key)| match (a, b) {
        (Some(a), Some(b)) => {
            let order = words_compared(a, b, collator);
            if key.sort_direction() == SortDirection::Descending { order.reverse() } else { order }
        }
        // What is not there comes last in either direction.
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    of_keys.fold(Ordering::Equal, Ordering::then)
}

fn words_compared(a: &[String], b: &[String], collator: Option<&CollatorBorrowed<'_>>) -> Ordering {
    let compare = |(a, b): (&String, &String)| collator.map_or_else(|| a.cmp(b), |collator| collator.compare(a, b));
    let of_words = a.iter().zip(b).map(compare).find(|order| order.is_ne());
    of_words.unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn sort_key(item: &Item, number: usize, key: &SortKey, sheet: &Sheet<'_>) -> Option<Vec<String>> {
    match key {
        SortKey::MacroName { name, names_min, names_use_first, names_use_last, .. } => {
            let shown = ShownNames { min: *names_min, use_first: *names_use_first, use_last: *names_use_last };
            let mut renderer = sheet.renderer(item, Purpose::SortKey);
            renderer.number = number;
            Some(words(&plain_text(&renderer.macro_for_sorting(name, shown))))
        }
        SortKey::Variable { variable: Variable::Number(NumberVariable::CitationNumber), .. } => {
            Some(vec![format!("{number:09}")])
        }
        SortKey::Variable { variable: Variable::Standard(StandardVariable::CitationLabel), .. } => {
            Some(words(&citation_label(item)))
        }
        SortKey::Variable { variable: Variable::Date(date), .. } => {
            item.date(&date.to_string()).map(|date| vec![date_key(date, true, true)])
        }
        SortKey::Variable { variable: Variable::Name(role), .. } => {
            let names = item.names(&super::name::variable_name(*role))?;
            let keeps_particle = sheet.style.settings.demote_non_dropping_particle == DemoteNonDroppingParticle::Never;
            let text = names.list.iter().flat_map(|name| {
                let (before, after) =
                    if keeps_particle { (name.particle.as_str(), "") } else { ("", name.particle.as_str()) };
                [before, &name.literal, &name.family, &name.given, &name.dropping_particle, after, &name.suffix]
            });
            Some(words(&text.collect::<Vec<_>>().join(" ")))
        }
        SortKey::Variable { variable, .. } => {
            let text = item.text(&variable.to_string())?;
            Some(text.parse::<u32>().map_or_else(|_| words(text), |number| vec![format!("{number:09}")]))
        }
    }
}

/// The words of a key in lower case, without apostrophes, which do not count.
fn words(text: &str) -> Vec<String> {
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '\'' | '’' | ',' | 'ʾ' | 'ʿ');
    text.to_lowercase().split(is_between).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn collator(language: &LocaleCode) -> Option<CollatorBorrowed<'static>> {
    let locale: icu_locale::Locale = language.0.parse().ok()?;
    let mut options = CollatorOptions::default();
    options.alternate_handling = Some(AlternateHandling::Shifted);
    Collator::try_new(locale.into(), options).ok()
}
