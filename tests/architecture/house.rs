//! The house drawn by room: files, lines, and who uses whom. `docs/house.md` is made from this, and held to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::{code, sources};

/// Modules that are drawn by room.
const WITH_ROOMS: [&str; 3] = ["corpus", "library", "server"];

/// Modules whose parts, rooms or single files, use one another without circles.
const WITHOUT_CIRCLES: [&str; 4] = ["corpus", "features", "library", "server"];

/// What is known of a room.
#[derive(Debug, Default)]
struct Room {
    files: usize,
    lines: usize,
    /// Lines that only tests are built with.
    test_lines: usize,
    uses: BTreeSet<String>,
}

/// The parts of the path of a source file as the program names it: `corpus`, `text`, `dates`.
fn module_path(path: &Path) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let relative = path.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Vec<String> = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    parts.pop_if(|last| last == "mod");
    parts
}

/// The paths that a text names from its beginning: `a::{b, c::d}` names two.
fn named(text: &str) -> Vec<String> {
    let (mut found, mut before, mut current) = (Vec::new(), Vec::<String>::new(), String::new());
    for letter in text.chars() {
        match letter {
            _ if letter.is_alphanumeric() || letter == '_' || letter == ':' => current.push(letter),
            '{' if current.is_empty() || current.ends_with("::") => {
                let outer = before.last().cloned().unwrap_or_default();
                before.push(outer + &std::mem::take(&mut current));
            }
            ',' | '}' if !before.is_empty() => {
                let name = std::mem::take(&mut current);
                if !name.is_empty() {
                    found.push(before.last().cloned().unwrap_or_default() + &name);
                }
                if letter == '}' {
                    before.pop();
                }
                if before.is_empty() {
                    return found;
                }
            }
            _ if letter.is_whitespace() && !before.is_empty() => {}
            _ => break,
        }
    }
    if before.is_empty() && !current.is_empty() {
        found.push(current);
    }
    found
}

/// What a file uses of the crate, as paths from its root.
fn used_by(path: &Path) -> Vec<Vec<String>> {
    let (code, own) = (code(path), module_path(path));
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        used.extend(named(&code[at + "crate::".len()..]));
    }
    for (at, _) in code.match_indices("super::").filter(|(at, _)| !code[..*at].ends_with("super::")) {
        let rest = code[at..].trim_start_matches("super::");
        let levels = (code.len() - at - rest.len()) / "super::".len();
        let outer = own.get(..own.len().saturating_sub(levels)).unwrap_or_default().join("::");
        used.extend(
            named(rest).into_iter().map(|name| if outer.is_empty() { name } else { format!("{outer}::{name}") }),
        );
    }
    used.into_iter().map(|path| path.split("::").map(str::to_owned).collect()).collect()
}

/// The rooms, by name.
fn rooms() -> BTreeMap<String, Room> {
    let files = sources();
    let room_of = |parts: &[String]| -> Option<String> {
        let module = parts.first()?;
        let inner = parts.get(1).filter(|_| WITH_ROOMS.contains(&module.as_str()));
        let folder = |it: &&String| Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module).join(it).is_dir();
        Some(inner.filter(folder).map_or_else(|| module.clone(), |it| format!("{module}/{it}")))
    };
    let modules: BTreeSet<String> = files.iter().map(|(module, _)| module.clone()).collect();
    let mut rooms: BTreeMap<String, Room> = BTreeMap::new();
    for (_, path) in &files {
        let Some(name) = room_of(&module_path(path)) else { continue };
        let lines = fs::read_to_string(path).unwrap().lines().count();
        let is_test = path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "same_work");
        let text = fs::read_to_string(path).unwrap();
        let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines().count();
        let used = used_by(path).into_iter().filter(|it| it.first().is_some_and(|it| modules.contains(it)));
        let used: BTreeSet<String> = used.filter_map(|it| room_of(&it)).filter(|it| *it != name).collect();
        let room = rooms.entry(name).or_default();
        room.files += 1;
        room.lines += lines;
        room.test_lines += if is_test { lines } else { lines - before_tests };
        room.uses.extend(used);
    }
    rooms
}

fn page(rooms: &BTreeMap<String, Room>) -> String {
    let mut page = "# The house by room\n\n\
        Made by `IBID_DRAW_HOUSE=1 cargo test --test architecture house`; a test tells where it no longer holds.\n\n\
        | room | files | lines | of them tests | uses |\n|---|---:|---:|---:|---|\n"
        .to_owned();
    let mut all = Room::default();
    for (name, room) in rooms {
        let uses = room.uses.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" ");
        let Room { files, lines, test_lines, .. } = room;
        writeln!(page, "| `{name}` | {files} | {lines} | {test_lines} | {uses} |").unwrap();
        (all.files, all.lines, all.test_lines) = (all.files + files, all.lines + lines, all.test_lines + test_lines);
    }
    writeln!(page, "| all | {} | {} | {} | |", all.files, all.lines, all.test_lines).unwrap();
    page
}

/// The rows of a page: the name of a room, its numbers, and what it uses.
fn rows(page: &str) -> Vec<(&str, Vec<usize>, &str)> {
    let rows = page.lines().filter(|line| line.starts_with("| `")).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (cells[1], cells[2..5].iter().map(|cell| cell.parse().unwrap()).collect(), cells[5])
    });
    rows.collect()
}

#[test]
fn the_house_is_as_it_is_drawn() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/house.md");
    let now = page(&rooms());
    if std::env::var_os("IBID_DRAW_HOUSE").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let drawn = fs::read_to_string(&path).unwrap();
    let how = "draw it again: IBID_DRAW_HOUSE=1 cargo test --test architecture house";
    let (now, drawn) = (rows(&now), rows(&drawn));
    let names = |rows: &[(&str, Vec<usize>, &str)]| {
        rows.iter().map(|(name, _, uses)| format!("{name} uses {uses}")).collect::<Vec<_>>()
    };
    assert_eq!(names(&drawn), names(&now), "{how}");
    // A line more or less is no other house.
    for ((name, before, _), (_, after, _)) in drawn.iter().zip(&now) {
        for (before, after) in before.iter().zip(after) {
            assert!(before.abs_diff(*after) <= 150.max(before / 5), "{name}: {before} are {after} now; {how}");
        }
    }
}

#[test]
fn rooms_use_one_another_without_circles() {
    for module in WITHOUT_CIRCLES {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, path) in sources().into_iter().filter(|(of, _)| of == module) {
            let Some(part) = module_path(&path).get(1).cloned() else { continue };
            let used = used_by(&path).into_iter().filter(|it| it.first().is_some_and(|it| it == module));
            let used = used.filter_map(|it| it.get(1).cloned()).filter(|it| *it != part);
            uses.entry(part.clone()).or_default().extend(used);
        }
        assert!(uses.len() > 3, "{module}");
        // Whoever uses none that is left can be taken away; what stays in the end is a circle.
        while let Some(free) = uses.iter().find(|(_, used)| !used.iter().any(|it| uses.contains_key(it))) {
            let free = free.0.clone();
            uses.remove(&free);
        }
        assert!(uses.is_empty(), "circles in {module}: {:?}", uses.keys());
    }
}

#[test]
fn braces_name_several_paths() {
    assert_eq!(named("a::{b, c::{d, e as f}, g}; x"), ["a::b", "a::c::d", "a::c::easf", "a::g"]);
    assert_eq!(named("a::b::C(x)"), ["a::b::C"]);
    assert_eq!(named("{a, b};"), ["a", "b"]);
}
