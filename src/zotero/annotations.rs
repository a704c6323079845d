//! The files of items and what the user marked in them.

use std::collections::HashMap;
use std::io;

use rusqlite::Row;

use super::database::{Database, Optional, failed};

/// How many annotations of an item are reported in full: a book read with a marker in the hand has no more.
pub(super) const MAX_ANNOTATIONS: usize = 500;

/// How long the text of one may be, in characters.
const MAX_CHARS: usize = 1000;

/// What hangs below an item.
#[derive(Debug, Default)]
pub(super) struct Attached {
    /// The key of the first PDF, which Zotero opens.
    pub pdf: Option<String>,
    /// How many annotations its files have.
    pub annotations: u64,
    /// The first of them, in the order of the pages.
    pub shown: Vec<Annotation>,
}

/// One annotation.
#[derive(Debug)]
pub(super) struct Annotation {
    /// Its key, and that of the file it is in.
    pub key: String,
    pub file_key: String,
    /// The text that is marked; empty for pictures.
    pub text: String,
    pub comment: String,
    /// The page as the file calls it.
    pub page_label: String,
    /// The page counted from 1.
    pub page: Option<u64>,
    /// The colour, such as `#ffd400`.
    pub color: String,
    pub tags: Vec<String>,
}

/// What hangs below items, by the number of the item: below those that are wanted, or below all.
pub(super) fn attached(database: &Database, only_wanted: bool) -> io::Result<HashMap<i64, Attached>> {
    let mut found: HashMap<i64, Attached> = HashMap::new();
    // The item that a file belongs to, and the file's key.
    let mut files: HashMap<i64, (i64, String)> = HashMap::new();
    let query = "SELECT a.itemID, a.parentItemID, i.key, a.contentType, a.path FROM itemAttachments a \
                 JOIN items i ON i.itemID = a.itemID \
                 WHERE a.parentItemID IS NOT NULL AND a.itemID NOT IN (SELECT itemID FROM deletedItems)";
    let condition = if only_wanted { "AND a.parentItemID IN temp.wanted" } else { "" };
    let query = format!("{query} {condition} ORDER BY a.itemID");
    let mut statement = database.connection.prepare(&query).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let (file, item): (i64, i64) = (number(row, 0), number(row, 1));
        let (key, kind, path) = (text(row, 2), text(row, 3), text(row, 4));
        let is_pdf = kind == "application/pdf" || path.to_ascii_lowercase().ends_with(".pdf");
        if is_pdf && !path.is_empty() {
            found.entry(item).or_default().pdf.get_or_insert_with(|| key.clone());
        }
        files.insert(file, (item, key));
    }
    if database.has(Optional::Annotations) {
        annotations(database, &files, &mut found, only_wanted)?;
    }
    Ok(found)
}

fn annotations(
    database: &Database,
    files: &HashMap<i64, (i64, String)>,
    found: &mut HashMap<i64, Attached>,
    only_wanted: bool,
) -> io::Result<()> {
    let mut tags = tags(database)?;
    let query = "SELECT a.parentItemID, i.key, a.text, a.comment, a.pageLabel, a.position, a.color, a.itemID FROM itemAnnotations a \
                 JOIN items i ON i.itemID = a.itemID \
                 WHERE a.itemID NOT IN (SELECT itemID FROM deletedItems)";
    let of_wanted = "AND a.parentItemID IN (SELECT itemID FROM itemAttachments WHERE parentItemID IN temp.wanted)";
    let condition = if only_wanted { of_wanted } else { "" };
    let query = format!("{query} {condition} ORDER BY a.parentItemID, a.sortIndex");
    let mut statement = database.connection.prepare(&query).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let Some((item, file_key)) = files.get(&number(row, 0)) else { continue };
        let attached = found.entry(*item).or_default();
        attached.annotations += 1;
        if attached.shown.len() < MAX_ANNOTATIONS {
            attached.shown.push(Annotation {
                key: text(row, 1),
                file_key: file_key.clone(),
                text: cut(text(row, 2)),
                comment: cut(text(row, 3)),
                page_label: cut(text(row, 4)),
                page: page_of(&text(row, 5)),
                color: text(row, 6),
                tags: tags.remove(&number(row, 7)).unwrap_or_default(),
            });
        }
    }
    Ok(())
}

/// The tags of annotations, by their numbers.
fn tags(database: &Database) -> io::Result<HashMap<i64, Vec<String>>> {
    let mut found: HashMap<i64, Vec<String>> = HashMap::new();
    if database.has(Optional::Tags) {
        let query = "SELECT x.itemID, t.name FROM itemAnnotations a JOIN itemTags x ON x.itemID = a.itemID \
                     JOIN tags t ON t.tagID = x.tagID ORDER BY x.itemID, t.name";
        let mut statement = database.connection.prepare(query).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            found.entry(number(row, 0)).or_default().push(text(row, 1));
        }
    }
    Ok(found)
}

/// The page of a position, counted from 1. Those of EPUBs and web pages have none.
pub(super) fn page_of(position: &str) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Position {
        #[serde(rename = "pageIndex")]
        page_index: Option<u64>,
    }
    serde_json::from_str::<Position>(position).ok()?.page_index?.checked_add(1)
}

/// A text that is not longer than what is shown.
pub(super) fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// A column as text: numbers as their digits, and nothing for what is neither.
pub(super) fn text(row: &Row<'_>, column: usize) -> String {
    use rusqlite::types::ValueRef;
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Real(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A column as a number; 0, which no row has for its own, where it is none.
pub(super) fn number(row: &Row<'_>, column: usize) -> i64 {
    row.get(column).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_where_there_are_any() {
        for (position, page) in [
            (r#"{"pageIndex":0,"rects":[[1,2,3,4]]}"#, Some(1)),
            (r#"{"pageIndex":11}"#, Some(12)),
            (r#"{"type":"FragmentSelector","value":"epubcfi(/6/4)"}"#, None),
            (r#"{"pageIndex":-1}"#, None),
            ("{", None),
            ("", None),
        ] {
            assert_eq!(page_of(position), page, "{position}");
        }
        assert_eq!(cut("ö".repeat(MAX_CHARS)).chars().count(), MAX_CHARS);
        assert_eq!(cut("ö".repeat(MAX_CHARS + 1)).chars().count(), MAX_CHARS + 1);
    }
}
