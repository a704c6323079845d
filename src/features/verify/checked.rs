//! The references of an open document, judged step by step, and what is wrong with them.
//!
//! Judging takes a fraction of a millisecond or some of them for each reference, and a bibliography has thousands. So it is
//! done in small steps, each reference once, and what was found is kept by what the reference says: the user who types in one
//! entry has that one judged again, and the others keep what was said of them wherever they move.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Collection, Field, FieldDifference, Judgement, Verdict, correcting_edits, listed_references, read_listed_reference,
    verify_by,
};
use crate::corpus::{Format, OpenCorpusFile};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::features::bib_edit::EntryEdit;
use crate::features::escape::plain_text;
use crate::features::{ActionKind, CodeAction, Snapshot};
use crate::library::{FileTable, Papers};
use crate::notes::OpenNote;
use crate::paper::{Origin, Record};
use crate::priority::yield_now;

/// At most this many references are judged in one step.
pub const REFERENCES_A_STEP: usize = 32;

/// At most this many references of a document are looked at.
const MAX_REFERENCES: usize = 50_000;

/// What a reference says, in few bytes: equal for references that say the same in the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReferenceId([u8; 16]);

impl ReferenceId {
    /// Of an entry of a bibliography, wherever in it the entry stands.
    fn of_entry(path: &Path, entry: &Record) -> ReferenceId {
        let Record { title, authors, author_count, date, arxiv, doi, links, work_type, details, retracted, .. } = entry;
        let said = (title, authors, author_count, date, arxiv, doi, links, work_type, details, retracted);
        let mut hasher = blake3::Hasher::new();
        hasher.update(path.as_os_str().as_encoded_bytes());
        // Plain data is written into memory: that cannot fail.
        let _ = serde_json::to_writer(&mut hasher, &said);
        ReferenceId::from(&hasher)
    }

    /// Of a reference that a note lists.
    fn of_text(text: &str) -> ReferenceId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(text.as_bytes());
        ReferenceId::from(&hasher)
    }

    fn from(hasher: &blake3::Hasher) -> ReferenceId {
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        ReferenceId(id)
    }
}

/// What is wrong with a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In one word.
    pub verdict: Verdict,
    /// The facts that are wrong.
    pub fields: Vec<FieldDifference>,
    /// In a sentence.
    pub message: String,
    /// What can be put right for sure.
    pub certain: Option<FieldDifference>,
}

/// What is wrong with references of open documents.
pub type Findings = FxHashMap<ReferenceId, Arc<Finding>>;

/// The files of two libraries whose records are those of one file: that file, however it is reached, and copies of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnFiles {
    library: Vec<u32>,
    reference: Vec<u32>,
}

impl OwnFiles {
    /// The files whose path `is_own`, and those with the content of one of them or of the `hash`, blake3 in hexadecimal
    /// digits.
    pub fn find(
        library: &FileTable,
        reference: Option<&FileTable>,
        is_own: &dyn Fn(&Path) -> bool,
        hash: Option<&str>,
    ) -> OwnFiles {
        let tables = || std::iter::once(library).chain(reference);
        let files = || tables().flat_map(|table| &table.files);
        let mut hashes: FxHashSet<&str> =
            files().filter(|file| is_own(&file.path)).map(|file| file.content_hash.as_str()).collect();
        hashes.extend(hash);
        hashes.remove("");
        let own = |table: &FileTable| -> Vec<u32> {
            let files = table.files.iter();
            let own = files.filter(|file| is_own(&file.path) || hashes.contains(file.content_hash.as_str()));
            own.map(|file| file.id).collect()
        };
        OwnFiles { library: own(library), reference: reference.map(own).unwrap_or_default() }
    }

    /// How many files there are.
    pub fn count(&self) -> usize {
        self.library.len() + self.reference.len()
    }

    /// Judges an entry by all records that are not of these files, and by those of a search engine.
    pub fn judge(
        &self,
        library: &dyn Papers,
        reference: Option<&dyn Papers>,
        engine: Option<&dyn Papers>,
        entry: &Record,
    ) -> Judgement {
        let is_in = |own: &[u32], origin: &Origin| matches!(origin, Origin::File { file, .. } if own.contains(file));
        let in_library = |origin: &Origin| is_in(&self.library, origin);
        let in_reference = |origin: &Origin| is_in(&self.reference, origin);
        let mut collections = vec![Collection { library, is_excluded: &in_library }];
        collections.extend(reference.map(|library| Collection { library, is_excluded: &in_reference }));
        collections.extend(engine.map(|library| Collection { library, is_excluded: &|_| false }));
        verify_by(&collections, entry)
    }
}

/// The document whose references are judged.
#[derive(Debug, Clone)]
pub enum CheckedDocument {
    /// A bibliography.
    Bibliography(Arc<OpenCorpusFile>),
    /// A note that lists references.
    Note(Arc<OpenNote>),
}

/// The judging of a document's references, which may end at any step and go on later.
#[derive(Debug)]
pub struct ReferenceCheck {
    document: CheckedDocument,
    /// The references of a note; none of a bibliography, which has them.
    listed: Option<Vec<String>>,
    own: Option<OwnFiles>,
    next: usize,
    /// What was judged, in the document or in an earlier version of it.
    judged: FxHashMap<ReferenceId, Option<Arc<Finding>>>,
    met: FxHashSet<ReferenceId>,
}

impl ReferenceCheck {
    /// Begins; of the references that an earlier check judged, by the same papers, nothing is asked again.
    pub fn new(document: CheckedDocument, earlier: Option<ReferenceCheck>) -> ReferenceCheck {
        let judged = earlier.map(|it| it.judged).unwrap_or_default();
        ReferenceCheck { document, listed: None, own: None, next: 0, judged, met: FxHashSet::default() }
    }

    /// Judges at most [`REFERENCES_A_STEP`] references that were not judged so far. Whether there are more.
    pub fn step(&mut self, snapshot: &Snapshot) -> bool {
        let own = self.own.take().unwrap_or_else(|| own_files(snapshot, &self.document));
        if self.listed.is_none() {
            self.listed = Some(self.document.listed());
        }
        let (mut judged, mut looked_at) = (0, 0);
        while judged < REFERENCES_A_STEP && looked_at < 32 * REFERENCES_A_STEP {
            let Some(id) = self.id(self.next) else {
                self.judged.retain(|id, _| self.met.contains(id));
                return false;
            };
            if self.met.insert(id) && !self.judged.contains_key(&id) {
                yield_now();
                judged += 1;
                let found = self.record(self.next, snapshot).and_then(|entry| finding(snapshot, &own, &entry));
                self.judged.insert(id, found.map(Arc::new));
            }
            (self.next, looked_at) = (self.next + 1, looked_at + 1);
        }
        self.own = Some(own);
        true
    }

    /// What is wrong, as far as it was found.
    pub fn findings(&self) -> Findings {
        let found = self.judged.iter().filter_map(|(id, finding)| Some((*id, finding.clone()?)));
        found.collect()
    }

    /// How many references were judged.
    pub fn judged_count(&self) -> usize {
        self.judged.len()
    }

    fn id(&self, at: usize) -> Option<ReferenceId> {
        if at >= MAX_REFERENCES {
            return None;
        }
        match &self.document {
            CheckedDocument::Bibliography(file) => {
                Some(ReferenceId::of_entry(file.path(), file.contents().records.get(at)?))
            }
            CheckedDocument::Note(_) => Some(ReferenceId::of_text(self.listed.as_ref()?.get(at)?)),
        }
    }

    fn record(&self, at: usize, snapshot: &Snapshot) -> Option<Cow<'_, Record>> {
        match &self.document {
            CheckedDocument::Bibliography(file) => Some(Cow::Borrowed(file.contents().records.get(at)?)),
            CheckedDocument::Note(_) => {
                let mut known: Vec<&dyn Papers> = vec![&*snapshot.library];
                known.extend(snapshot.reference.as_deref().map(|it| it as &dyn Papers));
                read_listed_reference(self.listed.as_ref()?.get(at)?, &known).map(Cow::Owned)
            }
        }
    }
}

impl CheckedDocument {
    /// The document of a bibliography; `None` where the corpus file is none.
    pub fn bibliography(file: &Arc<OpenCorpusFile>) -> Option<CheckedDocument> {
        let is_bibliography = file.contents().format == Some(Format::Bibtex);
        is_bibliography.then(|| CheckedDocument::Bibliography(file.clone()))
    }

    /// The references that a note lists.
    fn listed(&self) -> Vec<String> {
        let CheckedDocument::Note(note) = self else { return Vec::new() };
        let text = note.document().text();
        let texts = listed_references(&text).into_iter().filter_map(|range| text.get(range));
        texts.map(str::to_owned).collect()
    }
}

/// The files whose records say nothing of a document, because they are its own.
fn own_files(snapshot: &Snapshot, document: &CheckedDocument) -> OwnFiles {
    let CheckedDocument::Bibliography(file) = document else { return OwnFiles::default() };
    let reference = snapshot.reference.as_ref().map(|it| it.files());
    OwnFiles::find(snapshot.library.files(), reference, &|path| path == file.path(), None)
}

/// What is wrong with an entry; `None` where nothing is.
fn finding(snapshot: &Snapshot, own: &OwnFiles, entry: &Record) -> Option<Finding> {
    if entry.only_in_notices {
        return None;
    }
    let judgement = own.judge(&*snapshot.library, snapshot.reference.as_deref(), None, entry);
    if !judgement.is_wrong() {
        return None;
    }
    let at = judgement.evidence.first();
    let files = at.and_then(|at| match at.collection {
        0 => Some(snapshot.library.files()),
        _ => snapshot.reference.as_ref().map(|it| it.files()),
    });
    let place = at.and_then(|at| files?.place(&at.origin));
    let place = place.and_then(|(file, span)| Some((file.path.file_name()?.to_string_lossy(), span.line + 1)));
    let place = place.map_or_else(String::new, |(file, line)| format!(" ({file}, line {line})"));
    // The facts come first: lists of problems cut the end.
    let message = format!("{}{place}.", plain_text(&judgement.sentence()));
    let Judgement { verdict, fields, certain, .. } = judgement;
    Some(Finding { verdict, fields, message, certain })
}

/// What is wrong with the references of an open bibliography, as far as they were judged. A retraction is left out of those
/// that `is_said_of` names, about which it was said already.
pub fn own_findings(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    is_said_of: &dyn Fn(&Record) -> bool,
) -> Vec<Diagnostic> {
    if snapshot.findings.is_empty() || file.contents().format != Some(Format::Bibtex) {
        return Vec::new();
    }
    let records = file.contents().records.iter().inspect(|_| yield_now());
    let found = records.filter_map(|record| Some((record, finding_of(snapshot, file, record)?)));
    let is_news = |(record, finding): &(&Record, Arc<Finding>)| {
        finding.fields.iter().any(|it| it.field != Field::Status) || !is_said_of(record)
    };
    found.filter(is_news).map(|(record, finding)| of_entry(file, record, &finding)).collect()
}

/// What is wrong with an entry of an open bibliography, if it was judged.
fn finding_of(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Option<Arc<Finding>> {
    snapshot.findings.get(&ReferenceId::of_entry(file.path(), record)).cloned()
}

fn of_entry(file: &OpenCorpusFile, record: &Record, finding: &Finding) -> Diagnostic {
    let place = finding.fields.first().and_then(|first| field_place(file, record, first.field));
    if let Some(place) = place {
        return diagnostic(file.document().span(&place), finding);
    }
    let (code, severity) = sort_of(finding.verdict);
    let found = Diagnostic::at_line(record.span.line.saturating_add(1), finding.message.clone());
    Diagnostic { severity, code, ..found }
}

/// Where an entry says what is wrong; where it says nothing of it, its key.
fn field_place(file: &OpenCorpusFile, record: &Record, field: Field) -> Option<Range<usize>> {
    let entry = EntryEdit::at(file.document(), record.span)?;
    let names: &[&str] = match field {
        Field::Title => &["title"],
        Field::Author => &["author", "editor"],
        Field::Year => &["date", "year"],
        Field::Venue => &["journal", "journaltitle", "booktitle", "howpublished", "publisher"],
        Field::Doi => &["doi", "url"],
        Field::Arxiv => &["eprint", "journal", "url"],
        Field::Status => &[],
    };
    names.iter().find_map(|name| entry.place(name)).or_else(|| Some(entry.key_place()))
}

fn sort_of(verdict: Verdict) -> (Code, Severity) {
    match verdict {
        Verdict::Contradicted => (Code::ReferenceContradicted, Severity::Error),
        _ => (Code::ReferenceDiffers, Severity::Warning),
    }
}

fn diagnostic(span: crate::text::TextSpan, finding: &Finding) -> Diagnostic {
    let (code, severity) = sort_of(finding.verdict);
    Diagnostic { severity, ..Diagnostic::at(span, code, finding.message.clone()) }
}

/// What is wrong with the references that a note lists, as far as they were judged.
pub fn listed_findings(snapshot: &Snapshot, note: &OpenNote) -> Vec<Diagnostic> {
    if snapshot.findings.is_empty() {
        return Vec::new();
    }
    let text = note.document().text();
    let found = listed_references(&text).into_iter().filter_map(|range| {
        let finding = snapshot.findings.get(&ReferenceId::of_text(text.get(range.clone())?))?;
        Some(diagnostic(note.document().span(&range), finding))
    });
    found.collect()
}

/// What puts the entry at an offset right, where that is certain.
pub fn correction_of(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Option<CodeAction> {
    let finding = finding_of(snapshot, file, record)?;
    let fact = finding.certain.as_ref()?;
    let edits = correcting_edits(file.document(), record, fact);
    let title = format!("Correct the {} from “{}” to “{}”", fact.field.in_words(), fact.given, fact.known);
    let action = CodeAction::new(title, ActionKind::QuickFix, edits);
    let action = CodeAction { fixes: Some(of_entry(file, record, &finding)), is_preferred: true, ..action };
    (!action.edits.is_empty()).then_some(action)
}

#[cfg(test)]
mod tests;
