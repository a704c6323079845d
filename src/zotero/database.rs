//! Opening a copy of a database, and what has to be in it.

use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

/// What is read, table by table: in all layouts from Zotero 7 to 10, and in those of 5 and 6 as far as they have it.
const NEEDED: [(&str, &[&str]); 11] = [
    ("items", &["itemID", "itemTypeID", "libraryID", "key"]),
    ("itemTypes", &["itemTypeID", "typeName"]),
    ("fields", &["fieldID", "fieldName"]),
    ("itemData", &["itemID", "fieldID", "valueID"]),
    ("itemDataValues", &["valueID", "value"]),
    ("creators", &["creatorID", "firstName", "lastName", "fieldMode"]),
    ("itemCreators", &["itemID", "creatorID", "creatorTypeID", "orderIndex"]),
    ("creatorTypes", &["creatorTypeID", "creatorType"]),
    ("deletedItems", &["itemID"]),
    ("itemAttachments", &["itemID", "parentItemID", "contentType", "path"]),
    ("libraries", &["libraryID", "type"]),
];

/// A table that is not in every library: where it is not, nothing of its kind is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Optional {
    Annotations,
    Collections,
    CollectionItems,
    DeletedCollections,
    Groups,
    Stamps,
    Tags,
}

impl Optional {
    const ALL: [Optional; 7] = [
        Optional::Annotations,
        Optional::Collections,
        Optional::CollectionItems,
        Optional::DeletedCollections,
        Optional::Groups,
        Optional::Stamps,
        Optional::Tags,
    ];

    fn needed(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Optional::Annotations => (
                "itemAnnotations",
                &["itemID", "parentItemID", "type", "text", "comment", "color", "pageLabel", "sortIndex", "position"],
            ),
            Optional::Collections => {
                ("collections", &["collectionID", "collectionName", "parentCollectionID", "libraryID"])
            }
            Optional::CollectionItems => ("collectionItems", &["collectionID", "itemID"]),
            Optional::DeletedCollections => ("deletedCollections", &["collectionID"]),
            Optional::Groups => ("groups", &["groupID", "libraryID", "name"]),
            Optional::Stamps => ("items", &["version", "dateModified", "clientDateModified"]),
            Optional::Tags => ("itemTags", &["itemID", "tagID"]),
        }
    }
}

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// As a copy, which nobody else knows and which may be written to.
    Copy,
    /// Where it lies, as a file that nobody changes: no lock is taken, and nothing is written beside it.
    AsItLies,
}

/// A database that was opened.
pub(super) struct Database {
    pub connection: Connection,
    has: Vec<Optional>,
}

impl Database {
    /// Opens a database, and looks whether it has what is read.
    pub fn open(path: &Path, opening: Opening) -> io::Result<Database> {
        let connection = open(path, opening)?;
        let tables = tables(&connection)?;
        let has = |(table, columns): (&str, &[&str])| -> io::Result<bool> {
            Ok(tables.contains(table) && has_columns(&connection, table, columns)?)
        };
        for needed in NEEDED {
            if !has(needed)? {
                return Err(unknown_layout(&connection, needed.0));
            }
        }
        let mut found = Vec::new();
        for optional in Optional::ALL {
            if has(optional.needed())? {
                found.push(optional);
            }
        }
        Ok(Database { has: found, connection })
    }

    /// The version of its layout; 0 where it says none.
    pub fn version(&self) -> i64 {
        version_of(&self.connection).unwrap_or(0)
    }

    /// Names the works that are wanted, which queries then know as the table `temp.wanted`.
    pub fn want<'i>(&self, items: impl Iterator<Item = &'i i64>) -> io::Result<()> {
        let table = "DROP TABLE IF EXISTS temp.wanted; CREATE TEMP TABLE wanted (itemID INTEGER PRIMARY KEY); BEGIN;";
        self.connection.execute_batch(table).map_err(failed)?;
        let mut insert = self.connection.prepare("INSERT INTO temp.wanted VALUES (?1)").map_err(failed)?;
        for item in items {
            insert.execute([item]).map_err(failed)?;
        }
        self.connection.execute_batch("COMMIT").map_err(failed)
    }

    /// Whether a table is there.
    pub fn has(&self, table: Optional) -> bool {
        self.has.contains(&table)
    }
}

/// The longest text that is read.
const MAX_VALUE_BYTES: i32 = 64 << 20;

/// Opens a database that may have been made by anybody: nothing in it is ever run.
pub(super) fn open(path: &Path, opening: Opening) -> io::Result<Connection> {
    let connection = match opening {
        Opening::Copy => {
            // The log can be taken into account only by a connection that may write.
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(path, flags)
        }
        Opening::AsItLies => {
            let address = url::Url::from_file_path(path).map_err(|()| ErrorKind::InvalidFilename)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(format!("{address}?immutable=1"), flags)
        }
    };
    let connection = connection.map_err(failed)?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(setting, value).map_err(failed)?;
    }
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES).map_err(failed)?;
    // In exclusive mode no file is made for what programs share.
    let settings = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; \
                    PRAGMA cache_size = -16000;";
    connection.execute_batch(settings).map_err(failed)?;
    Ok(connection)
}

/// The names of tables, and of nothing else that can be asked like one.
pub(super) fn tables(connection: &Connection) -> io::Result<HashSet<String>> {
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        .map_err(failed)?;
    let names = statement.query_map([], |row| row.get(0)).map_err(failed)?;
    names.collect::<Result<_, _>>().map_err(failed)
}

fn has_columns(connection: &Connection, table: &str, columns: &[&str]) -> io::Result<bool> {
    let mut statement =
        connection.prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0").map_err(failed)?;
    let names = statement.query_map([table], |row| row.get::<_, String>(0)).map_err(failed)?;
    let names: HashSet<String> = names.collect::<Result<_, _>>().map_err(failed)?;
    Ok(columns.iter().all(|column| names.contains(*column)))
}

fn version_of(connection: &Connection) -> Option<i64> {
    let query = "SELECT version FROM version WHERE schema = 'userdata'";
    connection.query_row(query, [], |row| row.get(0)).ok()
}

fn unknown_layout(connection: &Connection, table: &str) -> io::Error {
    let version = version_of(connection);
    let version = version.map_or_else(String::new, |version| format!(", which has version {version},"));
    let message = format!(
        "its layout{version} is not one that ibid knows: the table `{table}` is missing or has changed; see whether there is \
         a newer ibid"
    );
    io::Error::new(ErrorKind::Unsupported, message)
}

/// An error of `SQLite` as people read it.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by it")]
pub(super) fn failed(error: rusqlite::Error) -> io::Error {
    let kind = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => ErrorKind::StorageFull,
        _ => ErrorKind::InvalidData,
    };
    let message = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            "the database is damaged, or was copied in the midst of being written".to_owned()
        }
        Some(rusqlite::ErrorCode::DiskFull) => {
            "there is no room for a copy of it in the folder for temporary files".to_owned()
        }
        _ => format!("the database cannot be read: {error}"),
    };
    io::Error::new(kind, message)
}
