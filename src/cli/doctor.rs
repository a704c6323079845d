//! `ibid doctor`: what ibid sees, and what is wrong with it.

mod group;
mod zotero;

use std::path::Path;

use owo_colors::OwoColorize;

use super::index::{file_lines, problem_lines};
use super::output::{Output, counted, padded};
use super::session::Session;
use super::{Outcome, Place, Stop, version};
use crate::config::{Alias, Origin, Settings};
use crate::corpus::readers;
use crate::diagnostic::{Code, Diagnostic};
use crate::library::Resolution;

pub(super) fn run(place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    let mut problems = session.problems();
    problems.extend(dead_aliases(&session));
    problems.extend(session.no_papers());
    output.line(format!("ibid {}", version::WHOLE).bold())?;
    workspace(&session, output)?;
    configuration(&session, output)?;
    corpus(&session, output)?;
    zotero::zotero(&session, output)?;
    if let Some(message) = group::group(&session, output)? {
        problems.push(Diagnostic::of_file(&session.root, Code::Unreachable, message));
    }
    index(&session, output)?;
    heading("Problems", output)?;
    problem_lines(&problems, output)?;
    if problems.is_empty() {
        output.line("none".green())?;
    }
    Ok(Outcome::fine_unless(!problems.is_empty()))
}

fn heading(text: &str, output: &mut Output) -> Result<(), Stop> {
    output.line("")?;
    output.line(text.bold().underline())?;
    Ok(())
}

fn entry(key: &str, value: &str, output: &mut Output) -> Result<(), Stop> {
    output.line(format!("{} {value}", padded(key, 23).dimmed()))?;
    Ok(())
}

fn workspace(session: &Session, output: &mut Output) -> Result<(), Stop> {
    heading("Workspace", output)?;
    entry("root", &session.root.display().to_string(), output)?;
    let notes = session.notes();
    let citations: usize = notes.vault.notes().map(|note| note.citations.len()).sum();
    entry("notes", &notes.vault.len().to_string(), output)?;
    entry("citations in them", &citations.to_string(), output)?;
    entry(
        "looked through in",
        &format!("{:.2} s, {} read anew", notes.seconds, counted(notes.read as u64, "note")),
        output,
    )?;
    if let Some(file) = &notes.cache_file {
        entry("kept in", &file.display().to_string(), output)?;
    }
    Ok(())
}

fn configuration(session: &Session, output: &mut Output) -> Result<(), Stop> {
    heading("Configuration", output)?;
    let settings = &session.workspace.settings;
    let none = || "none; defaults apply".to_owned();
    entry("file", &session.config_file.as_ref().map_or_else(none, |file| file.display().to_string()), output)?;
    if let Some(file) = &session.user_file {
        let is_there = if file.exists() { "" } else { " (not there)" };
        entry("your own file", &format!("{}{is_there}", file.display()), output)?;
    }
    let trusted = if settings.trust.is_trusted() { "yes" } else { "no; nothing outside of it but papers is reached" };
    entry("trusted", trusted, output)?;
    let Settings { corpus_paths, corpus_reference, aliases, .. } = settings;
    if corpus_paths.value.is_empty() {
        entry("corpus.paths", &format!("none ({})", origin(&corpus_paths.origin, output)), output)?;
    }
    for path in &corpus_paths.value {
        let value = format!("{} ({})", path.path.display(), origin(&path.origin, output));
        entry("corpus.paths", &value, output)?;
    }
    for path in &corpus_reference.value {
        let value = format!("{} ({})", path.path.display(), origin(&path.origin, output));
        entry("corpus.reference", &value, output)?;
    }
    if aliases.is_empty() {
        entry("aliases", "none (default)", output)?;
    }
    for alias in aliases {
        let value = format!("{} = {} ({})", alias.alias, alias.name, origin(&alias.origin, output));
        entry("aliases", &value, output)?;
    }
    for (key, value, set) in settings.single_values() {
        entry(&key, &format!("{value} ({})", origin(set, output)), output)?;
    }
    Ok(())
}

fn origin(origin: &Origin, output: &Output) -> String {
    match origin {
        Origin::File { path, line } => output.place(path, *line),
        other => other.to_string(),
    }
}

fn corpus(session: &Session, output: &mut Output) -> Result<(), Stop> {
    heading("Corpus", output)?;
    let library = session.workspace.library.snapshot();
    file_lines(library.files(), output)?;
    let totals = [
        counted(library.record_count(), "record"),
        counted(library.paper_count(), "paper"),
        counted(library.files().files.len() as u64, "file"),
    ];
    output.line(totals.join(", "))?;
    let formats: Vec<&str> = readers().iter().map(|reader| reader.name()).collect();
    entry("formats ibid reads", &formats.join(", "), output)
}

fn index(session: &Session, output: &mut Output) -> Result<(), Stop> {
    heading("Index", output)?;
    let library = &session.workspace.library;
    if let Some(reason) = library.memory_reason() {
        return entry("place", &format!("in memory: {reason}"), output);
    }
    if let Some(path) = library.path() {
        entry("place", &path.display().to_string(), output)?;
        entry("size", &size(bytes_below(&path)), output)?;
    }
    entry("brought up to date in", &format!("{:.2} s", session.seconds), output)
}

/// Aliases that stand for no paper, or for several.
fn dead_aliases(session: &Session) -> Vec<Diagnostic> {
    let library = session.workspace.library.snapshot();
    let aliases = session.workspace.aliases();
    let wrong = |alias: &Alias| {
        let what = match &*library.resolve(&alias.name, &aliases) {
            Resolution::Unique(_) => return None,
            Resolution::Missing => "no paper is called that".to_owned(),
            Resolution::Ambiguous(papers) => format!("{} papers are called that", papers.count()),
        };
        let (path, line) = match &alias.origin {
            Origin::File { path, line } => (path.clone(), *line),
            _ => (session.root.clone(), 0),
        };
        let message = format!("the alias {:?} stands for {:?}, but {what}", alias.alias, alias.name);
        Some(Diagnostic { line, ..Diagnostic::of_file(&path, Code::Configuration, message) })
    };
    session.workspace.settings.aliases.iter().filter_map(wrong).collect()
}

fn bytes_below(folder: &Path) -> u64 {
    let files = ignore::WalkBuilder::new(folder).standard_filters(false).build().flatten();
    files.filter_map(|entry| entry.metadata().ok()).filter(std::fs::Metadata::is_file).map(|file| file.len()).sum()
}

/// A number of bytes in the unit that suits it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_a_suitable_unit() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(48_900_000), "48.9 MB");
        assert_eq!(size(1_100_000_000), "1.1 GB");
    }
}
