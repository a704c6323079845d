//! Which items there are, and what surrounds them: libraries, groups and collections.

use std::collections::{HashMap, HashSet};
use std::io::{self, ErrorKind};

use super::Selection;
use super::annotations::{number, text};
use super::database::{Database, Optional, failed};

/// How deep collections are followed upwards: deeper ones lead in a circle.
const MAX_DEPTH: usize = 64;

/// What a user calls the library that is no group's.
pub(super) const OWN_LIBRARY: &str = "My Library";

/// A library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Library {
    /// What people call it.
    pub name: String,
    /// The number of its group; `None` for the user's own.
    pub group: Option<i64>,
}

/// Libraries by their numbers. Feeds are none.
pub(super) fn libraries(database: &Database) -> io::Result<HashMap<i64, Library>> {
    let mut found = HashMap::new();
    let mut statement = database.connection.prepare("SELECT libraryID, type FROM libraries").map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        if matches!(text(row, 1).as_str(), "user" | "group" | "publications") {
            found.insert(number(row, 0), Library { name: OWN_LIBRARY.to_owned(), group: None });
        }
    }
    if database.has(Optional::Groups) {
        let query = "SELECT libraryID, groupID, name FROM groups";
        let mut statement = database.connection.prepare(query).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let group = Library { name: text(row, 2), group: Some(number(row, 1)) };
            found.entry(number(row, 0)).and_modify(|library| *library = group);
        }
    }
    Ok(found)
}

/// The collections of all libraries.
#[derive(Debug, Clone, Default)]
pub(super) struct Collections {
    /// Name, collection above and library, by number.
    known: HashMap<i64, (String, Option<i64>, i64)>,
}

impl Collections {
    /// Those with these names, collections above and libraries.
    pub fn known(known: HashMap<i64, (String, Option<i64>, i64)>) -> Collections {
        Collections { known }
    }

    pub fn of(database: &Database) -> io::Result<Collections> {
        let mut known = HashMap::new();
        if !database.has(Optional::Collections) || !database.has(Optional::CollectionItems) {
            return Ok(Collections { known });
        }
        let deleted = "WHERE collectionID NOT IN (SELECT collectionID FROM deletedCollections)";
        let query = "SELECT collectionID, collectionName, parentCollectionID, libraryID FROM collections";
        let deleted = if database.has(Optional::DeletedCollections) { deleted } else { "" };
        let mut statement = database.connection.prepare(&format!("{query} {deleted}")).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let above = Some(number(row, 2)).filter(|above| *above != 0);
            known.insert(number(row, 0), (text(row, 1), above, number(row, 3)));
        }
        Ok(Collections { known })
    }

    /// The path of a collection, such as `Reading/2024`; `None` where there is none of this number.
    pub fn path(&self, collection: i64) -> Option<String> {
        let mut names: Vec<&str> = self.upwards(collection).map(|(_, name)| name).collect();
        names.reverse();
        (!names.is_empty()).then(|| names.join("/"))
    }

    fn upwards(&self, collection: i64) -> impl Iterator<Item = (i64, &str)> {
        let above = |at: &i64| self.known.get(at).and_then(|(_, above, _)| *above);
        let way = std::iter::successors(Some(collection), above).take(MAX_DEPTH);
        way.map_while(|at| Some((at, self.known.get(&at)?.0.as_str())))
    }

    /// The collections that are called so, or whose path is this, and those below them.
    pub fn called(&self, name: &str) -> HashSet<i64> {
        let path = name.trim_matches('/');
        let is_called = |at: i64| {
            self.known.get(&at).is_some_and(|(own, ..)| own == name) || self.path(at).is_some_and(|known| known == path)
        };
        let named: HashSet<i64> = self.known.keys().copied().filter(|at| is_called(*at)).collect();
        let is_below = |at: i64| self.upwards(at).any(|(above, _)| named.contains(&above));
        self.known.keys().copied().filter(|at| is_below(*at)).collect()
    }
}

/// The items that the settings let in.
#[derive(Debug)]
pub(super) struct Chosen {
    /// Numbers of libraries.
    libraries: HashSet<i64>,
    /// Numbers of collections; `None` where all items count, whatever they are in.
    collections: Option<HashSet<i64>>,
}

impl Chosen {
    /// Says in words for the user where a name of the selection names nothing.
    pub fn new(
        selection: &Selection,
        libraries: &HashMap<i64, Library>,
        collections: &Collections,
    ) -> io::Result<Chosen> {
        let mut chosen = HashSet::new();
        for name in &selection.libraries {
            let is_called = |library: &Library| {
                library.name == *name || library.group.is_some_and(|group| group.to_string() == *name)
            };
            let found: Vec<i64> = libraries.iter().filter(|(_, it)| is_called(it)).map(|(number, _)| *number).collect();
            if found.is_empty() {
                let mut known: Vec<&str> = libraries.values().map(|library| library.name.as_str()).collect();
                known.sort_unstable();
                known.dedup();
                return Err(no_such("library", name, "zotero.libraries", &known));
            }
            chosen.extend(found);
        }
        if selection.libraries.is_empty() {
            chosen.extend(libraries.keys());
        }
        let mut within = HashSet::new();
        for name in &selection.collections {
            let found = collections.called(name);
            if found.is_empty() {
                let mut known: Vec<String> = collections.known.keys().filter_map(|at| collections.path(*at)).collect();
                known.sort_unstable();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                return Err(no_such("collection", name, "zotero.collections", &known));
            }
            within.extend(found);
        }
        let collections = (!selection.collections.is_empty()).then_some(within);
        Ok(Chosen { libraries: chosen, collections })
    }

    /// Whether it matters what collections an item is in.
    pub fn is_by_collection(&self) -> bool {
        self.collections.is_some()
    }

    /// Whether an item of a library counts that is in these collections.
    pub fn has(&self, library: i64, collections: &[i64]) -> bool {
        let is_within = |within: &HashSet<i64>| collections.iter().any(|at| within.contains(at));
        self.libraries.contains(&library) && self.collections.as_ref().is_none_or(is_within)
    }
}

fn no_such(kind: &str, name: &str, key: &str, known: &[&str]) -> io::Error {
    /// How many names a message shows.
    const SHOWN: usize = 8;
    let more = if known.len() > SHOWN { ", …" } else { "" };
    let known: Vec<&str> = known.iter().copied().take(SHOWN).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let message = format!("there is no {kind} `{name}` in Zotero; correct {key} (there are: {known}{more})");
    io::Error::new(ErrorKind::InvalidInput, message)
}
