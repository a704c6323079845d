//! What notices say of a paper: that it was retracted, reinstated, doubted or corrected.

use super::Snapshot;
use super::escape::plain_text;
use crate::library::{FileTable, LibraryPaper};
use crate::paper::{Nature, Notice, Record, last_notice};

/// At most this much of the reasons is shown, in characters.
const MAX_REASON_CHARS: usize = 120;

/// What a notice is called where it opens.
pub(super) fn noun(nature: Nature) -> &'static str {
    match nature {
        Nature::Retraction => "Retraction",
        Nature::Reinstatement => "Reinstatement",
        Nature::Concern => "Expression of concern",
        Nature::Correction => "Correction",
    }
}

/// The notices that a card shows: the last of each nature. It leaves out a retraction that was taken back, and a
/// reinstatement that another retraction followed.
pub(super) fn shown_notices(record: &Record) -> Vec<&Notice> {
    let verdict = if record.retracted { Nature::Retraction } else { Nature::Reinstatement };
    let natures = [verdict, Nature::Concern, Nature::Correction];
    natures.into_iter().filter_map(|nature| last_notice(nature, &record.notices)).collect()
}

/// What became of the paper, for its card: `Retracted on Apr 17, 2020 (Euphemisms for Plagiarism)`.
pub(super) fn notice_facts(record: &Record) -> Vec<String> {
    let shown = shown_notices(record);
    let is_said = shown.iter().any(|notice| notice.nature == Nature::Retraction);
    let bare = (record.retracted && !is_said).then(|| "Retracted or withdrawn".to_owned());
    let fact = |notice: &&Notice| {
        let what = match notice.nature {
            Nature::Retraction => "Retracted",
            Nature::Reinstatement => "Reinstated",
            Nature::Concern => "Expression of concern",
            Nature::Correction => "Corrected",
        };
        format!("{what}{}{}", on_its_day(notice), because(notice))
    };
    bare.into_iter().chain(shown.iter().map(fact)).collect()
}

/// What is wrong with citing a paper that was retracted; `None` where it was not.
pub(super) fn retraction_message(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<String> {
    let record = &paper.record;
    let title = plain_text(record.heading());
    let said = said_by(snapshot, paper, |record| record.retracted);
    let notice = last_notice(Nature::Retraction, &record.notices);
    record.retracted.then(|| match notice {
        Some(notice) => format!("“{title}” was retracted{}{}{said}.", on_its_day(notice), because(notice)),
        None => format!("“{title}” was retracted or withdrawn{said}."),
    })
}

/// What there is to know of citing a paper that its editors doubt; `None` where they do not, or took it back or reinstated
/// it since.
pub(super) fn concern_message(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<String> {
    let record = &paper.record;
    let notice = last_notice(Nature::Concern, &record.notices)?;
    let is_settled = last_notice(Nature::Reinstatement, &record.notices).is_some_and(|it| it.date >= notice.date);
    let said = said_by(snapshot, paper, |record| record.notices.iter().any(|it| it.nature == Nature::Concern));
    let (title, day, why) = (plain_text(record.heading()), on_its_day(notice), because(notice));
    let message = || format!("There is an expression of concern about “{title}”{day}{why}{said}.");
    (!record.retracted && !is_settled).then(message)
}

/// `, as retractions.csv says`: the first file that says so.
fn said_by(snapshot: &Snapshot, paper: &LibraryPaper, says_so: impl Fn(&Record) -> bool) -> String {
    let files: &FileTable = snapshot.library.files();
    let says =
        |record: Option<std::sync::Arc<crate::library::RecordHead>>| record.is_some_and(|it| says_so(&it.record));
    let source = paper.sources.iter().find(|source| says(snapshot.library.head(source))).or(paper.sources.first());
    let file = source.and_then(|source| files.place(&source.origin));
    let name = file.and_then(|(file, _)| file.path.file_name()).map(|name| name.to_string_lossy().into_owned());
    name.map_or_else(String::new, |name| format!(", as {name} says"))
}

fn on_its_day(notice: &Notice) -> String {
    notice.date.map_or_else(String::new, |date| format!(" ({date})"))
}

fn because(notice: &Notice) -> String {
    let reason = plain_text(&notice.reason);
    match reason.char_indices().nth(MAX_REASON_CHARS) {
        _ if reason.is_empty() => String::new(),
        Some((end, _)) => format!(": {}…", reason.get(..end).unwrap_or(&reason).trim_end_matches([';', ',', ' '])),
        None => format!(": {reason}"),
    }
}
