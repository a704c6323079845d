//! Where Zotero keeps its data on this machine.

use std::path::{Path, PathBuf};

use super::prefs::{Prefs, default_profile};
use super::{DATABASE, PORT, stamp};
use crate::files::{self, FileStamp, Purpose};

/// The variable that names the folders with Zotero's `profiles.ini` in place of the usual ones; none where it is empty.
pub const PROFILES_VARIABLE: &str = "IBID_ZOTERO_PROFILES";

/// A folder in which Zotero keeps its profiles, if it is installed that way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFolder {
    /// The folder that has `profiles.ini`.
    pub profiles: PathBuf,
    /// The folders that may hold `Zotero`, the usual data directory.
    pub homes: Vec<PathBuf>,
}

/// A data directory that has a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDirectory {
    /// The folder.
    pub path: PathBuf,
    /// What it was found by: the settings of a profile, or nothing but its place.
    pub found_by: Option<PathBuf>,
    /// The port on this machine at which its Zotero answers other programs.
    pub port: u16,
}

impl DataDirectory {
    /// The database in it.
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }
}

/// The systems that Zotero runs on, as far as it keeps its files elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and others.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl System {
    /// The one this program runs on.
    pub const fn this() -> System {
        if cfg!(target_os = "macos") {
            System::MacOs
        } else if cfg!(windows) {
            System::Windows
        } else {
            System::Linux
        }
    }
}

/// Where Zotero keeps its profiles on this system: see [`PROFILES_VARIABLE`].
pub fn profile_folders() -> Vec<ProfileFolder> {
    if let Some(set) = std::env::var_os(PROFILES_VARIABLE) {
        let named = std::env::split_paths(&set).filter(|path| !path.as_os_str().is_empty());
        return named.map(|path| ProfileFolder { homes: vec![path.clone()], profiles: path }).collect();
    }
    let Ok(home) = etcetera::home_dir() else { return Vec::new() };
    let roaming = std::env::var_os("APPDATA").map(PathBuf::from);
    profile_folders_of(System::this(), &home, roaming.as_deref())
}

/// Where Zotero keeps its profiles on a system, with this home and, on Windows, this folder of roaming settings.
pub fn profile_folders_of(system: System, home: &Path, roaming: Option<&Path>) -> Vec<ProfileFolder> {
    let folder = |profiles: PathBuf, homes: &[&Path]| ProfileFolder {
        profiles,
        homes: homes.iter().map(|path| path.to_path_buf()).collect(),
    };
    match system {
        System::MacOs => vec![folder(home.join("Library/Application Support/Zotero"), &[home])],
        System::Windows => {
            let roaming = roaming.map_or_else(|| home.join("AppData").join("Roaming"), Path::to_path_buf);
            vec![folder(roaming.join("Zotero").join("Zotero"), &[home])]
        }
        System::Linux => {
            // Sandboxes show a home of their own, or parts of the real one.
            let sandboxes = ["snap/zotero-snap/common", "snap/zotero-snap/current", "snap/zotero/current"];
            let own = folder(home.join(".zotero/zotero"), &[home]);
            let sandboxed = [".var/app/org.zotero.Zotero"].into_iter().chain(sandboxes).map(|sandbox| {
                let inner = home.join(sandbox);
                folder(inner.join(".zotero/zotero"), &[&inner, home])
            });
            std::iter::once(own).chain(sandboxed).collect()
        }
    }
}

/// The data directory in use: of several the one that changed last. `None` where there is no database anywhere.
pub fn find(folders: &[ProfileFolder]) -> Option<DataDirectory> {
    let mut found: Vec<(i64, DataDirectory)> = Vec::new();
    for candidate in folders.iter().flat_map(candidates) {
        let is_known = found.iter().any(|(_, known)| known.path == candidate.path);
        if !is_known && let Some(changed) = last_change(&candidate.database()) {
            found.push((changed, candidate));
        }
    }
    // The first of those that changed at the same time.
    found.into_iter().rev().max_by_key(|(changed, _)| *changed).map(|(_, directory)| directory)
}

/// The port at which Zotero answers, by the first profile that names one: for a data directory that was not found by one.
pub fn port_of(folders: &[ProfileFolder]) -> u16 {
    folders.iter().find_map(|folder| prefs_of(folder).1.port).unwrap_or(PORT)
}

/// The profile of a folder that Zotero starts with, and its settings.
fn prefs_of(folder: &ProfileFolder) -> (Option<PathBuf>, Prefs) {
    let read = |path: &Path| files::read_text(path, Purpose::Config).ok();
    let profile = read(&folder.profiles.join("profiles.ini")).and_then(|text| default_profile(&text, &folder.profiles));
    let text = profile.as_ref().and_then(|profile| read(&profile.join("prefs.js")));
    (profile, text.map_or_else(Prefs::default, |text| Prefs::of(&text)))
}

/// The data directories that a folder of profiles may lead to.
fn candidates(folder: &ProfileFolder) -> Vec<DataDirectory> {
    let (profile, settings) = prefs_of(folder);
    let prefs = profile.as_ref().map(|profile| profile.join("prefs.js"));
    let port = settings.port.unwrap_or(PORT);
    // What the user has chosen is meant, even where it is away.
    if let Some(path) = settings.data_directory {
        return vec![DataDirectory { path, found_by: prefs, port }];
    }
    let usual = folder.homes.iter().map(|home| DataDirectory { path: home.join("Zotero"), found_by: None, port });
    // Versions before the fifth.
    let old = profile.map(|profile| DataDirectory { path: profile.join("zotero"), found_by: prefs, port });
    usual.chain(old).collect()
}

/// When a database was changed last; `None` where there is none.
fn last_change(database: &Path) -> Option<i64> {
    let metadata = std::fs::metadata(database).ok().filter(std::fs::Metadata::is_file)?;
    stamp::with_companions(database, FileStamp::of(&metadata)).modified_ns
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn found(home: &Path) -> Option<PathBuf> {
        find(&profile_folders_of(System::Linux, home, None)).map(|it| it.path)
    }

    #[test]
    fn every_system_and_every_sandbox_has_its_own_place() {
        let home = Path::new("/home/a");
        // Where the profiles are, and the homes that may hold the usual data directory.
        let usual: &[&str] = &["/home/a"];
        for (system, roaming, expected) in [
            (
                System::Linux,
                None,
                vec![
                    ("/home/a/.zotero/zotero", usual),
                    (
                        "/home/a/.var/app/org.zotero.Zotero/.zotero/zotero",
                        &["/home/a/.var/app/org.zotero.Zotero", "/home/a"],
                    ),
                    ("/home/a/snap/zotero-snap/common/.zotero/zotero", &["/home/a/snap/zotero-snap/common", "/home/a"]),
                    (
                        "/home/a/snap/zotero-snap/current/.zotero/zotero",
                        &["/home/a/snap/zotero-snap/current", "/home/a"],
                    ),
                    ("/home/a/snap/zotero/current/.zotero/zotero", &["/home/a/snap/zotero/current", "/home/a"]),
                ],
            ),
            (System::MacOs, None, vec![("/home/a/Library/Application Support/Zotero", usual)]),
            (System::MacOs, Some("/r"), vec![("/home/a/Library/Application Support/Zotero", usual)]),
            (System::Windows, None, vec![("/home/a/AppData/Roaming/Zotero/Zotero", usual)]),
            (System::Windows, Some("/r"), vec![("/r/Zotero/Zotero", usual)]),
        ] {
            let expected: Vec<ProfileFolder> = expected
                .into_iter()
                .map(|(profiles, homes)| ProfileFolder {
                    profiles: profiles.into(),
                    homes: homes.iter().map(PathBuf::from).collect(),
                })
                .collect();
            assert_eq!(profile_folders_of(system, home, roaming.map(Path::new)), expected, "{system:?}");
        }
    }

    /// Every place of every system leads to a library, by the usual directory and by one that the profile names.
    #[test]
    fn a_library_is_found_wherever_zotero_is_installed() {
        for system in [System::Linux, System::MacOs, System::Windows] {
            for at in 0..profile_folders_of(system, Path::new("/"), None).len() {
                let home = tempfile::tempdir().unwrap();
                let folders = profile_folders_of(system, home.path(), None);
                let ini = "[General]\nStartWithLastProfile=1\n\n[Profile0]\nName=default\nIsRelative=1\n\
                           Path=Profiles/x.default\nDefault=1\n";
                write(&folders[at].profiles.join("profiles.ini"), ini);
                let prefs = folders[at].profiles.join("Profiles/x.default/prefs.js");
                write(&prefs, "user_pref(\"extensions.zotero.httpServer.port\", 23999);\n");
                assert_eq!(find(&folders), None, "{system:?} {at}");
                let usual = folders[at].homes[0].join("Zotero");
                write(&usual.join("zotero.sqlite"), "");
                let found = find(&folders).unwrap();
                assert_eq!((found.path, found.found_by), (usual, None), "{system:?} {at}");
                assert_eq!(port_of(&folders), 23999, "{system:?} {at}");
                let chosen = home.path().join("data");
                let text = serde_json::to_string(&chosen).unwrap();
                write(&prefs, &format!("user_pref(\"extensions.zotero.dataDir\", {text});\n"));
                write(&chosen.join("zotero.sqlite"), "");
                let found = find(&folders[at..=at]).unwrap();
                assert_eq!((found.path, found.found_by, found.port), (chosen, Some(prefs), PORT), "{system:?} {at}");
            }
        }
    }

    #[test]
    fn the_usual_directory_is_found_without_a_profile() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(found(home.path()), None);
        fs::create_dir_all(home.path().join("Zotero/zotero.sqlite")).unwrap();
        assert_eq!(found(home.path()), None, "a folder is no database");
        fs::remove_dir(home.path().join("Zotero/zotero.sqlite")).unwrap();
        write(&home.path().join("Zotero/zotero.sqlite"), "");
        assert_eq!(found(home.path()), Some(home.path().join("Zotero")));
    }

    #[test]
    #[cfg(unix)]
    fn a_directory_that_the_user_chose_takes_the_place_of_the_usual_one() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("elsewhere");
        write(&home.path().join("Zotero/zotero.sqlite"), "");
        write(&home.path().join(".zotero/zotero/profiles.ini"), "[Profile0]\nIsRelative=1\nPath=p\nDefault=1\n");
        let prefs = format!("user_pref(\"extensions.zotero.dataDir\", \"{}\");\n", data.display());
        write(&home.path().join(".zotero/zotero/p/prefs.js"), &prefs);
        let only = &profile_folders_of(System::Linux, home.path(), None)[..1];
        assert_eq!(find(only), None, "the one that is not in use is not read instead");
        write(&data.join("zotero.sqlite"), "");
        let directory = find(only).unwrap();
        assert_eq!(directory.path, data);
        assert_eq!(directory.found_by, Some(home.path().join(".zotero/zotero/p/prefs.js")));
    }

    #[test]
    fn of_several_the_one_that_changed_last_is_in_use() {
        let home = tempfile::tempdir().unwrap();
        let sandbox = home.path().join(".var/app/org.zotero.Zotero/Zotero/zotero.sqlite");
        let own = home.path().join("Zotero/zotero.sqlite");
        write(&own, "");
        write(&sandbox, "");
        let age = |path: &Path, hours: u64| {
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).unwrap();
        };
        age(&own, 1);
        age(&sandbox, 9);
        assert_eq!(found(home.path()).unwrap(), own.parent().unwrap());
        write(&home.path().join(".var/app/org.zotero.Zotero/Zotero/zotero.sqlite-wal"), "x");
        assert_eq!(found(home.path()).unwrap(), sandbox.parent().unwrap());
    }
}
