//! Libraries of Zotero made up for tests, in the layouts of its versions, and a Zotero that holds them open.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

/// The versions whose databases differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Keys stand in the database of Better `BibTeX`.
    Seven,
    /// There is a field for citation keys.
    Nine,
    /// The latest work stands in a log beside the database.
    Ten,
}

impl Version {
    /// All of them.
    pub const ALL: [Version; 3] = [Version::Seven, Version::Nine, Version::Ten];
}

/// A library, which a running Zotero holds open: nobody else can open it.
pub struct FakeZotero {
    folder: PathBuf,
    connection: Connection,
    last: i64,
}

/// The library of the user.
pub const OWN: i64 = 1;

const TYPES: [&str; 8] =
    ["annotation", "attachment", "note", "book", "bookSection", "conferencePaper", "journalArticle", "preprint"];

const FIELDS: [&str; 14] = [
    "title",
    "abstractNote",
    "date",
    "DOI",
    "url",
    "extra",
    "publicationTitle",
    "volume",
    "pages",
    "shortTitle",
    "publisher",
    "archiveID",
    "repository",
    "citationKey",
];

const CREATORS: [&str; 3] = ["author", "contributor", "editor"];

const LAYOUT: &str = "
CREATE TABLE version (schema TEXT PRIMARY KEY, version INT NOT NULL);
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT, display INT DEFAULT 1);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT, fieldFormatID INT);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT, filesEditable INT, version INT);
CREATE TABLE groups (groupID INTEGER PRIMARY KEY, libraryID INT NOT NULL UNIQUE, name TEXT, description TEXT, version INT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, dateAdded TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
 dateModified TIMESTAMP DEFAULT CURRENT_TIMESTAMP, clientDateModified TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
 libraryID INT NOT NULL, key TEXT NOT NULL, version INT DEFAULT 0, synced INT DEFAULT 0, UNIQUE (libraryID, key));
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID, PRIMARY KEY (itemID, fieldID));
CREATE INDEX itemData_fieldID ON itemData(fieldID);
CREATE INDEX itemData_valueID ON itemData(valueID);
CREATE TABLE itemNotes (itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT, contentType TEXT,
 charsetID INT, path TEXT, syncState INT DEFAULT 0, storageModTime INT, storageHash TEXT);
CREATE INDEX itemAttachments_parentItemID ON itemAttachments(parentItemID);
CREATE TABLE itemAnnotations (itemID INTEGER PRIMARY KEY, parentItemID INT NOT NULL, type INTEGER NOT NULL,
 authorName TEXT, text TEXT, comment TEXT, color TEXT, pageLabel TEXT, sortIndex TEXT NOT NULL, position TEXT NOT NULL,
 isExternal INT NOT NULL);
CREATE INDEX itemAnnotations_parentItemID ON itemAnnotations(parentItemID);
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE itemTags (itemID INT NOT NULL, tagID INT NOT NULL, type INT NOT NULL, PRIMARY KEY (itemID, tagID));
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT,
 UNIQUE (lastName, firstName, fieldMode));
CREATE TABLE itemCreators (itemID INT NOT NULL, creatorID INT NOT NULL, creatorTypeID INT NOT NULL DEFAULT 1,
 orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (itemID, creatorID, creatorTypeID, orderIndex), UNIQUE (itemID, orderIndex));
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL, parentCollectionID INT,
 clientDateModified TIMESTAMP DEFAULT CURRENT_TIMESTAMP, libraryID INT NOT NULL, key TEXT, version INT, synced INT);
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL, orderIndex INT NOT NULL DEFAULT 0,
 PRIMARY KEY (collectionID, itemID));
CREATE INDEX collectionItems_itemID ON collectionItems(itemID);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE deletedCollections (collectionID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
INSERT INTO libraries VALUES (1, 'user', 1, 1, 0);
";

impl FakeZotero {
    /// A library without items in a folder.
    pub fn new(folder: &Path, version: Version) -> FakeZotero {
        std::fs::create_dir_all(folder).unwrap();
        let connection = opened(folder, version);
        connection.execute_batch("BEGIN").unwrap();
        connection.execute_batch(LAYOUT).unwrap();
        let mut fake = FakeZotero { folder: folder.to_owned(), connection, last: 0 };
        let layout = match version {
            Version::Seven => 123,
            Version::Nine => 125,
            Version::Ten => 129,
        };
        fake.run("INSERT INTO version VALUES ('userdata', ?1)", params![layout]);
        for (at, kind) in (1..).zip(TYPES) {
            fake.run("INSERT INTO itemTypes (itemTypeID, typeName) VALUES (?1, ?2)", params![at, kind]);
        }
        let has_keys = version != Version::Seven;
        for (at, field) in (1..).zip(FIELDS).filter(|(_, field)| has_keys || *field != "citationKey") {
            fake.run("INSERT INTO fields (fieldID, fieldName) VALUES (?1, ?2)", params![at, field]);
        }
        for (at, kind) in (1..).zip(CREATORS) {
            fake.run("INSERT INTO creatorTypes VALUES (?1, ?2)", params![at, kind]);
        }
        if version == Version::Ten {
            fake.run("ALTER TABLE items ADD COLUMN clientVersion INT DEFAULT 0", []);
        }
        fake.commit();
        fake
    }

    /// The library in a folder, which a Zotero that starts opens again.
    pub fn start(folder: &Path, version: Version) -> FakeZotero {
        let connection = opened(folder, version);
        connection.execute_batch("BEGIN").unwrap();
        let last = connection.query_row("SELECT max(itemID) FROM items", [], |row| row.get(0)).unwrap();
        FakeZotero { folder: folder.to_owned(), connection, last }
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.folder.join("zotero.sqlite")
    }

    /// Makes what was done durable, and begins anew.
    pub fn commit(&mut self) {
        self.connection.execute_batch("COMMIT; BEGIN;").unwrap();
    }

    /// Moves what is in the log into the database.
    pub fn checkpoint(&mut self) {
        self.connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(RESTART); BEGIN;").unwrap();
    }

    /// Ends Zotero: everything is in the database then.
    pub fn close(self) {
        self.connection.execute_batch("COMMIT;").unwrap();
        self.connection.close().unwrap();
    }

    /// Runs a statement.
    pub fn run(&self, statement: &str, values: impl rusqlite::Params) {
        self.connection.prepare_cached(statement).unwrap().execute(values).unwrap();
    }

    /// Runs statements that are of no transaction.
    pub fn run_batch(&mut self, statements: &str) {
        self.connection.execute_batch(&format!("COMMIT; {statements}; BEGIN;")).unwrap();
    }

    /// A library of a group; gives its number.
    pub fn group(&mut self, group: i64, name: &str) -> i64 {
        let library = group + 100;
        self.run("INSERT INTO libraries VALUES (?1, 'group', 1, 1, 0)", params![library]);
        self.run("INSERT INTO groups VALUES (?1, ?2, ?3, '', 0)", params![group, library, name]);
        library
    }

    /// A new item with these fields; gives its number. Its key is [`key_of`] it.
    pub fn item(&mut self, library: i64, kind: &str, fields: &[(&str, &str)]) -> i64 {
        self.last += 1;
        let item = self.last;
        let kind = 1 + TYPES.iter().position(|known| *known == kind).unwrap();
        let statement = "INSERT INTO items (itemID, itemTypeID, libraryID, key) VALUES (?1, ?2, ?3, ?4)";
        self.run(statement, params![item, kind, library, key_of(item)]);
        for (field, value) in fields {
            self.set(item, field, value);
        }
        item
    }

    /// Gives a field another value.
    pub fn set(&mut self, item: i64, field: &str, value: &str) {
        let field = 1 + FIELDS.iter().position(|known| *known == field).unwrap();
        self.run("INSERT OR IGNORE INTO itemDataValues (value) VALUES (?1)", params![value]);
        let statement =
            "INSERT OR REPLACE INTO itemData VALUES (?1, ?2, (SELECT valueID FROM itemDataValues WHERE value = ?3))";
        self.run(statement, params![item, field, value]);
        self.run(
            "UPDATE items SET clientDateModified = CURRENT_TIMESTAMP, synced = 0 WHERE itemID = ?1",
            params![item],
        );
    }

    /// Adds people, by first and last name; those without a first name have one field for the whole.
    pub fn people(&mut self, item: i64, kind: &str, people: &[(&str, &str)]) {
        let kind = 1 + CREATORS.iter().position(|known| *known == kind).unwrap();
        for (first, last) in people {
            let mode = i64::from(first.is_empty());
            let statement = "INSERT OR IGNORE INTO creators (firstName, lastName, fieldMode) VALUES (?1, ?2, ?3)";
            self.run(statement, params![first, last, mode]);
            let statement = "INSERT INTO itemCreators SELECT ?1, creatorID, ?2, (SELECT count(*) FROM itemCreators WHERE itemID = ?1) \
                             FROM creators WHERE firstName = ?3 AND lastName = ?4 AND fieldMode = ?5";
            self.run(statement, params![item, kind, first, last, mode]);
        }
    }

    /// Tags an item.
    pub fn tag(&mut self, item: i64, tag: &str) {
        self.run("INSERT OR IGNORE INTO tags (name) VALUES (?1)", params![tag]);
        self.run("INSERT INTO itemTags SELECT ?1, tagID, 0 FROM tags WHERE name = ?2", params![item, tag]);
    }

    /// A collection, below another or none; gives its number.
    pub fn collection(&mut self, library: i64, name: &str, above: Option<i64>) -> i64 {
        let statement = "INSERT INTO collections (collectionName, parentCollectionID, libraryID) VALUES (?1, ?2, ?3)";
        self.run(statement, params![name, above, library]);
        self.connection.last_insert_rowid()
    }

    /// Puts an item into a collection.
    pub fn put(&mut self, collection: i64, item: i64) {
        self.run("INSERT INTO collectionItems VALUES (?1, ?2, 0)", params![collection, item]);
    }

    /// Attaches a PDF to an item; gives the number of the attachment.
    pub fn pdf(&mut self, item: i64) -> i64 {
        let pdf = self.item(OWN, "attachment", &[]);
        let statement = "INSERT INTO itemAttachments (itemID, parentItemID, linkMode, contentType, path) \
                         VALUES (?1, ?2, 0, 'application/pdf', 'storage:a b.pdf')";
        self.run(statement, params![pdf, item]);
        pdf
    }

    /// Marks a text on a page of a PDF, counted from 1; gives the number of the annotation.
    pub fn highlight(&mut self, pdf: i64, page: u32, text: &str, comment: &str) -> i64 {
        let highlight = self.item(OWN, "annotation", &[]);
        let statement = "INSERT INTO itemAnnotations VALUES (?1, ?2, 1, NULL, ?3, ?4, '#ffd400', ?5, ?6, ?7, 0)";
        let index = format!("{:05}|{highlight:06}|00000", page - 1);
        let position = format!("{{\"pageIndex\":{},\"rects\":[[1,2,3,4]]}}", page - 1);
        self.run(statement, params![highlight, pdf, text, comment, format!("p{page}"), index, position]);
        highlight
    }

    /// Puts an item into the trash.
    pub fn trash(&mut self, item: i64) {
        self.run("INSERT INTO deletedItems (itemID) VALUES (?1)", params![item]);
    }

    /// Writes the keys of items into the database of Better `BibTeX`.
    pub fn better_bibtex(&self, keys: &[(i64, &str)]) {
        let connection = Connection::open(self.folder.join("better-bibtex.sqlite")).unwrap();
        let layout = "CREATE TABLE citationkey (itemID INTEGER PRIMARY KEY, itemKey TEXT, libraryID INT, citationKey TEXT, pinned INT)";
        connection.execute_batch(layout).unwrap();
        for (item, key) in keys {
            let statement = "INSERT INTO citationkey VALUES (?1, ?2, 1, ?3, 0)";
            connection.execute(statement, params![item, key_of(*item), key]).unwrap();
        }
    }

    /// Fills the library with works that have what works usually have.
    pub fn fill(&mut self, works: u32) {
        self.fill_each(works, &|work| if work % 22 == 0 { 10 } else { 0 });
    }

    /// As [`FakeZotero::fill`], with so many annotations, spread over all works.
    pub fn fill_with(&mut self, works: u32, annotations: u32) {
        let up_to = |work: u32| u64::from(annotations) * u64::from(work) / u64::from(works);
        self.fill_each(works, &|work| u32::try_from(up_to(work + 1) - up_to(work)).unwrap());
    }

    /// This library, filled.
    pub fn filled(mut self, works: u32) -> FakeZotero {
        self.fill(works);
        self
    }

    /// Gives a field of one of the works that a library was filled with another value, by its number among them.
    pub fn set_work(&mut self, work: u32, field: &str, value: &str) {
        let query = "SELECT d.itemID FROM itemData d JOIN itemDataValues v ON v.valueID = d.valueID WHERE v.value = ?1";
        let doi = format!("10.1000/whale.{work}");
        let item = self.connection.query_row(query, params![doi], |row| row.get(0)).unwrap();
        self.set(item, field, value);
    }

    fn fill_each(&mut self, works: u32, annotations: &dyn Fn(u32) -> u32) {
        let shelf = self.collection(OWN, "Reading", None);
        for work in 0..works {
            let abstract_text = format!(
                "We study whales of the kind {work} and how they {} in cold water. ",
                ["swim", "sing", "dive", "sleep"][work as usize % 4]
            )
            .repeat(14);
            let title = format!("On the Tidal Behaviour of Whale {work}: a Study in Part {}", work % 97);
            let item = self.item(
                OWN,
                "journalArticle",
                &[
                    ("title", &title),
                    ("abstractNote", &abstract_text),
                    ("date", &format!("{}-03-00 March {0}", 1990 + work % 35)),
                    ("DOI", &format!("10.1000/whale.{work}")),
                    ("publicationTitle", &format!("Journal of Cetacea {}", work % 50)),
                    ("volume", &(work % 40).to_string()),
                    ("pages", &format!("{work}-{}", work + 9)),
                ],
            );
            let family = format!("Gull{}", work % 3001);
            self.people(item, "author", &[("Ada", &family), ("Bo", "Tern"), ("", "Whale Watch")]);
            self.tag(item, &format!("topic {}", work % 30));
            if work % 3 == 0 {
                self.put(shelf, item);
            }
            let pdf = self.pdf(item);
            for page in 1..=annotations(work) {
                self.highlight(pdf, page, "A place that matters, marked by the reader of the paper.", "");
            }
        }
        self.commit();
    }
}

/// The database of a folder as Zotero opens it: nobody else can, and it waits for nobody.
fn opened(folder: &Path, version: Version) -> Connection {
    let connection = Connection::open(folder.join("zotero.sqlite")).unwrap();
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let journal = if version == Version::Ten { "WAL" } else { "DELETE" };
    let set = format!("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = {journal}; PRAGMA synchronous = OFF;");
    connection.execute_batch(&set).unwrap();
    connection.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
    connection
}

/// The key of an item.
pub fn key_of(item: i64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHIJKLMNPQRSTUVWXZ";
    (0..8).rev().map(|at| char::from(LETTERS[usize::try_from(item >> (5 * at)).unwrap() % 32])).collect()
}
