//! The portable query: what Elasticsearch, `OpenSearch` and Quickwit all take, and nothing else.

use serde_json::{Map, Value, json};

use super::fields::Fields;
use crate::corpus::without_tex;
use crate::library::without_prefix_of_identifiers;
use crate::paper::Identifier;

/// At most so many papers are asked for at once.
pub(super) const MAX_HITS: usize = 25;

/// Of a longer query the first words count.
const MAX_WORDS: usize = 12;
const MAX_WORD_CHARS: usize = 60;

/// Longer identifiers are not looked for by their beginning.
const MAX_CODE_BYTES: usize = 100;

/// So many identifiers stand in one part of a batch.
pub(super) const IDS_IN_PART: usize = 50;

/// The query as it is known to the cache and sent: its words in lower case, one space between them; what looks like an
/// identifier or a part of one stays as it is. `None` where there is too little to ask for.
pub(super) fn normalised(query: &str) -> Option<String> {
    let plain = without_tex(query);
    let plain = without_prefix_of_identifiers(plain.trim());
    if is_code(plain) {
        return Some(plain.to_lowercase());
    }
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(MAX_WORDS).map(shortened).collect();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let is_dense = words.iter().any(|word| word.chars().any(is_dense));
    (letters >= 2 || is_dense).then(|| words.join(" "))
}

/// Whether one letter of this script is a word.
pub(super) fn is_dense(letter: char) -> bool {
    letter >= '\u{2e80}'
}

/// Whether a text may be an identifier or a part of one: one piece of letters and digits with signs between them.
fn is_code(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"./-_:()<>;".contains(&byte);
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    (4..=MAX_CODE_BYTES).contains(&text.len())
        && text.bytes().all(is_inner)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_punctuation)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '(')
}

fn shortened(word: &str) -> String {
    // Beginnings of words are compared by token, which engines keep in lower case.
    word.chars().take(MAX_WORD_CHARS).flat_map(char::to_lowercase).collect()
}

/// The words of a normalised query.
fn words_of(query: &str) -> Vec<&str> {
    query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MAX_WORDS).collect()
}

/// The body of a search for a normalised query, the last word of which may be a beginning.
pub(super) fn search(query: &str, fields: &Fields) -> Value {
    let words = words_of(query);
    let (last, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (*last, before));
    let must: Vec<Value> = if let Some(all) = &fields.all {
        let whole =
            (!before.is_empty()).then(|| one("match", all, &json!({"query": before.join(" "), "operator": "AND"})));
        whole.into_iter().chain([beginning(all, last)]).collect()
    } else {
        let whole = before.iter().map(|word| any_field(word, false, fields));
        whole.chain([any_field(last, true, fields)]).collect()
    };
    let title = &fields.title;
    let in_title = one("match", title, &json!({"query": words.join(" "), "operator": "AND"}));
    let title_begins = one("match_phrase_prefix", title, &json!({"query": words.join(" ")}));
    let mut should = vec![weighed(&title_begins, 8), weighed(&in_title, 4)];
    let codes = codes(query, fields);
    if codes.is_empty() {
        return body(&json!({"bool": {"must": must, "should": should}}), MAX_HITS);
    }
    // What may be a word of the title as well as a key is looked for as both.
    should.push(json!({"bool": {"must": must}}));
    should.extend(codes.iter().map(|code| weighed(code, 8)));
    body(&json!({"bool": {"should": should, "minimum_should_match": 1}}), MAX_HITS)
}

/// What a query without a space may begin beside words: an identifier, or a code.
fn codes(query: &str, fields: &Fields) -> Vec<Value> {
    const SHORTEST_CODE: usize = 3;
    if query.contains(' ') || query.len() < SHORTEST_CODE || !query.is_ascii() {
        return Vec::new();
    }
    let is_identifier = is_code(query);
    let prefix = |field: &Option<String>, value: &str| Some(one("prefix", field.as_ref()?, &json!({"value": value})));
    let mut found: Vec<Value> = prefix(&fields.codes, query).into_iter().collect();
    if is_identifier && query.starts_with("10.") {
        found.extend(spellings(query, fields).iter().filter_map(|doi| prefix(&fields.doi, doi)));
    } else if is_identifier {
        found.extend(prefix(&fields.arxiv, query));
    }
    found
}

/// A word in one of the fields; the last one may be a beginning.
fn any_field(word: &str, is_beginning: bool, fields: &Fields) -> Value {
    let named = std::iter::once(&fields.title).chain(&fields.authors).chain(&fields.venue);
    let mut should: Vec<Value> = named
        .map(|field| if is_beginning { beginning(field, word) } else { one("match", field, &json!({"query": word})) })
        .collect();
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    should.extend(fields.year.as_ref().filter(|_| is_year).map(|field| one("term", field, &json!({"value": word}))));
    json!({"bool": {"should": should, "minimum_should_match": 1}})
}

pub(super) fn beginning(field: &str, word: &str) -> Value {
    one("match_bool_prefix", field, &json!({"query": word}))
}

pub(super) fn weighed(query: &Value, weight: u32) -> Value {
    json!({"bool": {"must": [query], "boost": weight}})
}

pub(super) fn one(kind: &str, field: &str, parameters: &Value) -> Value {
    let by_field: Map<String, Value> = [(field.to_owned(), parameters.clone())].into_iter().collect();
    json!({ kind: by_field })
}

/// Engines that give no scores tell them where they sort by them, and sort by them only where they are asked to.
pub(super) fn body(query: &Value, size: usize) -> Value {
    json!({"query": query, "size": size, "sort": [{"_score": {"order": "desc"}}], "track_total_hits": false})
}

/// The body of a search for exactly these identifiers.
pub(super) fn by_ids(ids: &[Identifier], fields: &Fields) -> Value {
    let mut dois: Vec<String> = Vec::new();
    let mut arxiv: Vec<&str> = Vec::new();
    for id in ids {
        match id {
            Identifier::Doi(doi) => dois.extend(spellings(doi, fields)),
            Identifier::Arxiv(id) => {
                arxiv.push(id);
                dois.extend(spellings(&format!("10.48550/arxiv.{id}"), fields));
            }
        }
    }
    let terms = |field: &Option<String>, values: Value| field.as_ref().map(|field| one("terms", field, &values));
    let should = [terms(&fields.doi, json!(dois)), terms(&fields.arxiv, json!(arxiv))];
    let should: Vec<Value> = should.into_iter().flatten().collect();
    // The same paper may be there as preprint and article.
    body(&json!({"bool": {"should": should, "minimum_should_match": 1}}), ids.len().saturating_mul(2).min(100))
}

/// The body of a search for titles that have most of the words of one; `None` where it says too little.
pub(super) fn by_title(title: &str, fields: &Fields) -> Option<Value> {
    const MAX_TITLES: usize = 5;
    let normalised = normalised(title)?;
    let words = words_of(&normalised);
    let clauses: Vec<Value> = words.iter().map(|word| one("match", &fields.title, &json!({"query": word}))).collect();
    let least = least_of(clauses.len());
    Some(body(&json!({"bool": {"should": clauses, "minimum_should_match": least}}), MAX_TITLES))
}

/// How many of so many words a paper has to have that may have others.
pub(super) fn least_of(words: usize) -> usize {
    match words {
        0..=2 => words,
        3..=4 => words - 1,
        _ => (2 * words).div_ceil(3),
    }
}

/// A DOI as records may spell it.
fn spellings(doi: &str, fields: &Fields) -> Vec<String> {
    if fields.has_plain_ids {
        return vec![doi.to_owned()];
    }
    let upper = doi.to_uppercase();
    let arxiv = doi.strip_prefix("10.48550/arxiv.").map(|id| format!("10.48550/arXiv.{id}"));
    let mut bare = vec![doi.to_owned()];
    bare.extend((upper != doi).then_some(upper));
    bare.extend(arxiv);
    bare.iter().flat_map(|doi| [doi.clone(), format!("https://doi.org/{doi}")]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::RemotePreset;

    #[test]
    fn queries_are_words_in_lower_case() {
        for (query, expected) in [
            ("Prog  Learn", Some("prog learn")),
            ("  vaswani 2017: att", Some("vaswani 2017 att")),
            ("\"}, evil: {\"", Some("evil")),
            ("Größe ÉCOLE", Some("größe école")),
            ("深", Some("深")),
            ("a", None),
            ("", None),
            ("-* ~", None),
        ] {
            assert_eq!(normalised(query).as_deref(), expected, "{query}");
        }
        let long = normalised(&"word ".repeat(100)).unwrap();
        assert_eq!(long.split(' ').count(), MAX_WORDS);
        assert_eq!(normalised(&"x".repeat(1000)).unwrap().len(), MAX_WORD_CHARS);
    }

    #[test]
    fn all_words_are_asked_for_and_the_last_may_be_a_beginning() {
        let own = search("gull prog learn", &Fields::of_preset(RemotePreset::Ibid));
        let must = own["query"]["bool"]["must"].as_array().unwrap();
        assert_eq!(must[0], json!({"match": {"all": {"query": "gull prog", "operator": "AND"}}}));
        assert_eq!(must[1], json!({"match_bool_prefix": {"all": {"query": "learn"}}}));
        let other = search("gull 2017 le", &Fields::of_preset(RemotePreset::OpenAlex));
        let must = other["query"]["bool"]["must"].as_array().unwrap();
        assert_eq!(must.len(), 3);
        let year = json!({"term": {"publication_year": {"value": "2017"}}});
        assert!(must[1]["bool"]["should"].as_array().unwrap().contains(&year), "{other}");
        assert!(!must[0].to_string().contains("publication_year"));
    }

    #[test]
    fn identifiers_are_asked_for_as_records_spell_them() {
        let ids = [Identifier::Doi("10.1000/ab".to_owned()), Identifier::Arxiv("2306.02707".to_owned())];
        let own = by_ids(&ids, &Fields::of_preset(RemotePreset::Ibid)).to_string();
        assert!(own.contains(r#""doi":["10.1000/ab","10.48550/arxiv.2306.02707"]"#), "{own}");
        assert!(own.contains(r#""arxiv":["2306.02707"]"#), "{own}");
        let other = by_ids(&ids, &Fields::of_preset(RemotePreset::OpenAlex)).to_string();
        for spelt in ["\"10.1000/AB\"", "https://doi.org/10.1000/ab", "https://doi.org/10.48550/arXiv.2306.02707"] {
            assert!(other.contains(spelt), "{other}");
        }
        let strange = by_ids(&ids[..1], &Fields::of_preset(RemotePreset::SemanticScholar));
        assert_eq!(strange["size"], 2);
    }
}
