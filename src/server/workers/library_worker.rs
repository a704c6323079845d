//! The thread that keeps the library up to date: it opens it, indexes what changed, and sends updates.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::FxHashSet;
use tower_lsp::gen_lsp_types::{MessageType, Uri};

use super::background::low_priority_pool;
use super::slow_look::SlowLook;
use super::watch::{FolderWatch, Report, Reports};
use crate::config::{self, Settings, Sources};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::Resolve;
use crate::library::{Aliases, LibrarySnapshot, SyncProgress, guarded};
use crate::server::ServerOptions;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert;
use crate::server::protocol::diagnostics::converted;
use crate::server::state::snapshot_retirement::SnapshotRetirement;
use crate::server::transport::client_messages::ClientMessage;
use crate::text::Document;
use crate::workspace::Workspace;

mod messages;
mod reference;
mod reports;
mod watching;
mod zotero;

use messages::{not_read, progress_message};
use zotero::SecondDoor;

/// How long after its last change a file that seems half-written is not read.
const SETTLE_TIME: Duration = Duration::from_secs(3);

/// How often such a file is checked.
const SETTLE_EVERY: Duration = Duration::from_millis(300);

/// How often to check whether another process has committed to the index.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// How often to check the files if some folder cannot be watched.
const POLL_EVERY: Duration = Duration::from_secs(10);

/// How long the papers of a folder stay that is found empty: its disk may be mounted again.
const EMPTY_TIME: Duration = Duration::from_secs(30);

/// Work that takes longer than this reports progress, and then this often.
const PROGRESS_AFTER: Duration = Duration::from_millis(400);
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

/// A command to the library worker.
#[derive(Debug)]
pub(super) enum LibraryCommand {
    /// Use these folders and these settings of the editor.
    Configure { folders: Vec<PathBuf>, editor: serde_json::Value },
    /// A configuration file changed on disk.
    ConfigurationChanged,
    /// Corpus files changed on disk, or folders that may hold some.
    CorpusChanged,
    /// A request failed, which may be due to the index.
    CheckIndex,
}

/// An update from the library worker.
pub(in crate::server) enum LibraryUpdate {
    /// A library was opened, or the settings have changed; later updates are about this library.
    Opened { library: Arc<LibrarySnapshot>, aliases: Arc<Aliases>, settings: Arc<Settings> },
    /// The papers have changed; true if all corpus files have been read.
    Library(Arc<LibrarySnapshot>, bool),
    /// The collections that references are checked against have changed; `None` where there are none.
    Reference(Option<Arc<LibrarySnapshot>>),
    /// How many papers the library has, for clients that show it.
    Counted { papers: u64, complete: bool },
    /// A message to the client.
    Message(ClientMessage),
    /// What the workspace's configuration may not have as long as the user does not trust it.
    Refused(String),
}

/// The running thread. Dropping it ends the thread soon, in the middle of reading if need be.
pub(super) struct LibraryWorker {
    commands: Sender<LibraryCommand>,
    interrupt: Arc<AtomicBool>,
    /// The user has cancelled indexing.
    stop: Arc<AtomicBool>,
    reports: Reports,
}

impl LibraryWorker {
    /// Starts the threads. `send_update` gets the updates, `notes` the notes that changed on disk and folders that may hold
    /// some.
    pub fn start(
        options: ServerOptions,
        profile: ClientProfile,
        send_update: impl Fn(LibraryUpdate) + Send + 'static,
        notes: impl Fn(Vec<PathBuf>) + Clone + Send + 'static,
    ) -> LibraryWorker {
        let (commands, receiver) = mpsc::channel();
        let (interrupt, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let watch = watch_into(commands.clone(), notes.clone());
        let reports = watch.reports();
        let worker = Worker {
            options,
            profile,
            send_update: Box::new(send_update),
            interrupt: interrupt.clone(),
            stop: stop.clone(),
            workspace: None,
            folders: Vec::new(),
            editor: serde_json::Value::Null,
            watch,
            look: SlowLook::default(),
            notes: Box::new(notes),
            snapshots: SnapshotRetirement::default(),
            last_commit: None,
            last_poll: Instant::now(),
            unsettled: false,
            look_again_at: None,
            said_of_empty: None,
            away: None,
            verified: false,
            checked_after_failure: None,
            has_warned_of_memory: false,
            has_reference: false,
            refused: None,
            reported: Vec::new(),
            folders_abroad: Vec::new(),
            unread: BTreeMap::new(),
            second_door: SecondDoor::default(),
        };
        // A pool of its own, so that what the library does in parallel is of low priority too.
        let pool = low_priority_pool("library");
        if let Some(pool) = &pool {
            pool.spawn(move || worker.work(&receiver));
        }
        LibraryWorker { commands, interrupt, stop, reports }
    }

    /// Cancels indexing. What has been read is used; the rest is read once something changes on disk or in the
    /// configuration, or at the next start.
    pub fn stop_reading(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Files have changed, as the client tells.
    pub fn files_changed(&self, paths: Vec<PathBuf>) {
        for path in paths {
            // Folders are known with links resolved; the file itself may be a link, or gone.
            let real = path.parent().and_then(|folder| Some(folder.resolved().ok()?.join(path.file_name()?)));
            for path in real.filter(|real| *real != path).into_iter().chain([path]) {
                // The worker ends only with the server; a change after that concerns nobody.
                let _ = self.reports.send(Report::Told(path));
            }
        }
    }

    pub fn send(&self, command: LibraryCommand) {
        if matches!(command, LibraryCommand::Configure { .. }) {
            self.interrupt.store(true, Ordering::Relaxed);
        }
        let _ = self.commands.send(command);
    }
}

impl Drop for LibraryWorker {
    fn drop(&mut self) {
        self.interrupt.store(true, Ordering::Relaxed);
    }
}

fn watch_into(commands: Sender<LibraryCommand>, notes: impl Fn(Vec<PathBuf>) + Send + 'static) -> FolderWatch {
    FolderWatch::start(move |changes| {
        if !changes.notes.is_empty() {
            notes(changes.notes.into_iter().collect());
        }
        if changes.configuration {
            let _ = commands.send(LibraryCommand::ConfigurationChanged);
        }
        if changes.corpus {
            let _ = commands.send(LibraryCommand::CorpusChanged);
        }
    })
}

#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was done, said or is to be done")]
struct Worker {
    options: ServerOptions,
    /// What the client can do.
    profile: ClientProfile,
    send_update: Box<dyn Fn(LibraryUpdate) + Send>,
    interrupt: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    workspace: Option<Workspace>,
    folders: Vec<PathBuf>,
    editor: serde_json::Value,
    watch: FolderWatch,
    /// What the watch may miss.
    look: SlowLook,
    /// Sends notes that may have changed to the vault worker.
    notes: Box<dyn Fn(Vec<PathBuf>) + Send>,
    /// The snapshots of the library that were sent.
    snapshots: SnapshotRetirement,
    last_commit: Option<SystemTime>,
    last_poll: Instant,
    /// Whether some files were not read because they seem half-written.
    unsettled: bool,
    /// When papers of empty folders that were kept may have to go.
    look_again_at: Option<Instant>,
    /// What was said of folders that are empty.
    said_of_empty: Option<String>,
    /// The folder whose changed configuration was not read because its disk seems to be away.
    away: Option<PathBuf>,
    verified: bool,
    /// The state of the library that was checked because a request failed.
    checked_after_failure: Option<u64>,
    has_warned_of_memory: bool,
    /// Whether collections that references are checked against were sent.
    has_reference: bool,
    /// What the user was told last of what an untrusted workspace may not have.
    refused: Option<String>,
    /// Configuration files that have published diagnostics.
    reported: Vec<Uri>,
    /// The folders outside of the workspace in which corpus files were looked for.
    folders_abroad: Vec<PathBuf>,
    /// Bibliographies that are not read, with the published reason.
    unread: BTreeMap<PathBuf, Diagnostic>,
    /// Zotero itself, where its database cannot be read.
    second_door: SecondDoor,
}

impl Worker {
    fn work(mut self, commands: &Receiver<LibraryCommand>) {
        loop {
            let pause = if self.unsettled { SETTLE_EVERY } else { CHECK_EVERY };
            let command = match commands.recv_timeout(pause) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let done = guarded(|| match command {
                Some(command) => self.execute(command, commands),
                None => self.check(),
            });
            if let Err(reason) = done {
                self.start_again(&reason);
            }
            if self.is_abandoned() {
                return;
            }
        }
    }

    /// Opens the library once more and indexes all papers anew, after a failure in the midst of it. The user is informed: what
    /// fails again is not tried for ever.
    fn start_again(&mut self, reason: &str) {
        tracing::error!("indexing papers failed and starts again: {reason}");
        let again = guarded(|| {
            self.workspace = None;
            self.configure();
            if let Some(workspace) = &self.workspace {
                workspace.library.distrust(reason);
            }
            self.update();
        });
        let (severity, text) = match again {
            Ok(()) => {
                (MessageType::Warning, format!("ibid failed while it indexed papers and has started again: {reason}"))
            }
            Err(reason) => (
                MessageType::Error,
                format!("ibid fails whenever it indexes the papers, and stops until something changes: {reason}"),
            ),
        };
        self.send_message(ClientMessage::Show(severity, text));
    }

    /// Checks the whole index, once for each state of it.
    fn check_index(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let state = workspace.library.snapshot().generation();
        let is_known = workspace.library.is_damaged();
        if is_known || self.checked_after_failure.replace(state) != Some(state) && !workspace.library.verify() {
            self.update();
        }
    }

    /// The watcher holds a sender of commands as well, so that the queue never disconnects; the handle shares this flag.
    fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.interrupt) == 1
    }

    /// Whether indexing must end early.
    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed)
    }

    fn execute(&mut self, command: LibraryCommand, commands: &Receiver<LibraryCommand>) {
        let mut has_new_configuration = false;
        let (mut has_changed, mut has_failed) = (false, false);
        // All commands that have arrived meanwhile are executed at once.
        for command in std::iter::once(command).chain(commands.try_iter()) {
            match command {
                LibraryCommand::Configure { folders, editor } => {
                    (self.folders, self.editor) = (folders, editor);
                    self.interrupt.store(false, Ordering::Relaxed);
                    has_new_configuration = true;
                }
                // What was configured holds while its disk is away; the papers are looked for all the same.
                LibraryCommand::ConfigurationChanged if self.root_is_away() => {
                    (self.away, has_changed) = (Some(self.root()), true);
                }
                LibraryCommand::ConfigurationChanged => has_new_configuration = true,
                LibraryCommand::CorpusChanged => {
                    has_new_configuration |= self.away.is_some() && !self.root_is_away();
                    has_changed = true;
                }
                LibraryCommand::CheckIndex => has_failed = true,
            }
        }
        if has_failed {
            self.check_index();
        }
        if !has_changed && !has_new_configuration {
            return;
        }
        self.look.see();
        if has_new_configuration {
            // What changes while it is read, and before it is watched, is seen at the next look.
            self.see_configuration();
            self.configure();
        }
        let added = self.watch_folders();
        // Notes may have come to a folder or left it before it was watched, also after the scan that follows a new
        // configuration, or the start, has looked at it.
        self.look_for_notes(&added);
        self.stop.store(false, Ordering::Relaxed);
        self.update();
    }

    fn root(&self) -> PathBuf {
        self.folders.first().cloned().or_else(|| self.options.root.clone()).unwrap_or_default()
    }

    /// Whether the workspace folder is missing, or has nothing in it as the place has where a disk was mounted.
    fn root_is_away(&self) -> bool {
        self.workspace.is_some() && std::fs::read_dir(self.root()).map_or(true, |mut entries| entries.next().is_none())
    }

    /// Applies the configuration. The library is reopened only if the roots have changed.
    fn configure(&mut self) {
        self.away = None;
        let root = self.root();
        let (settings, problems) = config::load(&Sources {
            root: &root,
            config_file: self.options.config_file.as_deref(),
            user_file: self.options.user_file.as_deref(),
            editor: &self.editor,
            zotero: &self.options.zotero,
        });
        self.report_configuration(&root, &problems);
        self.report_refused(&problems);
        let roots = Workspace::roots_of(&self.folders, &settings);
        let is_opened = match &mut self.workspace {
            Some(workspace) if workspace.roots == roots => {
                self.has_reference &= !workspace.set_settings(settings, self.options.cache_directory.as_deref());
                false
            }
            workspace => {
                let mut opened = Workspace::with_roots(roots, settings, self.options.cache_directory.as_deref());
                (opened.patience, opened.patience_with_empty) = (SETTLE_TIME, EMPTY_TIME);
                *workspace = Some(opened);
                (self.verified, self.has_reference) = (false, false);
                true
            }
        };
        self.send_opened();
        if is_opened {
            self.warm_up();
        }
    }

    /// Reads the index once, so that the first list a user sees does not wait for the disk.
    fn warm_up(&self) {
        let Some(workspace) = &self.workspace else { return };
        workspace.library.warm_up();
    }

    fn send_message(&self, message: ClientMessage) {
        (self.send_update)(LibraryUpdate::Message(message));
    }

    /// Sends what was opened. While the papers of new roots are indexed for the first time, those sent before stay in use.
    fn send_opened(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let opened = workspace.library.snapshot();
        let library = match self.snapshots.current() {
            Some(served) if opened.record_count() == 0 => served.clone(),
            _ => opened,
        };
        self.snapshots.replace(library.clone());
        let (aliases, settings) = (Arc::new(workspace.aliases()), Arc::new(workspace.settings.clone()));
        (self.send_update)(LibraryUpdate::Opened { library, aliases, settings });
    }

    /// Brings the library up to date. Folders are watched before they are searched, so that no change is missed.
    fn update(&mut self) {
        self.read_corpus();
        let added = self.watch_folders();
        if !added.is_empty() {
            self.look_for_notes(&added);
            if !self.stop.load(Ordering::Relaxed) {
                self.read_corpus();
            }
        }
        if self.read_reference() {
            self.watch_folders();
        }
        self.verify();
    }

    fn read_corpus(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let begun = Instant::now();
        if workspace.library.mend() {
            // What was served may be wrong.
            let empty = workspace.library.snapshot();
            self.snapshots.replace(empty.clone());
            (self.send_update)(LibraryUpdate::Library(empty, false));
        }
        let (mut last_report, mut has_reported, mut percent) = (begun, false, 0);
        let mut snapshots = std::mem::take(&mut self.snapshots);
        let mut on_progress = |progress: SyncProgress<'_>| {
            if begun.elapsed() >= PROGRESS_AFTER && last_report.elapsed() >= PROGRESS_EVERY {
                (last_report, has_reported) = (Instant::now(), true);
                // It never falls, as the protocol has it.
                percent = progress.percent().max(percent);
                self.send_message(ClientMessage::Progress(progress_message(progress), percent));
                let now = workspace.library.snapshot();
                // A part never replaces more.
                let is_less = |served: &Arc<_>| Arc::ptr_eq(&now, served) || now.record_count() < served.record_count();
                if !snapshots.current().is_some_and(is_less) {
                    (self.send_update)(LibraryUpdate::Library(now.clone(), false));
                    snapshots.replace(now);
                }
            }
            !self.is_interrupted() && !self.is_abandoned()
        };
        let mut own_are_read = || {
            let now = workspace.library.snapshot();
            (self.send_update)(LibraryUpdate::Library(now, false));
        };
        let sync = workspace.sync_own_first(&mut on_progress, &mut own_are_read);
        let library = workspace.library.snapshot();
        if let Some(reason) = &sync.report.failed {
            let text = format!("ibid cannot index the papers: {reason}");
            self.send_message(ClientMessage::Show(MessageType::Error, text));
        }
        if has_reported {
            let stopped = if sync.report.cancelled { "stopped with " } else { "" };
            self.send_message(ClientMessage::ProgressEnd(format!("{stopped}{} records", library.record_count())));
        }
        let files = library.files().files.len();
        tracing::info!("{} records in {files} files, {:?}", library.record_count(), begun.elapsed());
        let now = match snapshots.current() {
            Some(served) if sync.report.cancelled && library.record_count() < served.record_count() => served.clone(),
            _ => library.clone(),
        };
        (self.send_update)(LibraryUpdate::Library(now.clone(), !sync.report.cancelled));
        snapshots.replace(now.clone());
        let unread = not_read(&sync.discovery.problems, workspace.settings.corpus_diagnostics.value);
        for problem in &sync.discovery.problems {
            tracing::warn!("{problem}");
        }
        for path in &sync.unsettled {
            tracing::debug!("{}: seems half-written, so it is read later", path.display());
        }
        self.unsettled = !sync.unsettled.is_empty();
        let abroad = sync.discovery.folders_abroad;
        self.look_again_at = sync.keeps_papers_of_empty.then(|| Instant::now() + EMPTY_TIME);
        let is_empty = |problem: &&Diagnostic| sync.keeps_papers_of_empty && problem.code == Code::Unreachable;
        let empty = sync.discovery.problems.iter().find(is_empty).map(|problem| problem.message.clone());
        let memory = workspace.library.memory_reason();
        self.tell_of_zotero(&library);
        self.second_door.is_moving = sync.report.work.put_together > 0;
        self.folders_abroad = abroad;
        self.warn_of_empty(empty);
        self.report_unread(unread);
        self.snapshots = snapshots;
        self.last_commit = self.commit_time();
        if self.profile.shows_status {
            // All are read, or the user has stopped it.
            let papers = now.paper_count();
            (self.send_update)(LibraryUpdate::Counted { papers, complete: !sync.report.cancelled });
        }
        self.warn_of_memory(memory);
    }

    /// Publishes diagnostics of bibliographies that are not read, and clears those that no longer hold.
    fn report_unread(&mut self, unread: BTreeMap<PathBuf, Diagnostic>) {
        let known = std::mem::replace(&mut self.unread, unread);
        for path in known.keys().filter(|path| !self.unread.contains_key(*path)) {
            if let Some(uri) = convert::uri_of(path) {
                self.send_message(ClientMessage::Diagnostics(uri, Vec::new(), None));
            }
        }
        for (path, found) in self.unread.iter().filter(|(path, found)| known.get(*path) != Some(*found)) {
            if let Some(uri) = convert::uri_of(path) {
                let found = converted(found, &Document::default(), self.profile.encoding);
                self.send_message(ClientMessage::Diagnostics(uri, vec![found], None));
            }
        }
    }

    /// Has the vault worker look for notes in folders.
    fn look_for_notes(&self, folders: &FxHashSet<PathBuf>) {
        let folders = self.watch.note_folders(folders);
        if !folders.is_empty() {
            (self.notes)(folders);
        }
    }

    /// Verifies the whole index once, after everything else; a damaged one is rebuilt.
    fn verify(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        if self.verified || self.is_interrupted() {
            return;
        }
        self.verified = true;
        if !workspace.library.verify() {
            self.update();
        }
    }

    /// Checks what no event reports: commits of other processes, damage met while reading, and changes in folders that
    /// cannot be watched.
    fn check(&mut self) {
        self.snapshots.release_unused();
        let Some(workspace) = &self.workspace else { return };
        let commit = self.commit_time();
        if commit != self.last_commit {
            self.last_commit = commit;
            if workspace.library.reload() {
                let library = workspace.library.snapshot();
                self.snapshots.replace(library.clone());
                (self.send_update)(LibraryUpdate::Library(library, true));
            }
        }
        for path in self.look.changed() {
            tracing::info!("{}: is not what it was", path.display());
            let _ = self.watch.reports().send(Report::Changed(path));
        }
        let is_due = self.watch.incomplete && self.last_poll.elapsed() >= POLL_EVERY
            || self.look_again_at.is_some_and(|at| at <= Instant::now())
            || self.second_door.has_news(&workspace.settings.zotero, &workspace.library.snapshot());
        let is_stopped = self.stop.load(Ordering::Relaxed);
        let is_damaged = !workspace.library.is_sound() || workspace.library.is_damaged();
        if is_damaged || !is_stopped && (is_due || self.unsettled) {
            self.last_poll = Instant::now();
            self.update();
        }
    }

    fn commit_time(&self) -> Option<SystemTime> {
        let path = self.workspace.as_ref()?.library.commit_file()?;
        std::fs::metadata(path).ok()?.modified().ok()
    }
}

#[cfg(test)]
mod tests;
