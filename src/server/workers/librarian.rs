//! The thread that keeps the library up to date: it opens it, reads what changed, and tells the news.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::FxHashSet;
use tower_lsp::gen_lsp_types::{Diagnostic, DiagnosticSeverity, MessageType, Uri};

use super::background::low_priority_pool;
use super::routes::Routes;
use super::watch::{FolderWatch, folders_to_watch};
use crate::config::{self, CONFIG_FILE, ConfigProblem, Settings};
use crate::corpus::PathProblem;
use crate::library::{Aliases, LibrarySnapshot, SyncProgress, SyncStage};
use crate::server::ServerOptions;
use crate::server::protocol::convert;
use crate::server::state::served::Served;
use crate::server::transport::outbox::Outgoing;
use crate::text::{Document, Encoding, Position, PositionRange};
use crate::workspace::Workspace;

/// How long a file that seems half-written is left alone after it was last written.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often such a file is looked at.
const SETTLE_EVERY: Duration = Duration::from_millis(300);

/// How often to look whether another process has committed to the index.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often to look at the files where some folder cannot be watched.
const POLL_EVERY: Duration = Duration::from_secs(10);

/// Progress is told of work that takes longer than this, and then this often.
const PROGRESS_AFTER: Duration = Duration::from_millis(400);
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

/// What the librarian is asked to do.
#[derive(Debug)]
pub(in crate::server) enum Order {
    /// Work for these folders with these settings of the editor.
    Configure { folders: Vec<PathBuf>, editor: serde_json::Value },
    /// A configuration file changed on disk.
    ConfigurationChanged,
    /// Corpus files changed on disk, or folders that may hold some.
    CorpusChanged,
}

/// What the librarian has to tell.
pub(in crate::server) enum News {
    /// A library was opened, or its settings are others; what follows is about this one.
    Opened { library: Arc<LibrarySnapshot>, aliases: Arc<Aliases>, settings: Arc<Settings> },
    /// The papers have changed; true where all that there are have been read.
    Library(Arc<LibrarySnapshot>, bool),
    /// Something for the client.
    Tell(Outgoing),
}

/// The running thread. Dropping it ends the thread soon, in the middle of reading if need be.
pub(in crate::server) struct Librarian {
    orders: Sender<Order>,
    interrupt: Arc<AtomicBool>,
    /// The user wants no more reading for now.
    stop: Arc<AtomicBool>,
}

impl Librarian {
    /// Starts the threads. `tell` hears the news; `notes` gets the notes that changed on disk, and folders that may hold
    /// some.
    pub fn start(
        options: ServerOptions,
        encoding: Encoding,
        tell: impl Fn(News) + Send + 'static,
        notes: impl Fn(Vec<PathBuf>) + Clone + Send + 'static,
    ) -> Librarian {
        let (orders, receiver) = mpsc::channel();
        let (interrupt, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let desk = Desk {
            options,
            encoding,
            tell: Box::new(tell),
            interrupt: interrupt.clone(),
            stop: stop.clone(),
            workspace: None,
            folders: Vec::new(),
            editor: serde_json::Value::Null,
            watch: watch_into(orders.clone(), notes.clone()),
            notes: Box::new(notes),
            served: Served::default(),
            last_commit: None,
            last_poll: Instant::now(),
            unsettled: false,
            verified: false,
            told_memory: false,
            reported: Vec::new(),
            unread: BTreeMap::new(),
        };
        // A pool of its own, so that what the library does in parallel is of low priority too.
        let pool = low_priority_pool("library");
        if let Some(pool) = &pool {
            pool.spawn(move || desk.work(&receiver));
        }
        Librarian { orders, interrupt, stop }
    }

    /// Ends the reading of papers that is under way. What has been read is served; the rest is read once something
    /// changes on disk or in the configuration, or at the next start.
    pub fn stop_reading(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn order(&self, order: Order) {
        if matches!(order, Order::Configure { .. }) {
            self.interrupt.store(true, Ordering::Relaxed);
        }
        let _ = self.orders.send(order);
    }
}

impl Drop for Librarian {
    fn drop(&mut self) {
        self.interrupt.store(true, Ordering::Relaxed);
    }
}

fn watch_into(orders: Sender<Order>, notes: impl Fn(Vec<PathBuf>) + Send + 'static) -> FolderWatch {
    FolderWatch::start(move |changes| {
        if !changes.notes.is_empty() {
            notes(changes.notes.into_iter().collect());
        }
        if changes.configuration {
            let _ = orders.send(Order::ConfigurationChanged);
        }
        if changes.corpus {
            let _ = orders.send(Order::CorpusChanged);
        }
    })
}

struct Desk {
    options: ServerOptions,
    /// What the client's positions count.
    encoding: Encoding,
    tell: Box<dyn Fn(News) + Send>,
    interrupt: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    workspace: Option<Workspace>,
    folders: Vec<PathBuf>,
    editor: serde_json::Value,
    watch: FolderWatch,
    /// Gets notes that may have changed.
    notes: Box<dyn Fn(Vec<PathBuf>) + Send>,
    /// The papers that the client is served.
    served: Served,
    last_commit: Option<SystemTime>,
    last_poll: Instant,
    /// Whether files were left alone that seemed half-written.
    unsettled: bool,
    verified: bool,
    told_memory: bool,
    /// Files whose diagnostics the client has.
    reported: Vec<Uri>,
    /// Bibliographies that are not read, and what the client was told of them.
    unread: BTreeMap<PathBuf, String>,
}

impl Desk {
    fn work(mut self, orders: &Receiver<Order>) {
        loop {
            let pause = if self.unsettled { SETTLE_EVERY } else { LOOK_EVERY };
            match orders.recv_timeout(pause) {
                Ok(order) => self.carry_out(order, orders),
                Err(RecvTimeoutError::Timeout) => self.look_around(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.is_abandoned() {
                return;
            }
        }
    }

    /// The watcher holds an end of the orders as well, so that their end is told by the interrupt.
    fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.interrupt) == 1
    }

    /// Whether reading has to end before its time.
    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed)
    }

    fn carry_out(&mut self, order: Order, orders: &Receiver<Order>) {
        let mut has_new_configuration = false;
        // What was ordered meanwhile is done in one go.
        for order in std::iter::once(order).chain(orders.try_iter()) {
            match order {
                Order::Configure { folders, editor } => {
                    (self.folders, self.editor) = (folders, editor);
                    self.interrupt.store(false, Ordering::Relaxed);
                    has_new_configuration = true;
                }
                Order::ConfigurationChanged => has_new_configuration = true,
                Order::CorpusChanged => {}
            }
        }
        if has_new_configuration {
            self.configure();
        }
        let added = self.watch_folders();
        if !has_new_configuration {
            // What was written into a folder before it was watched. Of a configuration the notes' worker hears itself.
            self.look_for_notes(&added);
        }
        self.stop.store(false, Ordering::Relaxed);
        self.update();
    }

    /// Takes up the configuration. The library is opened anew only where the roots are others.
    fn configure(&mut self) {
        let root = self.folders.first().cloned().or_else(|| self.options.root.clone()).unwrap_or_default();
        let (settings, problems) = config::load(&root, self.options.config_file.as_deref(), &self.editor);
        self.report_configuration(&root, &problems);
        let roots = Workspace::roots_of(&self.folders, &settings);
        let is_opened = match &mut self.workspace {
            Some(workspace) if workspace.roots == roots => {
                workspace.settings = settings;
                false
            }
            workspace => {
                let mut opened = Workspace::with_roots(roots, settings, self.options.cache_directory.as_deref());
                opened.patience = PATIENCE;
                *workspace = Some(opened);
                self.verified = false;
                true
            }
        };
        self.tell_opened();
        if is_opened {
            self.warm_up();
        }
    }

    /// Looks at the index once, so that the first list a user sees does not wait for the disk.
    fn warm_up(&self) {
        let Some(workspace) = &self.workspace else { return };
        workspace.library.warm_up();
    }

    /// Tells of what was opened. While the papers of other roots are read for the first time, those
    /// served so far go on being served.
    fn tell_opened(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let opened = workspace.library.snapshot();
        let library = match self.served.now() {
            Some(served) if opened.record_count() == 0 => served.clone(),
            _ => opened,
        };
        self.served.replace(library.clone());
        let (aliases, settings) = (Arc::new(workspace.aliases()), Arc::new(workspace.settings.clone()));
        (self.tell)(News::Opened { library, aliases, settings });
    }

    /// Brings the library up to date. Folders are watched before they are looked through, so that no
    /// change falls between.
    fn update(&mut self) {
        self.read_corpus();
        let added = self.watch_folders();
        if !added.is_empty() {
            self.look_for_notes(&added);
            if !self.stop.load(Ordering::Relaxed) {
                self.read_corpus();
            }
        }
        self.verify();
    }

    fn read_corpus(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let begun = Instant::now();
        let (mut last_told, mut has_told, mut percent) = (begun, false, 0);
        let mut served = std::mem::take(&mut self.served);
        let mut on_progress = |progress: SyncProgress<'_>| {
            if begun.elapsed() >= PROGRESS_AFTER && last_told.elapsed() >= PROGRESS_EVERY {
                (last_told, has_told) = (Instant::now(), true);
                // It never falls, as the protocol has it.
                percent = progress.percent().max(percent);
                (self.tell)(News::Tell(Outgoing::Progress(progress_message(progress), percent)));
                let now = workspace.library.snapshot();
                // What is there in part never takes the place of more.
                let is_less = |served: &Arc<_>| Arc::ptr_eq(&now, served) || now.record_count() < served.record_count();
                if !served.now().is_some_and(is_less) {
                    (self.tell)(News::Library(now.clone(), false));
                    served.replace(now);
                }
            }
            !self.is_interrupted() && !self.is_abandoned()
        };
        let sync = workspace.sync(&mut on_progress);
        let library = workspace.library.snapshot();
        if has_told {
            let stopped = if sync.report.cancelled { "stopped with " } else { "" };
            (self.tell)(News::Tell(Outgoing::ProgressEnd(format!("{stopped}{} records", library.record_count()))));
        }
        let files: Vec<PathBuf> = library.files().files.iter().map(|file| file.path.clone()).collect();
        tracing::info!("{} records in {} files, {:?}", library.record_count(), files.len(), begun.elapsed());
        let now = match served.now() {
            Some(served) if sync.report.cancelled && library.record_count() < served.record_count() => served.clone(),
            _ => library.clone(),
        };
        (self.tell)(News::Library(now.clone(), !sync.report.cancelled));
        served.replace(now);
        let unread = not_read(&sync.discovery.problems, workspace.settings.corpus_diagnostics.value);
        for problem in &sync.discovery.problems {
            tracing::warn!("{}: {}", problem.path.display(), problem.message);
        }
        for path in &sync.unsettled {
            tracing::debug!("{}: seems half-written, so it is read later", path.display());
        }
        self.unsettled = !sync.unsettled.is_empty();
        let memory = workspace.library.memory_reason();
        self.report_unread(unread);
        self.served = served;
        self.last_commit = self.commit_time();
        self.tell_memory(memory);
    }

    /// Tells of the bibliographies that are not read, and takes back what is not so any more.
    fn report_unread(&mut self, unread: BTreeMap<PathBuf, String>) {
        let told = std::mem::replace(&mut self.unread, unread);
        for path in told.keys().filter(|path| !self.unread.contains_key(*path)) {
            if let Some(uri) = convert::uri_of(path) {
                (self.tell)(News::Tell(Outgoing::Diagnostics(uri, Vec::new(), None)));
            }
        }
        for (path, message) in self.unread.iter().filter(|(path, message)| told.get(*path) != Some(*message)) {
            if let Some(uri) = convert::uri_of(path) {
                let found = file_diagnostic(PositionRange::default(), message.clone());
                let found = vec![Diagnostic { code: Some("corpus".to_owned().into()), ..found }];
                (self.tell)(News::Tell(Outgoing::Diagnostics(uri, found, None)));
            }
        }
    }

    /// Has notes looked for in folders.
    fn look_for_notes(&self, folders: &FxHashSet<PathBuf>) {
        let folders = self.watch.note_folders(folders);
        if !folders.is_empty() {
            (self.notes)(folders);
        }
    }

    /// Watches all that matters. Returns the folders that had not been watched so far.
    fn watch_folders(&mut self) -> FxHashSet<PathBuf> {
        let Some(workspace) = &self.workspace else { return FxHashSet::default() };
        let roots = workspace.roots.workspace.iter().chain(&workspace.roots.explicit).cloned();
        let library = workspace.library.snapshot();
        let files: Vec<PathBuf> = library.files().files.iter().map(|file| file.path.clone()).collect();
        self.watch.route(Routes::new(&self.folders, &workspace.roots, &files, self.options.config_file.as_deref()));
        let mut folders = folders_to_watch(roots, &files);
        folders.extend(self.options.config_file.as_deref().and_then(Path::parent).map(Path::to_owned));
        self.watch.watch(folders)
    }

    /// Says once that nothing can be kept on disk.
    fn tell_memory(&mut self, reason: Option<String>) {
        if let Some(reason) = reason
            && !self.told_memory
        {
            self.told_memory = true;
            let text = format!(
                "ibid keeps its index in memory and reads all papers again at every start: {reason}. \
                 Set IBID_CACHE_DIR to a folder that can be written."
            );
            (self.tell)(News::Tell(Outgoing::Show(MessageType::Warning, text)));
        }
    }

    /// Checks the whole index once, after everything else; what is damaged is built anew.
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

    /// What nobody tells: commits of other processes, damage met while reading, and changes in folders
    /// that cannot be watched.
    fn look_around(&mut self) {
        self.served.let_go();
        let Some(workspace) = &self.workspace else { return };
        let commit = self.commit_time();
        if commit != self.last_commit {
            self.last_commit = commit;
            if workspace.library.reload() {
                let library = workspace.library.snapshot();
                self.served.replace(library.clone());
                (self.tell)(News::Library(library, true));
            }
        }
        let is_due = self.watch.incomplete && self.last_poll.elapsed() >= POLL_EVERY;
        let is_stopped = self.stop.load(Ordering::Relaxed);
        if !is_stopped && (is_due || self.unsettled || workspace.library.is_damaged()) {
            self.last_poll = Instant::now();
            self.update();
        }
    }

    fn commit_time(&self) -> Option<SystemTime> {
        let path = self.workspace.as_ref()?.library.commit_file()?;
        std::fs::metadata(path).ok()?.modified().ok()
    }

    /// Shows what is wrong with the configuration where it stands, and takes back what is mended.
    fn report_configuration(&mut self, root: &Path, problems: &[ConfigProblem]) {
        let config_file = self.options.config_file.clone().unwrap_or_else(|| root.join(CONFIG_FILE));
        for problem in problems.iter().filter(|problem| problem.path.is_none()) {
            (self.tell)(News::Tell(Outgoing::Log(MessageType::Warning, format!("settings: {}", problem.message))));
        }
        let Some(uri) = convert::uri_of(&config_file) else { return };
        let text = std::fs::read(&config_file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let document = Document::new(&text.unwrap_or_default(), 0);
        let diagnostics: Vec<Diagnostic> = problems
            .iter()
            .filter(|problem| problem.path.is_some())
            .map(|problem| config_diagnostic(problem, &document, self.encoding))
            .collect();
        // What was told of another root's file, or of this one before, is taken back.
        for told in std::mem::take(&mut self.reported) {
            if told != uri || diagnostics.is_empty() {
                (self.tell)(News::Tell(Outgoing::Diagnostics(told, Vec::new(), None)));
            }
        }
        if !diagnostics.is_empty() {
            self.reported.push(uri.clone());
            (self.tell)(News::Tell(Outgoing::Diagnostics(uri, diagnostics, None)));
        }
    }
}

/// What there is to say of files that are not read, where the user wants to hear it.
fn not_read(problems: &[PathProblem], is_wanted: bool) -> BTreeMap<PathBuf, String> {
    let unread = problems.iter().filter(|problem| is_wanted && !problem.is_away);
    let said = |problem: &PathProblem| {
        let what = problem.message.strip_prefix(&*problem.path.to_string_lossy()).unwrap_or(&problem.message);
        (problem.path.clone(), format!("This file {}.", what.trim_start()))
    };
    unread.map(said).collect()
}

fn config_diagnostic(problem: &ConfigProblem, document: &Document, encoding: Encoding) -> Diagnostic {
    let range = if problem.bytes.is_empty() {
        let line = problem.line.saturating_sub(1);
        PositionRange { start: Position::new(line, 0), end: Position::new(line + 1, 0) }
    } else {
        document.position_range(&problem.bytes, encoding)
    };
    file_diagnostic(range, problem.message.clone())
}

fn file_diagnostic(range: PositionRange, message: String) -> Diagnostic {
    Diagnostic {
        range: convert::range(range),
        severity: Some(DiagnosticSeverity::Warning),
        source: Some("ibid".to_owned()),
        message: message.into(),
        ..Diagnostic::default()
    }
}

fn progress_message(progress: SyncProgress<'_>) -> String {
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
