//! Items as Zotero tells them, written as those of its database are.

use std::collections::HashMap;
use std::io;

use serde_json::Value;

use super::super::annotations::{Annotation, Attached, MAX_ANNOTATIONS, cut, page_of};
use super::super::items::{Collections, Library};
use super::super::json::Object;
use super::super::write::{Item, World};
use super::client::is_key;
use super::{NO_FIELDS, Place, text};

/// The collections of a library, by numbers that are made up.
pub(super) struct Shelf {
    numbers: HashMap<String, i64>,
    collections: Collections,
}

impl Shelf {
    /// From a list of collections.
    pub fn of(list: &Value) -> Shelf {
        let all: Vec<&Value> = list.as_array().into_iter().flatten().filter(|it| is_key(text(it, "key"))).collect();
        let numbers: HashMap<String, i64> = all.iter().map(|it| text(it, "key").to_owned()).zip(1..).collect();
        let known = all.iter().filter_map(|it| {
            let data = &it["data"];
            let above = numbers.get(text(data, "parentCollection")).copied();
            Some((*numbers.get(text(it, "key"))?, (text(data, "name").to_owned(), above, LIBRARY)))
        });
        let collections = Collections::known(known.collect());
        Shelf { numbers, collections }
    }

    /// The keys of the collections that are called so, and of those below them.
    pub fn called(&self, name: &str) -> Vec<&str> {
        let called = self.collections.called(name);
        self.numbers.iter().filter(|(_, number)| called.contains(number)).map(|(key, _)| key.as_str()).collect()
    }
}

/// The number of the only library there is at a time.
const LIBRARY: i64 = 1;

/// The text of a work with its files and what is marked in each.
pub(super) fn line_of(place: &Place, shelf: &Shelf, item: &Value, files: &[(Value, Value)]) -> io::Result<Vec<u8>> {
    let data = &item["data"];
    let mut line = Vec::with_capacity(4096);
    let mut object = Object::begin(&mut line);
    object.text("itemType", text(data, "itemType"));
    let members = data.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !NO_FIELDS.contains(&name.as_str())) {
        let parsed = text(&item["meta"], "parsedDate");
        let value = if name == "date" && !parsed.is_empty() { parsed } else { value.as_str().unwrap_or_default() };
        object.text(name, value);
    }
    object.list("creators", |list| {
        for creator in data["creators"].as_array().into_iter().flatten() {
            list.object(|object| {
                ["creatorType", "name", "firstName", "lastName"]
                    .iter()
                    .for_each(|it| object.text(it, text(creator, it)));
                Ok(())
            })?;
        }
        Ok(())
    })?;
    object.list("tags", |list| {
        tags(data).iter().for_each(|tag| list.text(tag));
        Ok(())
    })?;
    let within: Vec<i64> = data["collections"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter_map(|key| shelf.numbers.get(key).copied())
        .collect();
    let library = Library { name: place.name.clone(), group: place.group };
    let world = World {
        keys: HashMap::new(),
        attached: HashMap::from([(0, attached(files))]),
        libraries: HashMap::from([(LIBRARY, library)]),
        collections: shelf.collections.clone(),
    };
    let item = Item { id: 0, library: LIBRARY, key: text(item, "key").to_owned(), kind: String::new() };
    item.finish(object, &world, true, &within)?;
    Ok(line)
}

fn tags(data: &Value) -> Vec<String> {
    let tags = data["tags"].as_array().into_iter().flatten().map(|tag| text(tag, "tag").to_owned());
    let mut tags: Vec<String> = tags.filter(|tag| !tag.is_empty()).collect();
    tags.sort_unstable();
    tags
}

fn attached(files: &[(Value, Value)]) -> Attached {
    let mut found = Attached::default();
    for (file, marks) in files {
        let (key, data) = (text(file, "key"), &file["data"]);
        let name = ["filename", "path"].map(|name| text(data, name).to_ascii_lowercase());
        let is_pdf = text(data, "contentType") == "application/pdf"
            || name.iter().any(|it| it.rsplit_once('.').is_some_and(|(_, ending)| ending == "pdf"));
        if is_pdf {
            found.pdf.get_or_insert_with(|| key.to_owned());
        }
        let is_mark = |mark: &&Value| text(&mark["data"], "itemType") == "annotation" && is_key(text(mark, "key"));
        let mut marks: Vec<&Value> = marks.as_array().into_iter().flatten().filter(is_mark).collect();
        marks.sort_by_key(|mark| text(&mark["data"], "annotationSortIndex"));
        found.annotations += marks.len() as u64;
        let room = MAX_ANNOTATIONS.saturating_sub(found.shown.len());
        found.shown.extend(marks.into_iter().take(room).map(|mark| annotation(key, mark)));
    }
    found
}

fn annotation(file: &str, mark: &Value) -> Annotation {
    let data = &mark["data"];
    let of = |name: &str| text(data, name).to_owned();
    Annotation {
        key: text(mark, "key").to_owned(),
        file_key: file.to_owned(),
        text: cut(of("annotationText")),
        comment: cut(of("annotationComment")),
        page_label: cut(of("annotationPageLabel")),
        // A text that is JSON in itself.
        page: page_of(text(data, "annotationPosition")),
        color: of("annotationColor"),
        tags: tags(data),
    }
}
