//! Which items have changed, recognised by their rows: numbers mostly, of which a library of 44,000 items has a million.
//!
//! Zotero's own versions and times do not tell it: a version moves only with the synchronisation, a time has seconds, and what
//! hangs on an item moves neither. They count as well, and so does all that an item is written with.

use std::collections::{HashMap, HashSet};
use std::io;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::annotations::number;
use super::database::{Database, Optional, failed};
use super::digest::Digest;
use super::identity;
use super::items::{Chosen, Collections, Library};
use super::keys::Keys;
use super::write::NO_WORKS;

/// Raised whenever items are written with other members: they are all put together again then.
const TEXT_VERSION: u64 = 2;

/// What a digest is of.
const ITEM: u64 = 1;
const FIELD: u64 = 2;
const CREATOR: u64 = 3;
const TAG: u64 = 4;
const PLACE: u64 = 5;
const FILE: u64 = 6;
const ANNOTATION: u64 = 7;
const NAME: u64 = 8;

/// What stands around the rows.
pub(super) struct Around<'a> {
    pub keys: &'a Keys,
    pub libraries: &'a HashMap<i64, Library>,
    pub collections: &'a Collections,
    pub chosen: &'a Chosen,
}

/// A work as its rows say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Work {
    /// Its number in the database.
    pub row: i64,
    /// The number by which it is known: see [`identity`].
    pub item: i64,
    /// The digest of its rows. Its highest bit is not set.
    pub rows: u64,
}

/// The works that are read, in the order of their numbers in the database.
pub(super) fn works(database: &Database, around: &Around<'_>) -> io::Result<Vec<Work>> {
    let mut known = Known::of(database, around)?;
    known.add(database, "SELECT itemID, fieldID, valueID FROM itemData", |row| {
        Digest::of(FIELD).signed(number(row, 1)).signed(number(row, 2))
    })?;
    let creators = names(database, "SELECT creatorID, firstName, lastName, fieldMode FROM creators")?;
    known.add(database, "SELECT itemID, creatorID, creatorTypeID, orderIndex FROM itemCreators", |row| {
        let name = creators.get(&number(row, 1)).copied().unwrap_or_default();
        Digest::of(CREATOR).number(name).signed(number(row, 2)).signed(number(row, 3))
    })?;
    known.files(database)?;
    if database.has(Optional::Tags) {
        let tags = names(database, "SELECT tagID, name FROM tags")?;
        known.add(database, "SELECT itemID, tagID FROM itemTags", |row| {
            Digest::of(TAG).number(tags.get(&number(row, 1)).copied().unwrap_or_default())
        })?;
    }
    if database.has(Optional::CollectionItems) {
        known.places(database, around)?;
    }
    Ok(known.chosen(around))
}

/// Digests of the names that rows refer to.
fn names(database: &Database, query: &str) -> io::Result<HashMap<i64, u64>> {
    let mut found = HashMap::new();
    each(database, query, |row| {
        found.insert(number(row, 0), columns(Digest::of(NAME), row, 1).end());
    })?;
    Ok(found)
}

/// The items of a database.
struct Known {
    works: HashMap<i64, WorkRows>,
    /// Digests of the rows of items that are no works.
    others: HashMap<i64, u64>,
    /// The works that files and annotations hang on.
    owners: HashMap<i64, i64>,
}

struct WorkRows {
    library: i64,
    key: String,
    /// The sum of the digests of its rows, in whatever order they come.
    sum: u64,
    /// The collections it is in, where only some are read.
    within: Vec<i64>,
}

impl Known {
    fn of(database: &Database, around: &Around<'_>) -> io::Result<Known> {
        let mut no_works = HashSet::new();
        each(database, "SELECT itemTypeID, typeName FROM itemTypes", |row| {
            let is_work =
                matches!(row.get_ref(1), Ok(ValueRef::Text(name)) if !NO_WORKS.iter().any(|it| it.as_bytes() == name));
            no_works.extend((!is_work).then(|| number(row, 0)));
        })?;
        let seed = Digest::of(ITEM).number(TEXT_VERSION).signed(database.version()).end();
        let (mut works, mut others) = (HashMap::new(), HashMap::new());
        let stamps = if database.has(Optional::Stamps) { ", version, dateModified, clientDateModified" } else { "" };
        let query = format!(
            "SELECT itemID, itemTypeID, libraryID, key{stamps} FROM items \
             WHERE itemID NOT IN (SELECT itemID FROM deletedItems)"
        );
        each(database, &query, |row| {
            let (item, kind, library) = (number(row, 0), number(row, 1), number(row, 2));
            let sum = columns(Digest::of(ITEM).number(seed), row, 1).end();
            if no_works.contains(&kind) {
                others.insert(item, sum);
            } else if around.libraries.contains_key(&library) {
                let key = super::annotations::text(row, 3);
                works.insert(item, WorkRows { library, key, sum, within: Vec::new() });
            }
        })?;
        Ok(Known { works, others, owners: HashMap::new() })
    }

    /// Adds rows that belong to a work, or to what hangs on one.
    fn add(&mut self, database: &Database, query: &str, digest: impl Fn(&Row<'_>) -> Digest) -> io::Result<()> {
        let (works, owners) = (&mut self.works, &self.owners);
        each(database, query, |row| {
            let item = number(row, 0);
            // A row says of which item it is: two annotations may exchange what they have.
            let (item, digest) = match owners.get(&item) {
                Some(owner) => (*owner, digest(row).signed(item)),
                None => (item, digest(row)),
            };
            if let Some(work) = works.get_mut(&item) {
                work.sum = work.sum.wrapping_add(digest.end());
            }
        })
    }

    /// Adds files and what is marked in them.
    fn files(&mut self, database: &Database) -> io::Result<()> {
        let Known { works, others, owners } = self;
        let mut hang = |item: i64, owner: i64, digest: Digest| {
            let Some(own) = others.get(&item) else { return };
            if let Some(work) = works.get_mut(&owner) {
                work.sum = work.sum.wrapping_add(digest.number(*own).end());
                owners.insert(item, owner);
            }
        };
        let query =
            "SELECT itemID, parentItemID, contentType, path FROM itemAttachments WHERE parentItemID IS NOT NULL";
        each(database, query, |row| hang(number(row, 0), number(row, 1), columns(Digest::of(FILE), row, 0)))?;
        if database.has(Optional::Annotations) {
            let query = "SELECT itemID, parentItemID, type, text, comment, color, pageLabel, sortIndex, position \
                         FROM itemAnnotations";
            let mut found = Vec::new();
            each(database, query, |row| {
                found.push((number(row, 0), number(row, 1), columns(Digest::of(ANNOTATION), row, 0)));
            })?;
            for (item, file, digest) in found {
                if let Some(owner) = self.owners.get(&file).copied()
                    && let Some(own) = self.others.get(&item)
                    && let Some(work) = self.works.get_mut(&owner)
                {
                    work.sum = work.sum.wrapping_add(digest.number(*own).end());
                    self.owners.insert(item, owner);
                }
            }
        }
        Ok(())
    }

    /// Adds the collections that works are in.
    fn places(&mut self, database: &Database, around: &Around<'_>) -> io::Result<()> {
        let mut paths: HashMap<i64, u64> = HashMap::new();
        let works = &mut self.works;
        each(database, "SELECT itemID, collectionID FROM collectionItems", |row| {
            let Some(work) = works.get_mut(&number(row, 0)) else { return };
            let collection = number(row, 1);
            let path = *paths.entry(collection).or_insert_with(|| {
                let path = around.collections.path(collection);
                Digest::of(PLACE).bytes(path.unwrap_or_default().as_bytes()).end()
            });
            work.sum = work.sum.wrapping_add(path);
            if around.chosen.is_by_collection() {
                work.within.push(collection);
            }
        })
    }

    /// The works that the settings let in.
    fn chosen(self, around: &Around<'_>) -> Vec<Work> {
        let is_chosen = |work: &WorkRows| around.chosen.has(work.library, &work.within);
        let works = self.works.into_iter().filter(|(_, work)| is_chosen(work));
        let mut found: Vec<Work> = works
            .map(|(row, work)| {
                let group = around.libraries.get(&work.library).and_then(|library| library.group);
                let item = identity(group, &work.key);
                let mut digest = Digest::of(ITEM).number(work.sum);
                if let Some(Library { name, group: Some(group) }) = around.libraries.get(&work.library) {
                    digest = digest.bytes(name.as_bytes()).signed(*group);
                }
                let key = around.keys.get(&(work.library, work.key));
                let rows = key.map_or(digest, |key| digest.bytes(key.as_bytes())).end() >> 1;
                Work { row, item, rows }
            })
            .collect();
        found.sort_unstable();
        found
    }
}

/// Calls `take` with each row of a query.
fn each(database: &Database, query: &str, mut take: impl FnMut(&Row<'_>)) -> io::Result<()> {
    let mut statement = database.connection.prepare(query).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        take(row);
    }
    Ok(())
}

/// With the columns of a row from one on after what was there.
fn columns(digest: Digest, row: &Row<'_>, from: usize) -> Digest {
    let mut digest = digest;
    for column in from.. {
        digest = match row.get_ref(column) {
            Ok(ValueRef::Null) => digest.number(0),
            Ok(ValueRef::Integer(number)) => digest.number(1).signed(number),
            Ok(ValueRef::Real(number)) => digest.number(2).number(number.to_bits()),
            Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => digest.number(3).bytes(bytes),
            // Behind the last one.
            Err(_) => break,
        };
    }
    digest
}
