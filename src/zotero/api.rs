//! Zotero's local interface, asked where its database cannot be read.
//!
//! The database is as fresh and a hundred times as quick, so that this is the second door: for a layout that is not known, a
//! copy that cannot be made, a file that is not readable. Only keys are asked for in full; items are asked for where they are
//! new or were changed since the last state that is known.
//!
//! What the versions of Zotero mean differs: until 9 they are those of the synchronisation, which edits on this machine do not
//! move, and from 10 on, where answers name the server, they are counted with every change. So only those are gone by, and
//! before them the times of changes.

mod client;
mod lines;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use client::Closed;
use client::{ANSWER, Client, PROBE};
use lines::{Shelf, line_of};

use super::digest::text_digest;
use super::write::Lines;
use super::{ItemMark, ItemsText, Selection, identity};

/// So long items are asked for at a time; the others are asked for the next time.
const BUDGET: Duration = Duration::from_secs(20);

/// So many items are asked for at once: their keys have to fit into an address.
const BATCH: usize = 25;

/// Items that were changed last are asked for in pages of so many, of which so many are looked at.
const PAGE: usize = 50;
const MAX_PAGES: usize = 40;

/// Marks of items that came by this door: what the database says of rows is of another kind.
const BY_API: u64 = 1 << 63;

/// Marks of items that have changed and are still to be asked for.
const CHANGED: u64 = u64::MAX;

/// What an item does not have by its own: what is written in other members, or not at all.
const NO_FIELDS: [&str; 11] = [
    "collections",
    "creators",
    "dateAdded",
    "dateModified",
    "itemType",
    "key",
    "parentItem",
    "relations",
    "tags",
    "version",
    "deleted",
];

/// A library as addresses name it.
struct Place {
    /// Such as `users/0`.
    path: String,
    name: String,
    group: Option<i64>,
}

/// What Zotero says of itself, and what changes with its libraries: compared with an earlier answer, it tells whether anything
/// has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The version of Zotero.
    pub zotero: Option<String>,
    /// The libraries that are read.
    states: Vec<State>,
}

/// What changes with a library.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    /// As addresses name it.
    path: String,
    collections: Option<u64>,
    items: Items,
}

/// What tells states of the items of a library apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Items {
    /// The version, where it is counted with every change.
    Counted(Option<u64>),
    /// Else how many there are, and the time of the last change of one.
    Newest(Option<u64>, String),
}

/// Asks Zotero on this machine whether it answers, and what tells the states of the libraries apart that are read: one small
/// request, and one or two for each of them.
///
/// # Errors
/// Why it does not answer.
pub fn probe(port: u16, selection: &Selection) -> Result<Probe, Closed> {
    let client = Client::new(port, PROBE);
    let (places, zotero) = places(&client, selection)?;
    let states = places.iter().map(|place| state_of(&client, place)).collect::<Result<_, _>>()?;
    Ok(Probe { zotero, states })
}

fn state_of(client: &Client, place: &Place) -> Result<State, Closed> {
    // Of collections there are few, while Zotero goes through all items to answer for one of them.
    let collections = client.get(&format!("{}/collections?format=keys&limit=1", place.path))?;
    let items = if collections.server_id.is_some() {
        Items::Counted(collections.library_version)
    } else {
        let path = format!("{}/items?limit=1&sort=dateModified&direction=desc", place.path);
        let answer = client.get(&path)?;
        let items = answer.json()?;
        let newest = items.as_array().and_then(|items| items.first()).map(|item| text(&item["data"], "dateModified"));
        Items::Newest(answer.total, newest.unwrap_or_default().to_owned())
    };
    Ok(State { path: place.path.clone(), collections: collections.total, items })
}

/// The user's own library and those of groups, as far as they are read; and the version of Zotero.
fn places(client: &Client, selection: &Selection) -> Result<(Vec<Place>, Option<String>), Closed> {
    let own = Place { path: "users/0".to_owned(), name: super::items::OWN_LIBRARY.to_owned(), group: None };
    let mut all = vec![own];
    let answer = client.get("users/0/groups")?;
    for group in answer.json()?.as_array().into_iter().flatten() {
        if let Some(id) = group["id"].as_i64() {
            let name = text(&group["data"], "name").to_owned();
            all.push(Place { path: format!("groups/{id}"), name, group: Some(id) });
        }
    }
    let is_chosen = |place: &Place| {
        let number = place.group.map(|group| group.to_string());
        let mut named = selection.libraries.iter();
        selection.libraries.is_empty() || named.any(|name| *name == place.name || Some(name) == number.as_ref())
    };
    all.retain(is_chosen);
    Ok((all, answer.zotero))
}

/// The items that are not as they were when they were `seen`, as [`super::changes_of`] gives them. `since` is when the state was
/// read that is known, in seconds since 1970.
pub(super) fn changes(
    port: u16,
    selection: &Selection,
    seen: &[ItemMark],
    since: Option<i64>,
) -> io::Result<ItemsText> {
    let reached = RefCell::default();
    let asking = Asking { client: Client::new(port, ANSWER), begun: Instant::now(), seen, since, reached };
    let items = asking.changes(selection)?;
    versions().extend(asking.reached.into_inner());
    Ok(items)
}

/// The port, the name of the server, and the library.
type Counted = (u16, String, String);

/// The versions up to which all is known, where they are counted with every change.
fn versions() -> MutexGuard<'static, HashMap<Counted, u64>> {
    static KNOWN: OnceLock<Mutex<HashMap<Counted, u64>>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

struct Asking<'a> {
    client: Client,
    begun: Instant,
    seen: &'a [ItemMark],
    since: Option<i64>,
    /// The versions that are known once all that was asked for is there: not before, or what was missed would be lost.
    reached: RefCell<Vec<(Counted, u64)>>,
}

impl Asking<'_> {
    fn changes(&self, selection: &Selection) -> io::Result<ItemsText> {
        let seen_of = |item: i64| {
            let at = self.seen.binary_search_by_key(&item, |it| it.item).ok()?;
            self.seen.get(at).copied()
        };
        let mut lines = Lines::begin(&seen_of, Vec::new())?;
        let (mut put_together, mut waiting) = (0, 0);
        let mut there = HashSet::new();
        for place in places(&self.client, selection)?.0 {
            let shelf = self.shelf(&place)?;
            let keys = self.keys(&place, &shelf, selection)?;
            let recent = self.recent(&place)?;
            let mut wanted = Vec::new();
            for key in keys {
                let item = identity(place.group, &key);
                there.insert(item);
                let is_recent = recent.as_ref().is_none_or(|recent| recent.contains(&key));
                match seen_of(item).filter(|seen| !is_recent && seen.rows != CHANGED) {
                    Some(seen) => lines.keep(seen),
                    None => wanted.push(key),
                }
            }
            for batch in wanted.chunks(BATCH) {
                if self.begun.elapsed() > BUDGET {
                    waiting += batch.len();
                    // What was known of them stays until then.
                    let known = batch.iter().filter_map(|key| seen_of(identity(place.group, key)));
                    known.for_each(|seen| lines.keep(ItemMark { rows: CHANGED, ..seen }));
                    continue;
                }
                let found = self.client.json(&format!("{}/items?itemKey={}", place.path, batch.join(",")))?;
                for item in found.as_array().into_iter().flatten() {
                    let (attached, line) = self.line(&place, &shelf, item)?;
                    let rows = text_digest(attached.as_bytes()) | BY_API;
                    lines.put(&line, identity(place.group, text(item, "key")), rows)?;
                    put_together += 1;
                }
            }
        }
        let gone = self.seen.iter().map(|it| it.item).filter(|item| !there.contains(item)).collect();
        let mut items = lines.end(gone, put_together)?;
        items.waiting = waiting;
        Ok(items)
    }

    fn shelf(&self, place: &Place) -> io::Result<Shelf> {
        Ok(Shelf::of(&self.client.json(&format!("{}/collections", place.path))?))
    }

    /// The keys of the works that are read.
    fn keys(&self, place: &Place, shelf: &Shelf, selection: &Selection) -> io::Result<BTreeSet<String>> {
        const WORKS: &str = "format=keys&itemType=-attachment&itemType=-note&itemType=-annotation";
        let paths = if selection.collections.is_empty() {
            vec![format!("{}/items/top?{WORKS}", place.path)]
        } else {
            let chosen = selection.collections.iter().flat_map(|name| shelf.called(name));
            chosen.map(|key| format!("{}/collections/{key}/items/top?{WORKS}", place.path)).collect()
        };
        let mut keys = BTreeSet::new();
        for path in paths {
            let answer = self.client.get(&path)?;
            keys.extend(answer.text()?.lines().map(str::trim).filter(|key| client::is_key(key)).map(str::to_owned));
        }
        Ok(keys)
    }

    /// The works that have changed since the state that is known, or that something has changed which hangs on them; `None`
    /// where there may be more than are looked at.
    fn recent(&self, place: &Place) -> io::Result<Option<HashSet<String>>> {
        let mut found = HashSet::new();
        let Some(since) = self.since else { return Ok(Some(found)) };
        let counted = self.counted_since(place)?;
        let mut pages: Vec<Value> = counted.into_iter().collect();
        let is_counted = !pages.is_empty();
        for page in 0..MAX_PAGES {
            let items = match pages.pop() {
                Some(items) => items,
                None if is_counted => return Ok(Some(found)),
                None => self.client.json(&format!(
                    "{}/items?sort=dateModified&direction=desc&limit={PAGE}&start={}&includeTrashed=1",
                    place.path,
                    page * PAGE
                ))?,
            };
            let items = items.as_array().cloned().unwrap_or_default();
            for item in &items {
                let data = &item["data"];
                if !is_counted && seconds_of(text(data, "dateModified")).is_some_and(|time| time < since - 2) {
                    return Ok(Some(found));
                }
                found.insert(self.work_of(place, data)?);
            }
            if items.len() < PAGE {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What has another version than it had last, where versions are counted with every change and one is known.
    fn counted_since(&self, place: &Place) -> io::Result<Option<Value>> {
        let first = self.client.get(&format!("{}/items?format=keys&limit=1", place.path))?;
        let (Some(server), Some(version)) = (first.server_id, first.library_version) else { return Ok(None) };
        let key = (self.client.port, server, place.path.clone());
        let before = versions().get(&key).copied();
        self.reached.borrow_mut().push((key, version));
        let Some(before) = before.filter(|before| *before <= version) else { return Ok(None) };
        self.client.json(&format!("{}/items?since={before}&includeTrashed=1", place.path)).map(Some)
    }

    /// The key of the work that an item is, or hangs on.
    fn work_of(&self, place: &Place, data: &Value) -> io::Result<String> {
        let parent = text(data, "parentItem");
        if !client::is_key(parent) {
            return Ok(text(data, "key").to_owned());
        }
        if text(data, "itemType") != "annotation" {
            return Ok(parent.to_owned());
        }
        let file = self.client.json(&format!("{}/items/{parent}", place.path))?;
        Ok(text(&file["data"], "parentItem").to_owned())
    }

    /// The text of a work, and what tells its state from another.
    fn line(&self, place: &Place, shelf: &Shelf, item: &Value) -> io::Result<(String, Vec<u8>)> {
        let key = text(item, "key");
        let mut files = Vec::new();
        let has_children = item["meta"]["numChildren"].as_u64() != Some(0);
        if client::is_key(key) && has_children {
            let children = self.client.json(&format!("{}/items/{key}/children", place.path))?;
            for child in children.as_array().into_iter().flatten() {
                let file = text(child, "key");
                let is_file = text(&child["data"], "itemType") == "attachment" && client::is_key(file);
                let marks = if is_file && child["meta"]["numChildren"].as_u64() != Some(0) {
                    self.client.json(&format!("{}/items/{file}/children", place.path))?
                } else {
                    Value::Null
                };
                files.extend(is_file.then(|| (child.clone(), marks)));
            }
        }
        let state = format!("{} {} {}", item["version"], text(&item["data"], "dateModified"), files.len());
        Ok((state, line_of(place, shelf, item, &files)?))
    }
}

impl From<Closed> for io::Error {
    fn from(closed: Closed) -> io::Error {
        io::Error::other(closed.to_string())
    }
}

/// A member that is a text; nothing where it is none.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A time such as `2026-08-21T10:00:00Z`, in seconds since 1970.
fn seconds_of(time: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| time.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // Days since 1970 of a date of the Gregorian calendar, with years that begin in March.
    let (shifted, moved) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + (153 * moved + 2) / 5
        + day
        - 1
        - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}
