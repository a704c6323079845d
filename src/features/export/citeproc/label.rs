//! The label of a work that a style makes of its names and its year: `RoNo78`.

use super::item::{Item, Name};

/// The label: four letters of one name, two of each of up to three names, else one of each of the first four, with the
/// last two digits of the year. Of a work without names it has the letters of the title.
pub fn citation_label(item: &Item) -> String {
    let names = ["author", "editor", "translator"].iter().find_map(|role| item.names(role));
    let names = names.map(|names| names.list.as_slice()).unwrap_or_default();
    let letters_of_each = match names.len() {
        0 | 1 => 4,
        2 | 3 => 2,
        _ => 1,
    };
    let mut label: String = names.iter().take(4).flat_map(|name| letters(family(name)).take(letters_of_each)).collect();
    if label.is_empty() {
        label.extend(letters(item.text("title").unwrap_or_default()).take(4));
    }
    if let Some(year) = item.date("issued").and_then(|date| date.start.year) {
        label.push_str(&format!("{:02}", year.unsigned_abs() % 100));
    }
    label
}

fn family(name: &Name) -> &str {
    if name.literal.is_empty() { &name.family } else { &name.literal }
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn labels_are_made_of_names_and_years() {
        let people = |names: &[&str]| names.iter().map(|name| json!({"family": name, "given": "J."})).collect();
        let cases: [(&[&str], &str); 6] = [
            (&["Doe"], "Doe78"),
            (&["O'Neill"], "ONei78"),
            (&["Roe", "Noakes"], "RoNo78"),
            (&["Roe", "Noakes", "Zimmer"], "RoNoZi78"),
            (&["Roe", "Noakes", "Zimmer", "Alpha", "Beta"], "RNZA78"),
            (&[], "Inde78"),
        ];
        for (names, expected) in cases {
            let people: Vec<Value> = people(names);
            let item = json!({"title": "Index", "author": people, "issued": {"date-parts": [[1978]]}});
            let item = Item::from_json(item.as_object().unwrap_or(&serde_json::Map::new()));
            assert_eq!(citation_label(&item), expected, "{names:?}");
        }
    }
}
