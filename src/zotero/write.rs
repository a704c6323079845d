//! The items of a database as text, one a line, in the members that Better `BibTeX` writes them with.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
use rusqlite::{Row, Rows};

use super::annotations::{Annotation, Attached, attached, number, text};
use super::database::{Database, Opening, Optional, failed};
use super::digest::text_digest;
use super::items::{Chosen, Collections, Library, libraries};
use super::json::{List, Object};
use super::keys::{Keys, better_bibtex_keys};
use super::rows::{self, Around, Work};
use super::stamp::write_ahead_log;
use super::{ItemMark, ItemsText, MARK, Selection, WrittenItem};

/// Fields that hold a date twice: first as year, month and day, then as the user wrote it.
const DATES: [&str; 7] =
    ["date", "dateDecided", "dateEnacted", "filingDate", "issueDate", "originalDate", "priorityDate"];

/// Types of items that are no works.
pub(super) const NO_WORKS: [&str; 3] = ["annotation", "attachment", "note"];

/// Of fewer changed works than one in so many, only their own rows are looked up; of more, all rows are walked through.
const MANY_CHANGED: usize = 8;

/// Writes the items of a database that are not as they were seen into a file without a name, which then stands at
/// its beginning. `seen` has the order of the items' numbers.
///
/// Everything is walked through in that order, since the numbers never change: what is new comes last, and no more than one
/// item is held at a time.
pub(super) fn changes(
    path: &Path,
    opening: Opening,
    selection: &Selection,
    seen: &[ItemMark],
) -> io::Result<ItemsText> {
    let database = Database::open(path, opening)?;
    let libraries = libraries(&database)?;
    let collections = Collections::of(&database)?;
    let chosen = Chosen::new(selection, &libraries, &collections)?;
    let keys = better_bibtex_keys(path, opening);
    let around = Around { keys: &keys, libraries: &libraries, collections: &collections, chosen: &chosen };
    let works = rows::works(&database, &around)?;
    let seen_of = |item: i64| seen.binary_search_by_key(&item, |it| it.item).ok().and_then(|at| seen.get(at)).copied();
    let there: HashSet<i64> = works.iter().map(|work| work.item).collect();
    let gone = seen.iter().map(|it| it.item).filter(|item| !there.contains(item)).collect();
    let mut kept = Vec::new();
    let mut wanted = HashMap::new();
    for work in &works {
        match seen_of(work.item).filter(|seen| seen.rows == work.rows) {
            Some(seen) => kept.push(seen),
            None => {
                wanted.insert(work.row, *work);
            }
        }
    }
    let mut lines = Lines::begin(&seen_of, kept)?;
    if !wanted.is_empty() {
        let are_few = wanted.len() < works.len() / MANY_CHANGED;
        if are_few {
            database.want(wanted.keys())?;
        }
        let attached = attached(&database, are_few)?;
        // What came last stands in the log until Zotero has time to move it.
        let log = std::fs::metadata(write_ahead_log(path)).map_or(0, |log| log.len());
        let most = most_bytes(std::fs::metadata(path)?.len().saturating_add(log));
        let world = World { keys, attached, libraries, collections };
        walk(&database, &wanted, are_few, &world, &mut |line, work| {
            lines.put(line, work.item, work.rows)?;
            let message = "it holds far more text than a library of its size does";
            let is_sane = lines.bytes <= most;
            if is_sane { Ok(()) } else { Err(io::Error::new(io::ErrorKind::Unsupported, message)) }
        })?;
    }
    lines.end(gone, wanted.len())
}

/// What items are written with that does not stand in their own rows.
pub(super) struct World {
    pub keys: Keys,
    pub attached: HashMap<i64, Attached>,
    pub libraries: HashMap<i64, Library>,
    pub collections: Collections,
}

/// The texts of items as they are written, without those that read as they did.
pub(super) struct Lines<'a> {
    seen: &'a dyn Fn(i64) -> Option<ItemMark>,
    out: BufWriter<File>,
    written: Vec<WrittenItem>,
    kept: Vec<ItemMark>,
    /// How long the text is so far.
    bytes: u64,
}

impl Lines<'_> {
    /// Begins a text in a file without a name. `kept` are items that are as they were seen.
    pub fn begin(seen: &dyn Fn(i64) -> Option<ItemMark>, kept: Vec<ItemMark>) -> io::Result<Lines<'_>> {
        let mut out = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
        out.write_all(MARK.as_bytes())?;
        Ok(Lines { seen, out, written: Vec::new(), kept, bytes: MARK.len() as u64 })
    }

    /// Takes an item that is as it was seen.
    pub fn keep(&mut self, mark: ItemMark) {
        self.kept.push(mark);
    }

    /// Takes the text of an item.
    pub fn put(&mut self, line: &[u8], item: i64, rows: u64) -> io::Result<()> {
        let mark = ItemMark { item, rows, text: text_digest(line) };
        if (self.seen)(item).is_some_and(|seen| seen.text == mark.text) {
            self.kept.push(mark);
            return Ok(());
        }
        let comma: &[u8] = if self.written.is_empty() { b"" } else { b",\n" };
        self.out.write_all(comma)?;
        self.out.write_all(line)?;
        self.written.push(WrittenItem { mark, start: self.bytes + comma.len() as u64 });
        self.bytes += (comma.len() + line.len()) as u64;
        Ok(())
    }

    /// Ends the text.
    pub fn end(self, gone: Vec<i64>, put_together: usize) -> io::Result<ItemsText> {
        let Lines { mut out, written, mut kept, .. } = self;
        kept.sort_unstable();
        out.write_all(b"]}\n")?;
        let mut text = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        text.seek(SeekFrom::Start(0))?;
        Ok(ItemsText { text, written, kept, gone, put_together, waiting: 0, notice: None })
    }
}

/// How long the text of a database of some size may be, in bytes: works share values, but not so many.
fn most_bytes(database_bytes: u64) -> u64 {
    database_bytes.saturating_mul(8).saturating_add(64 << 20)
}

/// Takes the text of a work.
type OnItem<'a> = dyn FnMut(&[u8], &Work) -> io::Result<()> + 'a;

/// Puts the wanted works together, each from its rows. `are_few` where the database knows them as [`Database::want`] says.
fn walk(
    database: &Database,
    wanted: &HashMap<i64, Work>,
    are_few: bool,
    world: &World,
    take: &mut OnItem<'_>,
) -> io::Result<()> {
    let prepare = |query: &str, condition: &str, order: &str| {
        let condition = if are_few { condition } else { "" };
        database.connection.prepare(&format!("{query} {condition} ORDER BY {order}")).map_err(failed)
    };
    let mut items = prepare(
        "SELECT i.itemID, i.libraryID, i.key, t.typeName FROM items i JOIN itemTypes t ON t.itemTypeID = i.itemTypeID",
        "WHERE i.itemID IN temp.wanted",
        "i.itemID",
    )?;
    let mut fields = prepare(
        "SELECT d.itemID, f.fieldName, v.value FROM itemData d JOIN fields f ON f.fieldID = d.fieldID \
         JOIN itemDataValues v ON v.valueID = d.valueID",
        "WHERE d.itemID IN temp.wanted",
        "d.itemID, d.fieldID",
    )?;
    let mut creators = prepare(
        "SELECT x.itemID, t.creatorType, c.firstName, c.lastName, c.fieldMode FROM itemCreators x \
         JOIN creators c ON c.creatorID = x.creatorID JOIN creatorTypes t ON t.creatorTypeID = x.creatorTypeID",
        "WHERE x.itemID IN temp.wanted",
        "x.itemID, x.orderIndex",
    )?;
    let none = "SELECT 0 AS itemID, 0 AS name";
    let of_none = "itemID LIMIT 0";
    let mut tags = if database.has(Optional::Tags) {
        let query = "SELECT x.itemID, t.name FROM itemTags x JOIN tags t ON t.tagID = x.tagID";
        prepare(query, "WHERE x.itemID IN temp.wanted", "x.itemID, t.name")?
    } else {
        prepare(none, "", of_none)?
    };
    let mut places = if database.has(Optional::CollectionItems) {
        let query = "SELECT itemID, collectionID FROM collectionItems";
        prepare(query, "WHERE itemID IN temp.wanted", "itemID, collectionID")?
    } else {
        prepare(none, "", of_none)?
    };
    let mut fields = Of::new(fields.query([]).map_err(failed)?);
    let mut creators = Of::new(creators.query([]).map_err(failed)?);
    let mut tags = Of::new(tags.query([]).map_err(failed)?);
    let mut places = Of::new(places.query([]).map_err(failed)?);
    let mut items = items.query([]).map_err(failed)?;
    let mut line = Vec::with_capacity(4096);
    while let Some(row) = items.next().map_err(failed)? {
        let item = Item { id: number(row, 0), library: number(row, 1), key: text(row, 2), kind: text(row, 3) };
        let Some(work) = wanted.get(&item.id) else { continue };
        let mut within = Vec::new();
        places.each(item.id, |row| within.push(number(row, 1)))?;
        line.clear();
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
        take(&line, work)?;
    }
    Ok(())
}

pub(super) struct Item {
    pub id: i64,
    pub library: i64,
    pub key: String,
    pub kind: String,
}

impl Item {
    /// What is written of an item besides its own fields.
    pub fn finish(&self, mut object: Object<'_>, world: &World, has_key: bool, within: &[i64]) -> io::Result<()> {
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
                for annotation in &attached.shown {
                    list.object(|object| describe(object, annotation, &open))?;
                }
                Ok(())
            })?;
        }
        object.end();
        Ok(())
    }
}

fn describe(object: &mut Object<'_>, annotation: &Annotation, open: &dyn Fn(&str) -> String) -> io::Result<()> {
    object.text("text", &annotation.text);
    object.text("comment", &annotation.comment);
    object.text("page", &annotation.page_label);
    let page = annotation.page.map_or_else(String::new, |page| format!("page={page}&"));
    object.text("url", &format!("{}?{page}annotation={}", open(&annotation.file_key), annotation.key));
    object.text("color", &annotation.color);
    if annotation.tags.is_empty() {
        return Ok(());
    }
    object.list("tags", |list| {
        annotation.tags.iter().for_each(|tag| list.text(tag));
        Ok(())
    })
}

fn creator(list: &mut List<'_>, row: &Row<'_>) {
    let (first, last) = (text(row, 2), text(row, 3));
    // Texts in memory cannot fail.
    let _ = list.object(|object| {
        object.text("creatorType", &text(row, 1));
        // One field for the whole name.
        if number(row, 4) == 1 {
            object.text("name", &last);
        } else {
            object.text("firstName", &first);
            object.text("lastName", &last);
        }
        Ok(())
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
    fn dates_are_reported_once() {
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
