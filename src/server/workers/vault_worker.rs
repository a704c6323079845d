//! The thread that owns the vault: it reads notes, takes open notes and changes on disk, and sends snapshots.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use crate::library::guarded;
use crate::notes::OpenNote;
use crate::vault::{ScanProgress, Vault, VaultSnapshot};

/// A scan that takes longer than this reports progress, and then this often.
const PROGRESS_AFTER_MS: u64 = 1000;
const PROGRESS_EVERY_MS: u64 = 250;

/// With more changed paths than this at once, all files are scanned.
const MAX_SINGLE_CHANGES: usize = 64;

/// A command to the vault worker.
pub(super) enum VaultCommand {
    /// The notes are those below these folders.
    Folders(Vec<PathBuf>),
    /// Files or folders were created, changed, renamed or removed.
    Changed(Vec<PathBuf>),
    /// A note is open, or was edited.
    Open(Arc<Path>, Arc<OpenNote>),
    /// A note is no longer open.
    Close(Arc<Path>),
}

/// The running thread. Dropping it ends the thread, in the middle of a scan if need be.
pub(super) struct VaultWorker {
    commands: Sender<VaultCommand>,
    ended: Arc<AtomicBool>,
}

impl VaultWorker {
    /// Starts the thread. `send_snapshot` gets every new snapshot, `report_progress` the progress of a scan and `None` at its end.
    pub fn start(
        cache_directory: Option<PathBuf>,
        send_snapshot: impl Fn(VaultSnapshot) + Send + 'static,
        report_progress: impl Fn(Option<ScanProgress>) + Send + Sync + 'static,
    ) -> VaultWorker {
        let (commands, receiver) = mpsc::channel();
        let ended = Arc::new(AtomicBool::new(false));
        let worker = Worker {
            vault: Vault::new(Vec::new(), cache_directory),
            ended: ended.clone(),
            send_snapshot,
            report_progress,
        };
        std::thread::Builder::new()
            .name("vault".to_owned())
            .spawn(move || worker.work(&receiver))
            .inspect_err(|error| tracing::error!("no thread for reading notes: {error}"))
            .ok();
        VaultWorker { commands, ended }
    }

    /// The queue of commands.
    pub fn commands(&self) -> Sender<VaultCommand> {
        self.commands.clone()
    }

    pub fn send(&self, command: VaultCommand) {
        // The thread ends only with the server; a command after that is of no use.
        let _ = self.commands.send(command);
    }
}

impl Drop for VaultWorker {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

struct Worker<T, P> {
    vault: Vault,
    ended: Arc<AtomicBool>,
    send_snapshot: T,
    report_progress: P,
}

impl<T: Fn(VaultSnapshot), P: Fn(Option<ScanProgress>) + Sync> Worker<T, P> {
    fn work(mut self, commands: &Receiver<VaultCommand>) {
        while let Ok(command) = commands.recv() {
            let done = guarded(|| {
                let mut has_to_scan = self.execute(command);
                // A burst of edits and changes is applied as a whole before a snapshot is sent.
                while let Ok(command) = commands.try_recv() {
                    has_to_scan |= self.execute(command);
                }
                if has_to_scan {
                    self.scan();
                }
            });
            if let Err(reason) = done {
                tracing::error!("reading notes failed and starts again: {reason}");
                if let Err(reason) = guarded(|| self.scan()) {
                    tracing::error!("notes are not read before they change: {reason}");
                }
            }
            if self.ended.load(Ordering::Relaxed) {
                return;
            }
            (self.send_snapshot)(self.vault.snapshot());
        }
    }

    /// Returns whether all files must be scanned.
    fn execute(&mut self, command: VaultCommand) -> bool {
        match command {
            VaultCommand::Folders(folders) => {
                self.vault.set_roots(folders);
                return true;
            }
            VaultCommand::Changed(paths) if self.is_for_a_scan(&paths) => return true,
            VaultCommand::Changed(paths) => {
                for path in paths {
                    if path.exists() {
                        self.vault.file_changed(&path);
                    } else {
                        self.vault.file_removed(&path);
                    }
                }
            }
            VaultCommand::Open(path, note) => self.vault.set_open(&path, &note.document().text(), note.parsed()),
            VaultCommand::Close(path) => self.vault.close(&path),
        }
        false
    }

    /// Whether to scan all files is quicker than to look at these.
    fn is_for_a_scan(&self, paths: &[PathBuf]) -> bool {
        paths.len() > MAX_SINGLE_CHANGES || paths.iter().any(|path| self.vault.roots().contains(path))
    }

    fn scan(&mut self) {
        let scan = self.vault.begin_scan();
        let begun = Instant::now();
        let due = AtomicU64::new(PROGRESS_AFTER_MS);
        let found = scan.run(&|progress| {
            let now = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            if now >= due.load(Ordering::Relaxed) {
                due.store(now + PROGRESS_EVERY_MS, Ordering::Relaxed);
                (self.report_progress)(Some(progress));
            }
            !self.ended.load(Ordering::Relaxed)
        });
        if due.into_inner() > PROGRESS_AFTER_MS {
            (self.report_progress)(None);
        }
        let Some(found) = found else { return };
        for problem in &found.problems {
            tracing::info!("{problem}");
        }
        tracing::info!("{} notes, {} of them read", found.len(), found.read);
        self.vault.finish_scan(found);
    }
}
