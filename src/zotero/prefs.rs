//! The two files that say where Zotero keeps its data: `profiles.ini` and the `prefs.js` of a profile.

use std::path::{Path, PathBuf};

/// The folder of the profile that Zotero starts with, recognised by the text of a `profiles.ini` in a folder.
pub(super) fn default_profile(text: &str, folder: &Path) -> Option<PathBuf> {
    let mut profiles: Vec<Profile> = Vec::new();
    let mut installed = None;
    let mut section = Section::Other;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = match name {
                _ if name.starts_with("Profile") => {
                    profiles.push(Profile { is_relative: true, ..Profile::default() });
                    Section::Profile
                }
                _ if name.starts_with("Install") => Section::Install,
                _ => Section::Other,
            };
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let (key, value) = (key.trim(), value.trim());
        match (section, profiles.last_mut()) {
            (Section::Install, _) if key == "Default" => installed = Some(value.to_owned()),
            (Section::Profile, Some(profile)) => match key {
                "Path" => value.clone_into(&mut profile.path),
                "IsRelative" => profile.is_relative = value != "0",
                "Default" => profile.is_default = value == "1",
                _ => {}
            },
            _ => {}
        }
    }
    profiles.retain(|profile| !profile.path.is_empty());
    let by_install = profiles.iter().find(|profile| installed.as_ref() == Some(&profile.path));
    let chosen = by_install.or_else(|| profiles.iter().find(|profile| profile.is_default)).or(profiles.first())?;
    let path = PathBuf::from(&chosen.path);
    Some(if chosen.is_relative { folder.join(path) } else { path })
}

#[derive(Clone, Copy)]
enum Section {
    Profile,
    Install,
    Other,
}

#[derive(Default)]
struct Profile {
    path: String,
    is_relative: bool,
    is_default: bool,
}

/// What the settings of a profile say of its files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Prefs {
    /// The data directory, where the user has chosen one.
    pub data_directory: Option<PathBuf>,
    /// The port at which Zotero answers other programs, where it is not the usual one.
    pub port: Option<u16>,
}

impl Prefs {
    /// Reads the text of a `prefs.js`. What is not a setting of this kind is passed over.
    pub fn of(text: &str) -> Prefs {
        let value = |name: &str| text.lines().rev().find_map(|line| preference(line, name));
        let chosen = value("extensions.zotero.dataDir").and_then(|it| it.as_str().map(PathBuf::from));
        // A directory that was chosen once stays there after the user goes back to the usual one.
        let is_used = value("extensions.zotero.useDataDir").and_then(|it| it.as_bool()).unwrap_or(true);
        let port = value("extensions.zotero.httpServer.port").and_then(|it| u16::try_from(it.as_u64()?).ok());
        Prefs {
            data_directory: chosen.filter(|path| is_used && path.is_absolute()),
            port: port.filter(|port| *port != 0),
        }
    }
}

/// The value of a preference that stands on a line.
fn preference(line: &str, name: &str) -> Option<serde_json::Value> {
    let rest = line.trim().strip_prefix("user_pref(")?.trim_start().strip_prefix('"')?;
    let rest = rest.strip_prefix(name)?.strip_prefix('"')?.trim_start().strip_prefix(',')?;
    serde_json::from_str(rest.trim().strip_suffix(");")?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_that_zotero_starts_with_is_found() {
        let folder = Path::new("/home/a/.zotero/zotero");
        let two = "[General]\nStartWithLastProfile=1\n\n[Profile0]\nName=old\nIsRelative=1\nPath=x.old\n\n\
                   [Profile1]\nName=default\nIsRelative=1\nPath=y.default\nDefault=1\n";
        let cases = [
            (two.to_owned(), Some("/home/a/.zotero/zotero/y.default")),
            (two.replace("Default=1", ""), Some("/home/a/.zotero/zotero/x.old")),
            (format!("{two}[Install4F96]\nDefault=x.old\nLocked=1\n"), Some("/home/a/.zotero/zotero/x.old")),
            (format!("[Install4F96]\nDefault=gone\n{two}"), Some("/home/a/.zotero/zotero/y.default")),
            ("[Profile0]\r\nIsRelative=0\r\nPath=/elsewhere/p\r\n".to_owned(), Some("/elsewhere/p")),
            ("[General]\nPath=x\n[Profile0]\nName=empty\n".to_owned(), None),
            (String::new(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(default_profile(&text, folder).as_deref(), expected.map(Path::new), "{text}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_data_directory_is_the_one_in_use() {
        let data = "user_pref(\"extensions.zotero.dataDir\", \"/data/Zot\\u00e9ro\");\n";
        let unused = "user_pref(\"extensions.zotero.useDataDir\", false);\n";
        let used = "user_pref(\"extensions.zotero.useDataDir\", true);\n";
        for (text, expected) in [
            (format!("// a comment\n{data}"), Some("/data/Zotéro")),
            (format!("{data}{used}"), Some("/data/Zotéro")),
            (format!("{data}{unused}"), None),
            (data.replace("/data", "data"), None),
            (data.replace("dataDir", "dataDirectory"), None),
            ("user_pref(\"extensions.zotero.dataDir\", 3);".to_owned(), None),
            ("user_pref(\"extensions.zotero.dataDir\", \"/cut".to_owned(), None),
        ] {
            assert_eq!(Prefs::of(&text).data_directory.as_deref(), expected.map(Path::new), "{text}");
        }
    }

    #[test]
    fn the_port_is_the_one_in_use() {
        for (value, expected) in
            [("23124", Some(23124)), ("0", None), ("-1", None), ("70000", None), ("\"23124\"", None), ("23124.5", None)]
        {
            let text = format!("user_pref(\"extensions.zotero.httpServer.port\", {value});\n");
            assert_eq!(Prefs::of(&text).port, expected, "{value}");
        }
        assert_eq!(Prefs::of("").port, None);
    }
}
