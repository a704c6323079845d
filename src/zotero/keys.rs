//! The citation keys that Better `BibTeX` keeps in a database of its own, as it did before Zotero had a field for them.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::database::{Opening, failed, open, tables};
use super::keys_files;

/// Citation keys by library and item key.
pub(super) type Keys = HashMap<(i64, String), String>;

/// The keys beside a database. What cannot be read has none: an item without a key is found by its title still.
pub(super) fn better_bibtex_keys(database: &Path, opening: Opening) -> Keys {
    let found = keys_files(database).into_iter().filter(|file| file.is_file());
    found.filter_map(|file| read(&file, opening).ok()).find(|keys| !keys.is_empty()).unwrap_or_default()
}

fn read(file: &Path, opening: Opening) -> io::Result<Keys> {
    let connection = open(file, opening)?;
    let tables = tables(&connection)?;
    let mut keys = Keys::new();
    if tables.contains("citationkey") {
        let query = "SELECT libraryID, itemKey, citationKey FROM citationkey WHERE citationKey IS NOT NULL";
        let mut statement = connection.prepare(query).map_err(failed)?;
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).map_err(failed)?;
        keys.extend(rows.flatten().filter(|(_, key): &(_, String)| !key.is_empty()));
    } else if tables.contains("better-bibtex") {
        // Before version 6.7 all of them stood in one text.
        let query = "SELECT data FROM \"better-bibtex\" WHERE name = 'better-bibtex.citekey'";
        let text: String = connection.query_row(query, [], |row| row.get(0)).map_err(failed)?;
        keys.extend(from_json(&text));
    }
    Ok(keys)
}

fn from_json(text: &str) -> Keys {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let entries = value.get("data").and_then(serde_json::Value::as_array).into_iter().flatten();
    let entry = |entry: &serde_json::Value| {
        let text = |name: &str| entry.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
        let key = text("citekey").or_else(|| text("citationKey"))?;
        Some(((entry.get("libraryID")?.as_i64()?, text("itemKey")?.to_owned()), key.to_owned()))
    };
    entries.filter_map(entry).collect()
}
