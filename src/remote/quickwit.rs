//! What Quickwit takes in the place of the portable query: of beginnings of words its `match_bool_prefix` tries the first
//! fifty only, and what it has besides depends on its version.

use serde_json::{Map, Value, json};

use super::forgiving::MAX_ROUGH_HITS;
use super::query::is_dense;

/// Shorter beginnings are too many words to try them all.
const SHORTEST_BEGINNING: usize = 3;

/// The body of a search as Quickwit takes it: 0.9 and later, or, where `is_old`, the versions before, which know neither
/// beginnings of a word by itself nor patterns.
pub(super) fn adapted(mut body: Value, is_old: bool) -> Value {
    if let Some(must) = body.pointer_mut("/query/bool/must").and_then(Value::as_array_mut) {
        // Among the first fifty words with a letter is hardly ever the right one: what has the words before is looked
        // through here.
        let count = must.len();
        must.retain(|clause| count == 1 || !has_short_beginning(clause));
        if must.len() < count {
            body["size"] = MAX_ROUGH_HITS.into();
        }
    }
    body.get_mut("query").into_iter().for_each(|query| adapt(query, is_old));
    body
}

/// Whether a query asks for words with so few letters at their beginning that too many have them.
fn has_short_beginning(query: &Value) -> bool {
    let fields = query["match_bool_prefix"].as_object().into_iter().flat_map(Map::values);
    let mut words = fields.filter_map(|given| given["query"].as_str());
    words.any(|word| word.chars().count() < SHORTEST_BEGINNING && !word.chars().any(is_dense))
}

fn adapt(query: &mut Value, is_old: bool) {
    let Some((kind, inner)) = query.as_object_mut().and_then(|query| query.iter_mut().next()) else { return };
    match (kind.as_str(), is_old) {
        ("bool", _) => {
            let clauses = inner.as_object_mut().into_iter().flat_map(Map::values_mut).filter_map(Value::as_array_mut);
            for list in clauses {
                if is_old {
                    list.retain(|clause| clause.get("regexp").is_none());
                }
                list.iter_mut().for_each(|clause| adapt(clause, is_old));
            }
        }
        ("match_bool_prefix", false) => {
            let word = |given: &Value| given["query"].as_str().filter(|word| is_beginning(word)).map(str::to_owned);
            if let Some((field, word)) = of_field(inner, word) {
                *query = json!({"prefix": {field: {"value": word}}});
            }
        }
        ("prefix", true) => {
            if let Some((field, word)) = of_field(inner, |given| given["value"].as_str().map(str::to_owned)) {
                *query = json!({"match_bool_prefix": {field: {"query": word}}});
            }
        }
        _ => {}
    }
}

/// The only field of a query and something of what is asked of it.
fn of_field(inner: &Value, part: impl Fn(&Value) -> Option<String>) -> Option<(String, String)> {
    let (field, given) = inner.as_object()?.iter().next()?;
    Some((field.clone(), part(given)?))
}

/// Whether a text is the beginning of one word of an alphabet, as the index has it.
fn is_beginning(text: &str) -> bool {
    text.chars().count() >= SHORTEST_BEGINNING
        && text.chars().all(|letter| letter.is_alphanumeric() && !letter.is_uppercase() && !is_dense(letter))
}

/// A pattern for a word with one letter wrong, missing, too many, or two of them exchanged, but for the first one; `None` for
/// what is no word, or too short for that.
pub(super) fn misspelt_pattern(word: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 4..=20;
    let letters: Vec<char> = word.chars().collect();
    if !LENGTHS.contains(&letters.len()) || !letters.iter().all(|letter| letter.is_alphanumeric()) {
        return None;
    }
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let mut pattern = ".?".to_owned();
    for at in (1..letters.len()).rev() {
        let rest = letters.get(at..)?;
        let (first, after) = rest.split_first()?;
        let exchanged = match after.split_first() {
            Some((second, last)) => format!("|{second}{first}{}", text(last)),
            None => String::new(),
        };
        // This letter as it is and something wrong after it, or it is the one that is wrong.
        pattern = format!("({first}{pattern}|.?{}|.{}{exchanged})", text(after), text(rest));
    }
    Some(format!("{}{pattern}", letters.first()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn beginnings_are_asked_for_by_what_a_version_knows() {
        let part = |field: &str, word: &str| json!({"match_bool_prefix": {field: {"query": word}}});
        let own = json!({"prefix": {"codes": {"value": "orca"}}});
        let pattern = json!({"regexp": {"all": {"value": "orc."}}});
        let body = json!({"query": {"bool": {"must": [part("all", "learn"), part("all", "le"), part("all", "深度学习")],
            "should": [{"bool": {"must": [own, pattern], "boost": 8}}]}}, "size": 25});
        let new = adapted(body.clone(), false);
        let learn = json!({"prefix": {"all": {"value": "learn"}}});
        assert_eq!(new["query"]["bool"]["must"], json!([learn, part("all", "深度学习")]));
        assert_eq!(new["query"]["bool"]["should"], body["query"]["bool"]["should"]);
        let old = adapted(body.clone(), true);
        assert_eq!(old["query"]["bool"]["must"], json!([part("all", "learn"), part("all", "深度学习")]));
        assert_eq!(old["query"]["bool"]["should"], json!([{"bool": {"must": [part("codes", "orca")], "boost": 8}}]));
        assert_eq!((&old["size"], adapted(json!({"query": 1}), true)), (&json!(MAX_ROUGH_HITS), json!({"query": 1})));
        let alone = json!({"query": {"bool": {"must": [part("all", "le")]}}, "size": 25});
        assert_eq!(adapted(alone.clone(), false), alone);
    }

    #[test]
    fn a_pattern_takes_one_slip_after_the_first_letter() {
        let pattern = regex::Regex::new(&format!("^(?:{})$", misspelt_pattern("orcas").unwrap())).unwrap();
        for right in ["orcas", "orca", "oras", "orcaas", "orxas", "ocras", "orcsa", "orcasé", "oxrcas"] {
            assert!(pattern.is_match(right), "{right}");
        }
        for wrong in ["rcas", "xrcas", "orc", "orcasxx", "oxcax", "roca"] {
            assert!(!pattern.is_match(wrong), "{wrong}");
        }
        for word in ["orc", "or.as", "a(b)c", &"x".repeat(21)] {
            assert_eq!(misspelt_pattern(word), None, "{word}");
        }
        assert!(misspelt_pattern(&"x".repeat(20)).unwrap().len() < 1500);
    }
}
