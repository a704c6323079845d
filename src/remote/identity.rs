//! What a record is called on an engine: a name that follows from what identifies its paper, so that the same record is
//! never there twice.

use crate::paper::{Record, identity_keys};

/// The name of a record's document: 32 hexadecimal digits.
pub(crate) fn document_id(record: &Record) -> String {
    let mut hasher = blake3::Hasher::new();
    match identity_keys(record).into_iter().next() {
        Some(key) if !key.starts_with("t:") => drop(hasher.update(key.as_bytes())),
        // Works of one title are told apart by who wrote them when.
        Some(title) => {
            hasher.update(title.as_bytes());
            let author = record.authors.first().map(crate::paper::Person::identity).unwrap_or_default();
            let year = record.date.map(|date| date.year.to_string()).unwrap_or_default();
            hasher.update(format!("\0{author}\0{year}").as_bytes());
        }
        None => drop(hasher.update(record.keys.first().map_or("", String::as_str).as_bytes())),
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Person;

    #[test]
    fn the_same_paper_has_one_name() {
        let named = |title: &str, doi: Option<&str>, author: &str| {
            let record = Record {
                title: title.to_owned(),
                doi: doi.map(str::to_owned),
                authors: vec![Person::new(author, "")],
                ..Record::default()
            };
            document_id(&record)
        };
        assert_eq!(named("Orca", Some("10.1/x"), "Gull"), named("ORCA: more", Some("10.1/x"), "Wren"));
        assert_eq!(named("Orca", None, "Gull"), named("orca!", None, "Gull"));
        assert_ne!(named("Orca", None, "Gull"), named("Orca", None, "Wren"));
        assert_eq!(named("Orca", None, "Gull").len(), 32);
    }
}
