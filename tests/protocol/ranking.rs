//! The order of the list, as a researcher types.

use crate::client::Session;
use crate::fixture::note;

/// The labels that are offered for a query, best first.
fn offered(query: &str) -> Vec<String> {
    let (mut session, place) = Session::at(&note(&format!("[[{query}$0\n")));
    session.items(&place).iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn check_first(query: &str, label: &str) {
    let offered = offered(query);
    assert_eq!(offered.first().map(String::as_str), Some(label), "{query:?} offers {offered:?}");
}

#[test]
fn an_exact_name_comes_before_longer_ones() {
    assert_eq!(offered("orca")[..2], ["Orca", "Orcanizer"]);
    check_first("Orcanizer", "Orcanizer");
}

#[test]
fn words_may_be_unfinished_and_in_any_order() {
    check_first("prog learn gpt", "Orca");
    check_first("gpt traces prog", "Orca");
    check_first("adapt low rank", "LoRA");
}

#[test]
fn typos_are_forgiven() {
    check_first("ocra", "Orca");
    check_first("progresive lerning", "Orca");
}

#[test]
fn words_of_abstracts_organisations_and_years_find_papers() {
    check_first("zebrafish", "Orca");
    check_first("lora 2021", "LoRA");
    check_first("2021", "LoRA");
}

#[test]
fn an_empty_query_lists_papers() {
    assert_eq!(offered("").len(), 5);
}

#[test]
fn nonsense_finds_nothing_and_breaks_nothing() {
    for query in ["qqqqzzzz", "\"", "title:orca AND", "((((", "\u{0}\u{1}", "🐋🐋🐋", "*", "~~~", "a\\"] {
        let offered = offered(query);
        assert!(offered.len() <= 5, "{query:?} offers {offered:?}");
    }
}
