//! Rules of CSL that styles are seldom written for, each by the smallest style that shows it.

#![allow(clippy::unwrap_used)]

use hayagriva::archive;
use hayagriva::citationberg::{IndependentStyle, Locale};
use serde_json::{Map, Value, json};

use super::bibliography;

/// The texts of the list, with their labels, that a style of these elements makes of some items.
fn listed(elements: &str, items: &Value) -> Vec<String> {
    listed_by("", elements, items)
}

/// The same by a style with these attributes.
fn listed_by(attributes: &str, elements: &str, items: &Value) -> Vec<String> {
    let style = format!(
        r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" {attributes}><info>
        <title>t</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>{elements}</style>"#
    );
    let style = IndependentStyle::from_xml(&style).unwrap();
    let locales: Vec<Locale> = archive::locales();
    let items: Vec<Map<String, Value>> =
        items.as_array().unwrap().iter().map(|item| item.as_object().unwrap().clone()).collect();
    let entries = bibliography(&style, &locales, &items).unwrap();
    let text = |runs: &[super::Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
    entries.iter().map(|entry| text(&entry.label) + &text(&entry.text)).collect()
}

fn people(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"family": name, "given": "Kim"})).collect()
}

/// A style with this list, and citations that no test looks at.
fn list(attributes: &str, elements: &str) -> String {
    let citation = r#"<citation><layout><text variable="title"/></layout></citation>"#;
    format!("{citation}<bibliography {attributes}>{elements}</bibliography>")
}

const AUTHORS: &str = r#"<names variable="author"><name form="short"/></names>"#;

#[test]
fn names_are_shown_as_many_as_the_style_says() {
    let five = json!([{"type": "book", "author": people(&["Roe", "Doe", "Blow", "Snow"]), "editor": people(&["Auk"])}]);
    let count = r#"<layout><names variable="author editor"><name form="count"/></names></layout>"#;
    assert_eq!(listed(&list(r#"et-al-min="4" et-al-use-first="3""#, count), &five), ["4"]);
    assert_eq!(listed(&list("", count), &five), ["5"]);
    let layout = format!("<layout>{AUTHORS}</layout>");
    let shortened = list(r#"et-al-min="3" et-al-use-first="1""#, &layout);
    assert_eq!(listed(&shortened, &five), ["Roe et al."]);
    let silent = format!(r#"<locale><terms><term name="et-al"></term></terms></locale>{shortened}"#);
    assert_eq!(listed(&silent, &five), ["Roe"]);
}

#[test]
fn a_delimiter_follows_a_name_that_is_turned_round() {
    let layout = r#"<layout><names variable="author"><name and="symbol" name-as-sort-order="all"
        delimiter-precedes-last="after-inverted-name" delimiter-precedes-et-al="after-inverted-name"/></names></layout>"#;
    let group = json!({"literal": "Gull Society"});
    let person = json!({"family": "Roe", "given": "Kim"});
    let cases = [
        (json!([person, group]), "Roe, Kim, & Gull Society"),
        (json!([group, person]), "Gull Society & Roe, Kim"),
        (json!([{"family": "Gull Society"}, person]), "Gull Society & Roe, Kim"),
    ];
    for (authors, expected) in cases {
        let items = json!([{"type": "book", "author": authors}]);
        assert_eq!(listed(&list("", layout), &items), [expected]);
    }
    let shortened = list(r#"et-al-min="3" et-al-use-first="2""#, layout);
    let items = json!([{"type": "book", "author": [person, group, person]}]);
    assert_eq!(listed(&shortened, &items), ["Roe, Kim, Gull Society et al."]);
}

#[test]
fn keys_of_names_count_what_they_show() {
    let books = json!([
        {"type": "book", "title": "B", "author": people(&["Doe", "Auk", "Tern"])},
        {"type": "book", "title": "A", "author": people(&["Doe", "Tern", "Auk"])},
    ]);
    let by = |key: &str| {
        let authors = format!(r#"<macro name="authors">{AUTHORS}</macro>"#);
        let layout = r#"<layout><text variable="title"/></layout>"#;
        authors + &list("", &format!("<sort>{key}</sort>{layout}"))
    };
    assert_eq!(listed(&by(r#"<key macro="authors"/>"#), &books), ["B", "A"]);
    let last = r#"<key macro="authors" names-min="3" names-use-first="1" names-use-last="true"/>"#;
    assert_eq!(listed(&by(last), &books), ["A", "B"]);
    let first = r#"<key macro="authors" names-min="3" names-use-first="1"/><key variable="title"/>"#;
    assert_eq!(listed(&by(first), &books), ["A", "B"]);
}

#[test]
fn particles_sort_with_the_family_name_unless_the_style_demotes_them() {
    let author =
        |particle: &str, family: &str| json!([{"family": family, "given": "Kim", "non-dropping-particle": particle}]);
    let books = json!([
        {"type": "book", "title": "van Auk", "author": author("van", "Auk")},
        {"type": "book", "title": "di Tern", "author": author("di", "Tern")},
    ]);
    let elements = list("", r#"<sort><key variable="author"/></sort><layout><text variable="title"/></layout>"#);
    assert_eq!(listed(&elements, &books), ["van Auk", "di Tern"]);
    let kept = listed_by(r#"demote-non-dropping-particle="never""#, &elements, &books);
    assert_eq!(kept, ["di Tern", "van Auk"]);
}

#[test]
fn labels_tell_works_apart_that_have_the_same() {
    let elements = r#"<citation disambiguate-add-year-suffix="true"><layout><text variable="citation-label"/></layout></citation>
        <bibliography><sort><key variable="citation-label"/></sort><layout>
        <text variable="citation-label" prefix="[" suffix="] "/><text variable="title"/>
        <date variable="issued" prefix=", "><date-part name="year"/></date></layout></bibliography>"#;
    let issued = json!({"date-parts": [[1978]]});
    let books = json!([
        {"type": "book", "title": "Wombats", "author": people(&["Roe", "Noakes"]), "issued": issued},
        {"type": "book", "title": "Gulls", "author": people(&["Doe"]), "issued": issued},
        {"type": "book", "title": "Whales", "author": people(&["Roe", "Noakes"]), "issued": issued},
    ]);
    let expected = ["[Doe78] Gulls, 1978", "[RoNo78a] Wombats, 1978", "[RoNo78b] Whales, 1978"];
    assert_eq!(listed(elements, &books), expected);
}

#[test]
fn titles_have_the_capitals_of_their_own_language() {
    let layout = r#"<layout><text variable="title" text-case="title"/></layout>"#;
    let books = json!([
        {"type": "book", "title": "review of gulls yet again", "language": "en-GB"},
        {"type": "book", "title": "vom flug der möwen", "language": "de"},
        {"type": "book", "title": "on terns"},
    ]);
    let [english, german] = ["Review of Gulls yet Again", "vom flug der möwen"];
    assert_eq!(listed(&list("", layout), &books), [english, german, "On Terns"]);
    let in_german = listed_by(r#"default-locale="de-DE""#, &list("", layout), &books);
    assert_eq!(in_german, [english, german, "on terns"]);
}

#[test]
fn citations_that_tell_works_apart_need_no_letters() {
    let issued = json!({"date-parts": [[1978]]});
    let books = json!([
        {"type": "book", "title": "Wombats", "author": people(&["Roe"]), "issued": issued},
        {"type": "book", "title": "Gulls", "author": people(&["Doe"]), "issued": issued},
    ]);
    let first = r#"<choose><if position="first"><text variable="title"/></if></choose>"#;
    for citation in [r#"<text variable="citation-number"/>"#, first] {
        let elements = format!(
            r#"<citation disambiguate-add-year-suffix="true"><layout>{citation}</layout></citation>
            <bibliography><layout><text variable="title"/>
            <date variable="issued" prefix=" (" suffix=")"><date-part name="year" suffix=" "/></date></layout></bibliography>"#
        );
        assert_eq!(listed(&elements, &books), ["Wombats (1978)", "Gulls (1978)"], "{citation}");
    }
}

#[test]
fn affixes_of_names_stand_around_each() {
    let layout = r#"<layout><names variable="author"><name initialize-with="" name-as-sort-order="all"
        sort-separator=" " delimiter=", " suffix="."/></names></layout>"#;
    let books = json!([{"type": "book", "author": people(&["Roe", "Doe"])}]);
    assert_eq!(listed(&list("", layout), &books), ["Roe K., Doe K."]);
}

#[test]
fn words_of_a_style_change_their_case_in_every_language() {
    let layout = r#"<layout><names variable="editor"><name/>
        <label form="short" prefix=" (" text-case="title" suffix=")"/></names></layout>"#;
    let books = json!([{"type": "book", "editor": people(&["Roe"]), "language": "fr"}]);
    let term = r#"<locale><terms><term name="editor" form="short">éd.</term></terms></locale>"#;
    let french = listed_by(r#"default-locale="fr-FR""#, &(term.to_owned() + &list("", layout)), &books);
    assert_eq!(french, ["Kim Roe (Éd.)"]);
}

#[test]
fn ordinals_of_old_styles_have_one_suffix_for_all_others() {
    let terms = r#"<locale><terms><term name="ordinal-01">ère</term><term name="ordinal-02">e</term>
        <term name="ordinal-03">e</term><term name="ordinal-04">e</term></terms></locale>"#;
    let layout = r#"<layout><number variable="edition" form="ordinal"/></layout>"#;
    let books: Value = [1, 2, 9, 11].iter().map(|edition| json!({"type": "book", "edition": edition})).collect();
    assert_eq!(listed(&(terms.to_owned() + &list("", layout)), &books), ["1ère", "2e", "9e", "11e"]);
}

#[test]
fn quotations_that_end_together_take_the_full_stop_in() {
    let layout = r#"<layout suffix="."><text variable="title" quotes="true"/></layout>"#;
    let books = json!([{"type": "book", "title": "This is 'the one'"}]);
    assert_eq!(listed(&list("", layout), &books), ["“This is ‘the one.’”"]);
}
