//! The task that owns the state: it applies events in order and hands out snapshots.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types::{
    ConfigurationItem, Diagnostic, InitializeParams, MessageType, TextDocumentItem, Uri, WorkspaceFoldersChangeEvent,
};

use super::background::BackgroundThreads;
use super::librarian::{Librarian, News, Order};
use super::note_keeper::{NoteKeeper, NoteOrder};
use super::parent_process::watch_parent;
use super::refresh::{REST, Refreshes};
use crate::config::{CONFIG_FILE, InlayHints};
use crate::features::{ConfigFile, NewAlias, Snapshot};
use crate::library::Aliases;
use crate::server::ServerOptions;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::diagnostics::all_converted;
use crate::server::state::client_configuration::ClientConfiguration;
use crate::server::state::context::ReadContext;
use crate::server::state::documents::{Background, OpenDocument, OpenFile};
use crate::server::transport::outbox::{self, Outgoing};
use crate::text::{Change, Document};
use crate::vault::{ScanProgress, VaultSnapshot};

/// Something that happened, in the order in which it did.
pub(in crate::server) enum Event {
    Initialize(Box<InitializeParams>, ClientProfile),
    Initialized,
    Shutdown,
    Open(TextDocumentItem),
    Change {
        uri: Uri,
        version: i32,
        changes: Vec<Change>,
    },
    Close(Uri),
    ConfigurationChanged(serde_json::Value),
    /// The settings of the client's section `ibid`.
    EditorSettings(serde_json::Value),
    FoldersChanged(WorkspaceFoldersChangeEvent),
    /// The user wants no more papers to be read for now.
    ProgressCancelled,
    Read {
        uri: Option<Uri>,
        job: Job,
        urgency: Urgency,
    },
    /// A note has not been edited for a moment.
    ParseDue(Uri),
    /// A background reading has ended, and took this long.
    Parsed(Uri, Duration),
    /// The notes are others than before.
    Vault(VaultSnapshot),
    /// The findings of a document at a version are known.
    Diagnosed(Uri, i32, Vec<Diagnostic>),
    News(News),
    /// A rename gives a paper this name, which the configuration file will have.
    Promised(NewAlias),
    /// The client may be asked to ask again.
    Rested,
}

/// Who waits for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Urgency {
    /// The user, for an answer to what they just did.
    Awaited,
    /// Nobody: the editor asks so that it has something to show.
    Background,
}

/// What a request does with the state.
pub(in crate::server) type Job = Box<dyn FnOnce(ReadContext) + Send>;

struct MainLoop {
    client: Client,
    options: ServerOptions,
    events: UnboundedSender<Event>,
    profile: ClientProfile,
    documents: FxHashMap<Uri, OpenDocument>,
    /// Documents edited since the last burst, or whose findings may be others.
    edited: FxHashSet<Uri>,
    /// Documents whose findings the client has.
    reported: FxHashSet<Uri>,
    /// `None` until the library is open, which takes milliseconds; requests wait for it.
    snapshot: Option<Snapshot>,
    waiting: Vec<(Option<OpenFile>, Job, Urgency)>,
    background: BackgroundThreads,
    librarian: Option<Librarian>,
    note_keeper: Option<NoteKeeper>,
    outbox: Option<UnboundedSender<Outgoing>>,
    configuration: ClientConfiguration,
    /// Whether the snapshot holds the open notes as they are now.
    open_notes_are_current: bool,
    /// Notes that were found before there was a snapshot.
    early_vault: VaultSnapshot,
    refreshes: Refreshes,
}

/// Runs until the queue's other end is gone.
pub(in crate::server) async fn run(
    client: Client,
    options: ServerOptions,
    events: UnboundedSender<Event>,
    mut receiver: UnboundedReceiver<Event>,
) {
    let mut state = MainLoop {
        client,
        options,
        events,
        profile: ClientProfile::default(),
        documents: FxHashMap::default(),
        edited: FxHashSet::default(),
        reported: FxHashSet::default(),
        snapshot: None,
        waiting: Vec::new(),
        background: BackgroundThreads::start(),
        librarian: None,
        note_keeper: None,
        outbox: None,
        configuration: ClientConfiguration::default(),
        open_notes_are_current: false,
        early_vault: VaultSnapshot::default(),
        refreshes: Refreshes::default(),
    };
    while let Some(event) = receiver.recv().await {
        state.handle(event);
        // A burst of edits is applied whole before anything is parsed.
        while let Ok(event) = receiver.try_recv() {
            state.handle(event);
        }
        state.after_burst();
    }
}

impl MainLoop {
    fn handle(&mut self, event: Event) {
        match event {
            Event::Initialize(params, profile) => self.initialize(&params, profile),
            Event::Initialized => self.pull_settings(),
            Event::Shutdown => {
                self.librarian = None;
                self.note_keeper = None;
            }
            Event::Open(item) => self.open(item),
            Event::Change { uri, version, changes } => self.change(&uri, version, &changes),
            Event::Close(uri) => self.close(uri),
            Event::ConfigurationChanged(settings) => self.configuration_changed(&settings),
            Event::EditorSettings(settings) => {
                if self.configuration.pull(settings) {
                    self.configure();
                }
            }
            Event::FoldersChanged(change) => self.folders_changed(&change),
            Event::ProgressCancelled => self.librarian.iter().for_each(Librarian::stop_reading),
            Event::Read { uri, job, urgency } => self.read(uri.as_ref(), job, urgency),
            Event::ParseDue(uri) => self.parse_due(uri),
            Event::Parsed(uri, took) => {
                if let Some(document) = self.documents.get_mut(&uri) {
                    document.was_read(took);
                    self.edited.insert(uri);
                }
            }
            Event::Vault(vault) => self.take_vault(vault),
            Event::Rested => self.refreshes.rested(),
            Event::Diagnosed(uri, version, found) => self.publish(uri, version, found),
            Event::News(news) => self.take_news(news),
            Event::Promised(new) => {
                // It holds until the configuration is read again, which may be when the user saves the file.
                if let Some(snapshot) = &mut self.snapshot {
                    let pair = (new.alias.as_str(), new.name.as_str());
                    snapshot.aliases = Arc::new(Aliases::new(snapshot.aliases.iter().chain([pair])));
                }
            }
        }
    }

    fn take_vault(&mut self, vault: VaultSnapshot) {
        let Some(snapshot) = &mut self.snapshot else {
            self.early_vault = vault;
            return;
        };
        let before = std::mem::replace(&mut snapshot.vault, vault);
        // Of all notes, findings depend on what notes are called only: most edits change nothing elsewhere.
        if !Arc::ptr_eq(before.names(), snapshot.vault.names()) {
            self.refresh_findings();
        }
        self.refresh_lenses();
    }

    fn initialize(&mut self, params: &InitializeParams, profile: ClientProfile) {
        self.profile = profile;
        self.outbox = Some(outbox::start(self.client.clone(), profile.progress));
        self.configuration = ClientConfiguration::new(&params, self.options.root.as_deref());
        if let Some(parent) = params.process_id {
            watch_parent(parent);
        }
        let note_keeper = self.start_note_keeper();
        let (events, notes) = (self.events.clone(), note_keeper.orders());
        let tell = move |news| drop(events.send(Event::News(news)));
        let notes_changed = move |paths| drop(notes.send(NoteOrder::Changed(paths)));
        self.librarian = Some(Librarian::start(self.options.clone(), profile.encoding, tell, notes_changed));
        self.note_keeper = Some(note_keeper);
        self.configure();
    }

    fn start_note_keeper(&self) -> NoteKeeper {
        let (events, progress_events) = (self.events.clone(), self.events.clone());
        NoteKeeper::start(
            self.options.cache_directory.clone(),
            move |vault| {
                let _ = events.send(Event::Vault(vault));
            },
            move |progress| {
                let _ = progress_events.send(Event::News(News::Tell(scan_message(progress))));
            },
        )
    }

    /// Has the librarian take up folders and settings.
    fn configure(&self) {
        if let Some(keeper) = &self.note_keeper {
            keeper.order(NoteOrder::Folders(self.configuration.folders().to_vec()));
        }
        if let Some(librarian) = &self.librarian {
            let (folders, editor) = (self.configuration.folders().to_vec(), self.configuration.settings().clone());
            librarian.order(Order::Configure { folders, editor });
        }
    }

    /// Asks the client for its settings; its answer comes back as an event.
    fn pull_settings(&self) {
        if !self.profile.configuration {
            return;
        }
        let (client, events) = (self.client.clone(), self.events.clone());
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("ibid".to_owned()) };
            if let Ok(answer) = client.configuration(vec![item]).await
                && let Some(settings) = answer.into_iter().next()
            {
                let _ = events.send(Event::EditorSettings(settings));
            }
        });
    }

    fn configuration_changed(&mut self, settings: &serde_json::Value) {
        self.pull_settings();
        if self.configuration.push(settings) {
            self.configure();
        }
    }

    fn folders_changed(&mut self, change: &WorkspaceFoldersChangeEvent) {
        self.configuration.change_folders(change);
        self.configure();
    }

    fn open(&mut self, item: TextDocumentItem) {
        if let Some(document) = OpenDocument::new(&item, self.config_path().as_deref()) {
            self.edited.insert(item.uri.clone());
            self.documents.insert(item.uri, document);
            self.open_notes_are_current = false;
        }
    }

    fn close(&mut self, uri: Uri) {
        self.open_notes_are_current = false;
        let path = self.documents.remove(&uri).and_then(|document| document.path);
        if let (Some(path), Some(keeper)) = (path, &self.note_keeper) {
            keeper.order(NoteOrder::Close(path));
        }
        if self.reported.remove(&uri) {
            self.tell(Outgoing::Diagnostics(uri, Vec::new(), None));
        }
    }

    /// Changes of a document that was never opened have nothing to apply to and are left alone.
    fn change(&mut self, uri: &Uri, version: i32, changes: &[Change]) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        open.apply(changes, version, self.profile.encoding);
        self.open_notes_are_current = false;
        self.edited.insert(uri.clone());
    }

    fn read(&mut self, uri: Option<&Uri>, job: Job, urgency: Urgency) {
        let file = uri.and_then(|uri| self.documents.get_mut(uri)).map(OpenDocument::file);
        self.gather_open_notes();
        match self.context(file.clone()) {
            Some(context) => self.start(job, context, urgency),
            None => self.waiting.push((file, job, urgency)),
        }
    }

    fn start(&self, job: Job, context: ReadContext, urgency: Urgency) {
        match urgency {
            Urgency::Awaited => drop(tokio::task::spawn_blocking(move || job(context))),
            Urgency::Background => self.background.run(move || job(context)),
        }
    }

    /// What a request sees; `None` as long as the library is not open.
    fn context(&self, file: Option<OpenFile>) -> Option<ReadContext> {
        Some(ReadContext {
            snapshot: self.snapshot.clone()?,
            file,
            profile: self.profile,
            cache_directory: self.options.cache_directory.as_deref().map(Arc::from),
            root: self.root(),
            config: self.config(),
        })
    }

    fn root(&self) -> Option<PathBuf> {
        self.configuration.folders().first().cloned().or_else(|| self.options.root.clone())
    }

    fn config_path(&self) -> Option<PathBuf> {
        self.options.config_file.clone().or_else(|| Some(self.root()?.join(CONFIG_FILE)))
    }

    fn config(&self) -> Option<ConfigFile> {
        let path = self.config_path()?;
        let mut open = self.documents.values().filter_map(OpenDocument::config);
        let document = open.find(|(open, _)| *open == path).map(|(_, document)| document.clone());
        Some(ConfigFile { path: path.into(), version: document.as_ref().map(Document::version), document })
    }

    fn gather_open_notes(&mut self) {
        if self.open_notes_are_current {
            return;
        }
        let Some(snapshot) = &mut self.snapshot else { return };
        let open = self.documents.values_mut().filter_map(|document| match (document.path.clone()?, document.file()) {
            (path, OpenFile::Note(note)) => Some((path, note)),
            _ => None,
        });
        snapshot.open_notes = Arc::new(open.collect());
        self.open_notes_are_current = true;
    }

    /// Sees to it that edited documents are read before somebody asks, and that findings are told.
    fn after_burst(&mut self) {
        for uri in std::mem::take(&mut self.edited) {
            let Some(open) = self.documents.get_mut(&uri) else { continue };
            if open.background != Background::Idle {
                continue;
            }
            let file = open.file();
            if file.is_read() {
                if let (Some((path, note)), Some(keeper)) = (open.news_for_vault(), &self.note_keeper) {
                    keeper.order(NoteOrder::Open(path, note));
                }
                self.diagnose(uri, file);
                continue;
            }
            open.background = Background::Waiting;
            let (events, pause) = (self.events.clone(), open.rest_of_pause());
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                let _ = events.send(Event::ParseDue(uri));
            });
        }
        self.send_refreshes();
    }

    /// Works out what is wrong in a document, for clients that do not ask for it.
    fn diagnose(&self, uri: Uri, file: OpenFile) {
        let Some(snapshot) = self.snapshot.clone().filter(|_| !self.profile.pulls_diagnostics) else { return };
        let (events, encoding) = (self.events.clone(), self.profile.encoding);
        self.background.run(move || {
            let found = all_converted(file.diagnostics(&snapshot), file.document(), encoding);
            let _ = events.send(Event::Diagnosed(uri, file.document().version(), found));
        });
    }

    /// Tells findings, unless the document was edited meanwhile, or there were none and are none.
    fn publish(&mut self, uri: Uri, version: i32, found: Vec<Diagnostic>) {
        let is_current = self.documents.get(&uri).is_some_and(|open| open.version() == version);
        let has_news = if found.is_empty() { self.reported.remove(&uri) } else { true };
        if is_current && has_news {
            if !found.is_empty() {
                self.reported.insert(uri.clone());
            }
            self.tell(Outgoing::Diagnostics(uri, found, Some(version)));
        }
    }

    /// What there is to say about open documents may have changed.
    fn refresh(&mut self) {
        self.refresh_findings();
        self.refresh_lenses();
        if self.snapshot.as_ref().is_some_and(|it| it.settings.inlay_hints.value != InlayHints::Off) {
            self.refreshes.inlay_hints();
        }
    }

    fn refresh_findings(&mut self) {
        self.refreshes.diagnostics();
        self.edited.extend(self.documents.keys().cloned());
    }

    /// Only corpus files have lenses.
    fn refresh_lenses(&mut self) {
        if self.documents.values().any(OpenDocument::is_corpus_file) {
            self.refreshes.code_lenses();
        }
    }

    /// Asks the client to ask again, if there is reason to and it is time.
    fn send_refreshes(&mut self) {
        let due = self.refreshes.due(self.profile);
        if due.is_empty() {
            return;
        }
        for refresh in due {
            self.tell(refresh);
        }
        let events = self.events.clone();
        tokio::spawn(async move {
            tokio::time::sleep(REST).await;
            let _ = events.send(Event::Rested);
        });
    }

    fn parse_due(&mut self, uri: Uri) {
        let Some(open) = self.documents.get_mut(&uri) else { return };
        if !open.rest_of_pause().is_zero() {
            open.background = Background::Idle;
            self.edited.insert(uri);
            return;
        }
        open.background = Background::Running;
        let file = open.file();
        let events = self.events.clone();
        self.background.run(move || {
            // A note that the parser cannot take stays marked, so that it is not tried again and again.
            let begun = Instant::now();
            let parsed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                file.read();
            }));
            if parsed.is_ok() {
                let _ = events.send(Event::Parsed(uri, begun.elapsed()));
            }
        });
    }

    fn take_news(&mut self, news: News) {
        match news {
            News::Opened { library, aliases, settings } => {
                let hints = |it: &Snapshot| it.settings.inlay_hints.value != InlayHints::Off;
                let had_hints = self.snapshot.as_ref().is_some_and(hints);
                let vault = match self.snapshot.take() {
                    Some(before) => before.vault,
                    None => std::mem::take(&mut self.early_vault),
                };
                let is_complete = library.record_count() > 0;
                let open_notes = Arc::default();
                self.snapshot = Some(Snapshot { library, is_complete, aliases, vault, open_notes, settings });
                self.open_notes_are_current = false;
                self.gather_open_notes();
                if had_hints {
                    self.refreshes.inlay_hints();
                }
                self.refresh();
                for (file, job, urgency) in std::mem::take(&mut self.waiting) {
                    if let Some(context) = self.context(file) {
                        self.start(job, context, urgency);
                    }
                }
                // A thread for the next request is there before it comes.
                if let Some(library) = self.snapshot.as_ref().map(|it| it.library.clone()) {
                    drop(tokio::task::spawn_blocking(move || library.warm_up_thread()));
                }
            }
            News::Library(library, is_complete) => {
                if let Some(snapshot) = &mut self.snapshot {
                    snapshot.library = library;
                    snapshot.is_complete |= is_complete;
                }
                self.refresh();
            }
            News::Tell(outgoing) => self.tell(outgoing),
        }
    }

    fn tell(&self, outgoing: Outgoing) {
        if let Outgoing::Show(kind, text) = &outgoing {
            let kind = if *kind == MessageType::Error { "error" } else { "warning" };
            tracing::warn!("{kind}: {text}");
        }
        if let Some(outbox) = &self.outbox {
            let _ = outbox.send(outgoing);
        }
    }
}

/// What the client is told of a long scan of the notes; `None` for its end.
fn scan_message(progress: Option<ScanProgress>) -> Outgoing {
    let Some(ScanProgress { done, total }) = progress else { return Outgoing::ProgressEnd("notes read".to_owned()) };
    let percent = u32::try_from((done * 100).checked_div(total).unwrap_or(0)).unwrap_or(0);
    Outgoing::Progress(format!("{done} of {total} notes"), percent)
}
