//! The part of `ibid doctor` about the library of Zotero: by which way it is read, or why not, and how fresh that is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Output, Session, Stop, counted, entry, heading};
use crate::config::{ZoteroSettings, ZoteroUse};
use crate::corpus::candidate;
use crate::library::FileEntry;
use crate::zotero::{CAN_READ, DataDirectory, Door, door_of, profile_folders};

pub(super) fn zotero(session: &Session, output: &mut Output) -> Result<(), Stop> {
    heading("Zotero", output)?;
    let settings = &session.workspace.settings.zotero;
    let Some(found) = &settings.found else { return entry("library", &why_not(settings), output) };
    entry("data directory", &format!("{} ({})", found.path.display(), found_by(settings, found)), output)?;
    let database = found.database();
    let door = match door_of(&database) {
        Door::AsItLies => "read where it lies, without a lock: nobody is writing it",
        Door::Copy => "read from a copy of it",
        Door::CopyWithLog => "read from a copy of it and of the log beside it",
    };
    entry("database", door, output)?;
    let library = session.workspace.library.snapshot();
    let Some(file) = library.files().by_path(&database) else {
        return entry("items", "none: it was not read", output);
    };
    entry("items", &counted(file.records, "item"), output)?;
    entry("state", &state(file), output)?;
    entry("local API", &local_api(settings, file), output)
}

fn why_not(settings: &ZoteroSettings) -> String {
    if settings.enabled.value == ZoteroUse::Off {
        return format!("not read, as zotero.enabled says ({})", settings.enabled.origin);
    }
    if !CAN_READ {
        return "not read: this ibid was built without support for it".to_owned();
    }
    if settings.data_dir.value.is_some() {
        return "not read: there is no database where zotero.data_dir says".to_owned();
    }
    let folders: Vec<String> = profile_folders().iter().map(|it| it.profiles.display().to_string()).collect();
    if folders.is_empty() {
        return "not looked for: no place is known for its profiles".to_owned();
    }
    format!("not found; profiles were looked for in {}", folders.join(", "))
}

fn found_by(settings: &ZoteroSettings, found: &DataDirectory) -> String {
    match (&settings.data_dir.value, &found.found_by) {
        (Some(_), _) => format!("zotero.data_dir, {}", settings.data_dir.origin),
        (None, Some(file)) => file.display().to_string(),
        (None, None) => "the usual place".to_owned(),
    }
}

/// Whether the second door is open, and whether it is needed.
#[cfg(feature = "zotero")]
fn local_api(settings: &ZoteroSettings, file: &FileEntry) -> String {
    use crate::zotero::probe;
    let selection = settings.selection();
    let Some(port) = selection.api else {
        return format!("not asked, as zotero.api says ({})", settings.api.origin);
    };
    match probe(port, &selection) {
        Ok(answer) => {
            let version = answer.zotero.map_or_else(String::new, |version| format!(" (Zotero {version})"));
            let need = if file.is_second_hand() { "in use" } else { "not needed: the database is as fresh" };
            format!("answers{version}; {need}")
        }
        Err(closed) if file.failure().is_some() => format!("closed: {closed}"),
        Err(closed) => format!("closed, and not needed: {closed}"),
    }
}

#[cfg(not(feature = "zotero"))]
fn local_api(_: &ZoteroSettings, _: &FileEntry) -> String {
    String::new()
}

/// How fresh what is served is.
fn state(file: &FileEntry) -> String {
    let changed =
        file.stamp.modified_ns.and_then(age).map_or_else(String::new, |age| format!(", which changed last {age} ago"));
    let is_current = candidate(&file.path, false).is_ok_and(|now| now.stamp.is_unchanged(&file.stamp));
    match file.failure() {
        Some(problem) if file.is_second_hand() => format!("that of Zotero at the last look: {}", problem.message),
        Some(problem) if file.complete => format!("the last good one{changed}: {}", problem.message),
        Some(problem) => format!("nothing is known yet: {}", problem.message),
        None if is_current => format!("that of the database now{changed}"),
        None => format!("that of the database before its last change{changed}"),
    }
}

/// How long ago a time was, in nanoseconds since 1970.
fn age(nanoseconds: i64) -> Option<String> {
    let then = UNIX_EPOCH + Duration::from_nanos(u64::try_from(nanoseconds).ok()?);
    let seconds = SystemTime::now().duration_since(then).ok()?.as_secs();
    Some(match seconds {
        0..120 => counted(seconds, "second"),
        120..7200 => counted(seconds / 60, "minute"),
        7200..172_800 => counted(seconds / 3600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    })
}
