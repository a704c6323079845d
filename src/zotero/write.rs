//! The items of a database as text, one a line, in the members that Better `BibTeX` writes them with.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
use rusqlite::{Row, Rows};

use super::annotations::{Annotation, Attached, attached, number, text};
use super::database::{Database, Optional, failed};
use super::items::{Chosen, Collections, Library, libraries};
use super::json::{List, Object};
use super::keys::{Keys, better_bibtex_keys};
use super::{MARK, Selection};

/// Fields that hold a date twice: first as year, month and day, then as the user wrote it.
const DATES: [&str; 7] =
    ["date", "dateDecided", "dateEnacted", "filingDate", "issueDate", "originalDate", "priorityDate"];

/// Types of items that are no works.
const NO_WORKS: [&str; 3] = ["annotation", "attachment", "note"];

/// Writes the items of a copy of a database into a file without a name, which then stands at its beginning.
///
/// Everything is walked through in the order of the items' numbers, which never change: what is new comes last, and no more
/// than one item is held at a time.
pub(super) fn items(copy: &Path, selection: &Selection) -> io::Result<File> {
    let database = Database::open(copy)?;
    let libraries = libraries(&database)?;
    let collections = Collections::of(&database)?;
    let chosen = Chosen::new(selection, &libraries, &collections)?;
    let world = World { keys: better_bibtex_keys(copy), attached: attached(&database)?, libraries, collections };
    let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
    file.write_all(MARK.as_bytes())?;
    let size = std::fs::metadata(copy)?.len();
    walk(&database, &chosen, &world, most_bytes(size), &mut file)?;
    file.write_all(b"]}\n")?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// What items are written with that does not stand in their own rows.
struct World {
    keys: Keys,
    attached: HashMap<i64, Attached>,
    libraries: HashMap<i64, Library>,
    collections: Collections,
}

/// How long the text of a database of some size may be, in bytes: works share values, but not so many.
fn most_bytes(database_bytes: u64) -> u64 {
    database_bytes.saturating_mul(8).saturating_add(64 << 20)
}

fn walk(database: &Database, chosen: &Chosen, world: &World, most: u64, out: &mut impl Write) -> io::Result<()> {
    let prepare = |query: &str| database.connection.prepare(query).map_err(failed);
    let mut items = prepare(
        "SELECT i.itemID, i.libraryID, i.key, t.typeName FROM items i JOIN itemTypes t ON t.itemTypeID = i.itemTypeID \
         WHERE i.itemID NOT IN (SELECT itemID FROM deletedItems) ORDER BY i.itemID",
    )?;
    let mut fields = prepare(
        "SELECT d.itemID, f.fieldName, v.value FROM itemData d JOIN fields f ON f.fieldID = d.fieldID \
         JOIN itemDataValues v ON v.valueID = d.valueID ORDER BY d.itemID, d.fieldID",
    )?;
    let mut creators = prepare(
        "SELECT x.itemID, t.creatorType, c.firstName, c.lastName, c.fieldMode FROM itemCreators x \
         JOIN creators c ON c.creatorID = x.creatorID JOIN creatorTypes t ON t.creatorTypeID = x.creatorTypeID \
         ORDER BY x.itemID, x.orderIndex",
    )?;
    let none = "SELECT 0, 0 WHERE 0";
    let has_tags = database.has(Optional::Tags);
    let mut tags = prepare(if has_tags {
        "SELECT x.itemID, t.name FROM itemTags x JOIN tags t ON t.tagID = x.tagID ORDER BY x.itemID, t.name"
    } else {
        none
    })?;
    let has_collections = database.has(Optional::CollectionItems);
    let mut places = prepare(if has_collections {
        "SELECT itemID, collectionID FROM collectionItems ORDER BY itemID, collectionID"
    } else {
        none
    })?;
    let mut fields = Of::new(fields.query([]).map_err(failed)?);
    let mut creators = Of::new(creators.query([]).map_err(failed)?);
    let mut tags = Of::new(tags.query([]).map_err(failed)?);
    let mut places = Of::new(places.query([]).map_err(failed)?);
    let mut items = items.query([]).map_err(failed)?;
    let mut line = Vec::with_capacity(4096);
    let mut is_first = true;
    let mut written = 0_u64;
    while let Some(row) = items.next().map_err(failed)? {
        let item = Item { id: number(row, 0), library: number(row, 1), key: text(row, 2), kind: text(row, 3) };
        let mut within = Vec::new();
        places.each(item.id, |row| within.push(number(row, 1)))?;
        if NO_WORKS.contains(&item.kind.as_str()) || !chosen.has(item.library, &within) {
            continue;
        }
        line.clear();
        line.extend_from_slice(if is_first { b"" } else { b",\n" });
        is_first = false;
        let mut object = Object::begin(&mut line);
        object.text("itemType", &item.kind);
        let mut own_key = false;
        fields.each(item.id, |row| {
            let (name, value) = (text(row, 1), text(row, 2));
            own_key |= name == "citationKey";
            object.text(&name, if DATES.contains(&name.as_str()) { plain_date(&value) } else { &value });
        })?;
        object.list("creators", |list| creators.each(item.id, |row| creator(list, row)))?;
        object.list("tags", |list| tags.each(item.id, |row| list.text(&text(row, 1))))?;
        item.finish(object, world, own_key, &within)?;
        written += line.len() as u64;
        if written > most {
            let message = "it holds far more text than a library of its size does";
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        out.write_all(&line)?;
    }
    Ok(())
}

struct Item {
    id: i64,
    library: i64,
    key: String,
    kind: String,
}

impl Item {
    /// What is written of an item besides its own fields.
    fn finish(&self, mut object: Object<'_>, world: &World, has_key: bool, within: &[i64]) -> io::Result<()> {
        let known = world.keys.get(&(self.library, self.key.clone())).filter(|_| !has_key);
        known.into_iter().for_each(|key| object.text("citationKey", key));
        let library = world.libraries.get(&self.library);
        let place = match library.and_then(|library| library.group) {
            Some(group) => format!("groups/{group}"),
            None => "library".to_owned(),
        };
        object.text("select", &format!("zotero://select/{place}/items/{}", self.key));
        let group = library.filter(|library| library.group.is_some());
        group.into_iter().for_each(|library| object.text("group", &library.name));
        let mut paths: Vec<String> = within.iter().filter_map(|at| world.collections.path(*at)).collect();
        paths.sort_unstable();
        object.list("collections", |list| {
            paths.iter().for_each(|path| list.text(path));
            Ok(())
        })?;
        if let Some(attached) = world.attached.get(&self.id) {
            let open = |key: &str| format!("zotero://open-pdf/{place}/items/{key}");
            attached.pdf.iter().for_each(|key| object.text("pdf", &open(key)));
            object.text("annotationCount", &attached.annotations.to_string());
            object.list("annotations", |list| {
                attached.shown.iter().for_each(|annotation| list.object(|object| describe(object, annotation, &open)));
                Ok(())
            })?;
        }
        object.end();
        Ok(())
    }
}

fn describe(object: &mut Object<'_>, annotation: &Annotation, open: &dyn Fn(&str) -> String) {
    object.text("text", &annotation.text);
    object.text("comment", &annotation.comment);
    object.text("page", &annotation.page_label);
    let page = annotation.page.map_or_else(String::new, |page| format!("page={page}&"));
    object.text("url", &format!("{}?{page}annotation={}", open(&annotation.file_key), annotation.key));
}

fn creator(list: &mut List<'_>, row: &Row<'_>) {
    let (first, last) = (text(row, 2), text(row, 3));
    list.object(|object| {
        object.text("creatorType", &text(row, 1));
        // One field for the whole name.
        if number(row, 4) == 1 {
            object.text("name", &last);
        } else {
            object.text("firstName", &first);
            object.text("lastName", &last);
        }
    });
}

/// The date of a field that has it twice, such as `2023-06-05 June 5, 2023`: its parts, as Zotero understood them. The user's
/// own words count where it understood nothing.
fn plain_date(value: &str) -> &str {
    let Some((parts, written)) = value.split_at_checked(10) else { return value };
    let is_parts = parts.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let written = written.trim();
    match parts {
        _ if !is_parts => value,
        "0000-00-00" if !written.is_empty() => written,
        _ if parts.ends_with("-00-00") => parts.get(..4).unwrap_or(parts),
        _ if parts.ends_with("-00") => parts.get(..7).unwrap_or(parts),
        _ => parts,
    }
}

/// Rows in the order of the items they belong to, whose numbers stand first.
struct Of<'s> {
    rows: Rows<'s>,
    /// The item of the row that was read ahead; the last number there is once there are no more.
    next: i64,
    is_begun: bool,
}

impl<'s> Of<'s> {
    fn new(rows: Rows<'s>) -> Self {
        Of { rows, next: i64::MIN, is_begun: false }
    }

    /// Hands on the rows of an item. Items have to be asked for in their order.
    fn each(&mut self, item: i64, mut take: impl FnMut(&Row<'_>)) -> io::Result<()> {
        if !self.is_begun {
            self.is_begun = true;
            self.go_on()?;
        }
        while self.next < item {
            self.go_on()?;
        }
        while self.next == item {
            // `go_on` has left the statement at the row that was read ahead.
            if let Some(row) = self.rows.get() {
                take(row);
            }
            self.go_on()?;
        }
        Ok(())
    }

    fn go_on(&mut self) -> io::Result<()> {
        self.next = self.rows.next().map_err(failed)?.map_or(i64::MAX, |row| number(row, 0));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::plain_date;

    #[test]
    fn dates_are_told_once() {
        for (value, date) in [
            ("2023-06-05 June 5, 2023", "2023-06-05"),
            ("2023-06-00 06/2023", "2023-06"),
            ("2023-00-00 2023 (in press)", "2023"),
            ("0000-00-00 in press", "in press"),
            ("2023-06-05", "2023-06-05"),
            ("0000-00-00", "0000"),
            ("June 2023", "June 2023"),
            ("Frühling 2023", "Frühling 2023"),
            ("", ""),
        ] {
            assert_eq!(plain_date(value), date, "{value}");
        }
    }
}
