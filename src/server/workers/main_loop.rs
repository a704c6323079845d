//! The main loop: the task that owns the state, applies events in order and hands out snapshots.

mod faults;
mod group_news;
mod notices;
mod reference_checks;
mod watched_files;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types::{
    ConfigurationItem, Diagnostic, InitializeParams, MessageType, TextDocumentItem, Uri, WorkspaceFoldersChangeEvent,
};

use faults::outlives_faults;
use reference_checks::ReferenceChecks;
pub(in crate::server) use reference_checks::RunningCheck;
use watched_files::WatchedFiles;

use super::background::BackgroundThreads;
pub(in crate::server) use super::event::{Event, Job, Urgency};
use super::group::{Cited, Group};
use super::library_worker::{LibraryCommand, LibraryUpdate, LibraryWorker};
use super::parent_process::watch_parent;
use super::refresh::{MIN_INTERVAL, Refreshes};
use super::vault_worker::{VaultCommand, VaultWorker};
use crate::config::{CONFIG_FILE, InlayHints};
use crate::features::{ConfigFile, Snapshot};
use crate::library::{Aliases, DamageWatch, Papers};
use crate::server::ServerOptions;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::diagnostics::diagnostics_of;
use crate::server::state::client_configuration::ClientConfiguration;
use crate::server::state::documents::{Background, OpenDocument, OpenFile};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::transport::client_messages::{self, ClientMessage};
use crate::server::transport::status::Status;
use crate::text::{Change, Document};
use crate::vault::{ScanProgress, VaultSnapshot};

struct MainLoop {
    client: Client,
    options: ServerOptions,
    events: UnboundedSender<Event>,
    profile: ClientProfile,
    documents: FxHashMap<Uri, OpenDocument>,
    /// Documents edited since the last burst, or whose diagnostics may have changed.
    edited: FxHashSet<Uri>,
    /// Documents that have published diagnostics.
    reported: FxHashSet<Uri>,
    /// `None` until the library is open, which takes milliseconds; requests are queued until then.
    snapshot: Option<Snapshot>,
    /// What tells whether the library of the snapshot is damaged.
    damage: Option<DamageWatch>,
    queued: Vec<(Option<OpenFile>, Job, Urgency)>,
    background: BackgroundThreads,
    library_worker: Option<LibraryWorker>,
    vault_worker: Option<VaultWorker>,
    client_messages: Option<UnboundedSender<ClientMessage>>,
    configuration: ClientConfiguration,
    /// Whether the snapshot holds the open notes as they are now.
    open_notes_are_current: bool,
    /// Notes that were read before there was a snapshot.
    early_vault: VaultSnapshot,
    refreshes: Refreshes,
    checks: ReferenceChecks,
    /// Counts what may change the diagnostics of notes that are not open.
    diagnostic_changes: watch::Sender<u64>,
    /// The library of the user's group.
    group: Group,
    /// What the client was sent last.
    status: Option<Status>,
    /// Whether the user knows that there are no papers.
    has_said_no_papers: bool,
    watched_files: WatchedFiles,
}

/// Runs until all senders of events are dropped.
pub(in crate::server) async fn run(
    client: Client,
    options: ServerOptions,
    events: UnboundedSender<Event>,
    mut receiver: UnboundedReceiver<Event>,
    diagnostic_changes: watch::Sender<u64>,
) {
    let mut state = MainLoop::new(client, options, events, diagnostic_changes);
    while let Some(event) = receiver.recv().await {
        state.handle_safely(event);
        // A burst of edits is applied whole before anything is parsed.
        while let Ok(event) = receiver.try_recv() {
            state.handle_safely(event);
        }
        if !outlives_faults(|| state.after_burst()) {
            state.tell_fault(None);
        }
    }
}

impl MainLoop {
    fn new(
        client: Client,
        options: ServerOptions,
        events: UnboundedSender<Event>,
        diagnostic_changes: watch::Sender<u64>,
    ) -> MainLoop {
        MainLoop {
            client,
            options,
            events,
            profile: ClientProfile::default(),
            documents: FxHashMap::default(),
            edited: FxHashSet::default(),
            reported: FxHashSet::default(),
            snapshot: None,
            damage: None,
            queued: Vec::new(),
            background: BackgroundThreads::start(),
            library_worker: None,
            vault_worker: None,
            client_messages: None,
            configuration: ClientConfiguration::default(),
            open_notes_are_current: false,
            early_vault: VaultSnapshot::default(),
            refreshes: Refreshes::default(),
            checks: ReferenceChecks::default(),
            diagnostic_changes,
            group: Group::default(),
            status: None,
            has_said_no_papers: false,
            watched_files: WatchedFiles::default(),
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Initialize(params, profile) => self.initialize(&params, profile),
            Event::Initialized => {
                self.pull_settings();
                self.watched_files.is_initialized = true;
                self.register_watched_files();
            }
            Event::Shutdown => {
                self.library_worker = None;
                self.vault_worker = None;
                self.group = Group::default();
            }
            Event::Open(item) => self.open(item),
            Event::Change { uri, version, changes } => self.change(&uri, version, &changes),
            Event::Close(uri) => self.close(uri),
            Event::Saved(uri) => self.saved(&uri),
            Event::ConfigurationChanged(settings) => self.configuration_changed(&settings),
            Event::EditorSettings(settings) => {
                if self.configuration.pull(settings) {
                    self.configure();
                }
            }
            Event::FoldersChanged(change) => self.folders_changed(&change),
            Event::FilesChanged(paths) => {
                if let Some(worker) = &self.library_worker {
                    worker.files_changed(paths);
                }
            }
            Event::ProgressCancelled => self.library_worker.iter().for_each(LibraryWorker::stop_reading),
            Event::Read { uri, job, urgency } => self.read(uri.as_ref(), job, urgency),
            Event::ParseDue(uri) => self.parse_due(uri),
            Event::Parsed(uri, took) => {
                if let Some(document) = self.documents.get_mut(&uri) {
                    document.was_read(took);
                    self.edited.insert(uri);
                }
            }
            Event::CheckDue(uri) => self.check_due(uri),
            Event::CheckStepped(running) => self.check_stepped(running),
            Event::Vault(vault) => self.replace_vault(vault),
            Event::RequestFailed => {
                self.library_worker.iter().for_each(|worker| worker.send(LibraryCommand::CheckIndex));
            }
            Event::Rested => self.refreshes.rested(),
            Event::NothingToCite => self.nothing_to_cite(),
            Event::TrustChanged => {
                self.library_worker.iter().for_each(|worker| worker.send(LibraryCommand::ConfigurationChanged));
            }
            Event::Remote(news) => self.hear_of_group(news),
            Event::Diagnosed(uri, version, found) => self.publish(uri, version, found),
            #[cfg(test)]
            Event::Fault => panic!("a fault of the program itself"),
            Event::LibraryUpdate(update) => self.apply_update(update),
            Event::AliasAssumed(new) => {
                // The alias holds until the configuration is read again, which may be when the user saves the file.
                if let Some(snapshot) = &mut self.snapshot {
                    let pair = (new.alias.as_str(), new.name.as_str());
                    snapshot.aliases = Arc::new(Aliases::new(snapshot.aliases.iter().chain([pair])));
                }
            }
        }
    }

    fn replace_vault(&mut self, vault: VaultSnapshot) {
        let Some(snapshot) = &mut self.snapshot else {
            self.early_vault = vault;
            return;
        };
        let before = std::mem::replace(&mut snapshot.vault, vault);
        // Of other notes, diagnostics depend on the names alone: most edits change nothing elsewhere.
        if !Arc::ptr_eq(before.names(), snapshot.vault.names()) {
            self.refresh_diagnostics();
        }
        self.diagnostic_changes.send_modify(|count| *count += 1);
        self.refresh_lenses();
    }

    fn initialize(&mut self, params: &InitializeParams, profile: ClientProfile) {
        self.profile = profile;
        self.client_messages = Some(client_messages::start(self.client.clone(), profile.progress));
        self.configuration = ClientConfiguration::new(params, self.options.root.as_deref());
        if let Some(parent) = params.process_id {
            watch_parent(parent);
        }
        let vault_worker = self.start_vault_worker();
        let (events, notes) = (self.events.clone(), vault_worker.commands());
        let send_update = move |update| drop(events.send(Event::LibraryUpdate(update)));
        let notes_changed = move |paths| drop(notes.send(VaultCommand::Changed(paths)));
        self.library_worker = Some(LibraryWorker::start(self.options.clone(), profile, send_update, notes_changed));
        self.vault_worker = Some(vault_worker);
        self.configure();
    }

    fn start_vault_worker(&self) -> VaultWorker {
        let (events, progress_events) = (self.events.clone(), self.events.clone());
        VaultWorker::start(
            self.options.cache_directory.clone(),
            move |vault| {
                let _ = events.send(Event::Vault(vault));
            },
            move |progress| {
                let _ = progress_events.send(Event::LibraryUpdate(LibraryUpdate::Message(scan_message(progress))));
            },
        )
    }

    /// Sends folders and settings to the workers.
    fn configure(&self) {
        if let Some(worker) = &self.vault_worker {
            worker.send(VaultCommand::Folders(self.configuration.folders().to_vec()));
        }
        if let Some(library_worker) = &self.library_worker {
            let (folders, editor) = (self.configuration.folders().to_vec(), self.configuration.settings().clone());
            library_worker.send(LibraryCommand::Configure { folders, editor });
        }
    }

    /// Requests the settings from the client; the answer comes back as an event.
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
        if let (Some(path), Some(worker)) = (path, &self.vault_worker) {
            worker.send(VaultCommand::Close(path));
        }
        self.checks.closed(&uri);
        self.diagnostic_changes.send_modify(|count| *count += 1);
        if self.reported.remove(&uri) {
            self.send_to_client(ClientMessage::Diagnostics(uri, Vec::new(), None));
        }
    }

    /// Changes of a document that was never opened have nothing to apply to and are left alone.
    fn change(&mut self, uri: &Uri, version: i32, changes: &[Change]) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        open.apply(changes, version, self.profile.encoding);
        self.checks.edited(uri);
        self.open_notes_are_current = false;
        self.edited.insert(uri.clone());
    }

    fn read(&mut self, uri: Option<&Uri>, job: Job, urgency: Urgency) {
        let file = uri.and_then(|uri| self.documents.get_mut(uri)).map(OpenDocument::file);
        self.gather_open_notes();
        match self.context(file.clone()) {
            Some(context) => self.start(job, context, urgency),
            None => self.queued.push((file, job, urgency)),
        }
    }

    fn start(&self, job: Job, context: RequestSnapshot, urgency: Urgency) {
        match urgency {
            Urgency::Awaited => drop(tokio::task::spawn_blocking(move || job(context))),
            Urgency::Background => self.background.run(move || job(context)),
        }
    }

    /// What a request sees; `None` as long as the library is not open.
    fn context(&self, file: Option<OpenFile>) -> Option<RequestSnapshot> {
        let (snapshot, remote) = self.group.over(self.snapshot.clone()?);
        Some(RequestSnapshot {
            snapshot,
            damage: self.damage.clone(),
            remote,
            file,
            profile: self.profile,
            cache_directory: self.options.cache_directory.as_deref().map(Arc::from),
            root: self.root(),
            folders: self.configuration.folders().clone(),
            user_file: self.options.user_file.as_deref().map(Arc::from),
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

    /// Has edited documents parsed ahead of requests, and their diagnostics published.
    fn after_burst(&mut self) {
        for uri in std::mem::take(&mut self.edited) {
            let Some(open) = self.documents.get_mut(&uri) else { continue };
            if open.background != Background::Idle {
                continue;
            }
            let file = open.file();
            if file.is_read() {
                if let (Some((path, note)), Some(worker)) = (open.update_for_vault(), &self.vault_worker) {
                    worker.send(VaultCommand::Open(path, note));
                }
                self.want_check(&uri, &file);
                self.keep_cited(&file, Cited::Offered);
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

    fn saved(&mut self, uri: &Uri) {
        let Some(file) = self.documents.get_mut(uri).map(OpenDocument::file) else { return };
        self.keep_cited(&file, Cited::ByIdentifier);
    }

    /// Computes the diagnostics of a document, for clients that do not pull them.
    fn diagnose(&self, uri: Uri, file: OpenFile) {
        let Some(snapshot) = self.snapshot.clone().filter(|_| !self.profile.pulls_diagnostics) else { return };
        let (snapshot, _) = self.group.over(snapshot);
        let (events, encoding, damage) = (self.events.clone(), self.profile.encoding, self.damage.clone());
        self.background.run(move || {
            let found = diagnostics_of(&file.diagnostics(&snapshot), file.document(), encoding);
            if damage.is_some_and(|damage| damage.is_cut()) {
                // They are looked for once more when the papers are read anew.
                let _ = events.send(Event::RequestFailed);
                return;
            }
            let _ = events.send(Event::Diagnosed(uri, file.document().version(), found));
        });
    }

    /// Publishes diagnostics, unless the document was edited meanwhile, or there were none before and are none now.
    fn publish(&mut self, uri: Uri, version: i32, found: Vec<Diagnostic>) {
        let is_current = self.documents.get(&uri).is_some_and(|open| open.version() == version);
        let is_change = if found.is_empty() { self.reported.remove(&uri) } else { true };
        if is_current && is_change {
            if !found.is_empty() {
                self.reported.insert(uri.clone());
            }
            self.send_to_client(ClientMessage::Diagnostics(uri, found, Some(version)));
        }
    }

    /// Everything shown about open documents may have changed.
    fn refresh(&mut self) {
        self.refresh_diagnostics();
        self.refresh_lenses();
        if self.snapshot.as_ref().is_some_and(|it| it.settings.inlay_hints.value != InlayHints::Off) {
            self.refreshes.inlay_hints();
        }
    }

    fn refresh_diagnostics(&mut self) {
        self.refreshes.diagnostics();
        self.diagnostic_changes.send_modify(|count| *count += 1);
        self.edited.extend(self.documents.keys().cloned());
    }

    /// Only corpus files have lenses.
    fn refresh_lenses(&mut self) {
        if self.documents.values().any(OpenDocument::is_corpus_file) {
            self.refreshes.code_lenses();
        }
    }

    /// Sends refreshes to the client, if any are due.
    fn send_refreshes(&mut self) {
        let due = self.refreshes.due(self.profile);
        if due.is_empty() {
            return;
        }
        for refresh in due {
            self.send_to_client(refresh);
        }
        let events = self.events.clone();
        tokio::spawn(async move {
            tokio::time::sleep(MIN_INTERVAL).await;
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
            // A note that the parser fails on stays marked, so that it is not tried again and again.
            let begun = Instant::now();
            let parsed = outlives_faults(|| {
                file.read();
            });
            if parsed {
                let _ = events.send(Event::Parsed(uri, begun.elapsed()));
            }
        });
    }

    fn apply_update(&mut self, update: LibraryUpdate) {
        match update {
            LibraryUpdate::Opened { library, aliases, settings } => {
                let hints = |it: &Snapshot| it.settings.inlay_hints.value != InlayHints::Off;
                let had_hints = self.snapshot.as_ref().is_some_and(hints);
                let (vault, reference) = match self.snapshot.take() {
                    Some(before) => (before.vault, before.reference),
                    None => (std::mem::take(&mut self.early_vault), None),
                };
                let (is_complete, events) = (library.record_count() > 0, self.events.clone());
                self.group.configure(&settings.remote, move |news| drop(events.send(Event::Remote(news))));
                let (open_notes, findings) = (Arc::default(), self.checks.findings());
                self.damage = Some(library.damage());
                self.checks.papers_changed();
                self.snapshot =
                    Some(Snapshot { library, is_complete, aliases, vault, open_notes, settings, reference, findings });
                self.open_notes_are_current = false;
                self.gather_open_notes();
                if had_hints {
                    self.refreshes.inlay_hints();
                }
                self.refresh();
                self.register_watched_files();
                for (file, job, urgency) in std::mem::take(&mut self.queued) {
                    if let Some(context) = self.context(file) {
                        self.start(job, context, urgency);
                    }
                }
                // A thread for the next request is started before it comes.
                if let Some(library) = self.snapshot.as_ref().map(|it| it.library.clone()) {
                    drop(tokio::task::spawn_blocking(move || library.warm_up_thread()));
                }
            }
            LibraryUpdate::Library(library, is_complete) => {
                if let Some(snapshot) = &mut self.snapshot {
                    self.damage = Some(library.damage());
                    snapshot.library = library;
                    snapshot.is_complete |= is_complete;
                }
                self.checks.papers_changed();
                self.refresh();
            }
            LibraryUpdate::Reference(reference) => {
                if let Some(snapshot) = &mut self.snapshot {
                    snapshot.reference = reference.map(|library| library as Arc<dyn Papers>);
                }
                self.checks.papers_changed();
                self.refresh_diagnostics();
            }
            LibraryUpdate::Counted { papers, complete } => {
                self.send_status(Status { papers, complete, remote: self.group.state.clone() });
            }
            LibraryUpdate::Message(message) => self.send_to_client(message),
            LibraryUpdate::Refused(reason) => self.offer_trust(reason),
        }
    }

    /// Sends the state of the library, if it has changed.
    fn send_status(&mut self, status: Status) {
        if self.status.as_ref() != Some(&status) {
            self.send_to_client(ClientMessage::Status(status.clone()));
            self.status = Some(status);
        }
    }

    fn send_to_client(&self, message: ClientMessage) {
        if let ClientMessage::Show(kind, text) = &message {
            let kind = if *kind == MessageType::Error { "error" } else { "warning" };
            tracing::warn!("{kind}: {text}");
        }
        if let Some(client_messages) = &self.client_messages {
            let _ = client_messages.send(message);
        }
    }
}

/// The progress message of a long scan of the notes; `None` for its end.
fn scan_message(progress: Option<ScanProgress>) -> ClientMessage {
    let Some(ScanProgress { done, total }) = progress else {
        return ClientMessage::ProgressEnd("notes read".to_owned());
    };
    let percent = u32::try_from((done * 100).checked_div(total).unwrap_or(0)).unwrap_or(0);
    ClientMessage::Progress(format!("{done} of {total} notes"), percent)
}
