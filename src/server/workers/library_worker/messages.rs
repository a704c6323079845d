//! What the library worker says: of the configuration, of files that are not read, of its progress.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tower_lsp::gen_lsp_types as lsp;

use crate::diagnostic::{Code, Diagnostic};
use crate::library::{SyncProgress, SyncStage};
use crate::server::protocol::convert;
use crate::server::protocol::diagnostics::converted;
use crate::text::{Document, Encoding, Position, PositionRange};

/// One sentence about what is wrong with the configuration file, with the first place. What an untrusted workspace may not
/// have is said by itself.
pub(super) fn configuration_notice(problems: &[Diagnostic]) -> Option<String> {
    let mut of_file = problems.iter().filter(|problem| problem.path.is_some() && problem.code != Code::Untrusted);
    let first = of_file.next()?;
    let others = match of_file.count() {
        0 => String::new(),
        1 => " (and one more problem)".to_owned(),
        others => format!(" (and {others} more problems)"),
    };
    Some(format!("{first}{others}"))
}

/// The files that are not read, those that the user names among them, if the user wants to see them.
pub(super) fn not_read(problems: &[Diagnostic], is_wanted: bool) -> BTreeMap<PathBuf, Diagnostic> {
    // Where there is no file, nothing can be shown in it.
    let is_file = |problem: &Diagnostic| problem.path.as_ref().is_some_and(|path| path.is_file());
    let is_unread = |it: &Diagnostic| it.code == Code::NotRead || it.code == Code::Unreachable && is_file(it);
    let unread = problems.iter().filter(|problem| is_wanted && is_unread(problem));
    let of_file = |problem: &Diagnostic| {
        let path = problem.path.clone()?;
        let what = problem.message.strip_prefix(&*path.to_string_lossy()).unwrap_or(&problem.message);
        let kind = if path.is_dir() { "folder" } else { "file" };
        let message = format!("This {kind} {}.", what.trim_start());
        Some((path, Diagnostic { message, ..problem.clone() }))
    };
    unread.filter_map(of_file).collect()
}

/// A problem of the configuration in the protocol's types; one without a stretch is about its whole line.
pub(super) fn config_diagnostic(problem: &Diagnostic, document: &Document, encoding: Encoding) -> lsp::Diagnostic {
    let mut found = lsp::Diagnostic { code: None, ..converted(problem, document, encoding) };
    if problem.span.is_none() {
        let line = problem.line.saturating_sub(1);
        let whole = PositionRange { start: Position::new(line, 0), end: Position::new(line + 1, 0) };
        found.range = convert::range(whole);
    }
    found
}

/// What is done just now, for the user.
pub(super) fn progress_message(progress: SyncProgress<'_>) -> String {
    let rate = progress.records_per_second().map_or_else(String::new, |rate| format!(", {rate} a second"));
    let left = progress.time_left().map_or_else(String::new, |left| format!(", {} s left", left.as_secs()));
    match progress.stage {
        SyncStage::Waiting => "waiting until the index can be written".to_owned(),
        SyncStage::Reading { file, .. } => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            format!("{name}: {} records{rate}{left}", progress.records)
        }
        SyncStage::Merging { .. } if progress.records == 0 => format!("putting the index in order{left}"),
        SyncStage::Merging { .. } => format!("{} records read, putting the index in order{left}", progress.records),
    }
}
