//! The thread that owns the vault: it reads the notes, hears of open ones and of changes on disk, and hands out snapshots.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use crate::notes::OpenNote;
use crate::vault::{ScanProgress, Vault, VaultSnapshot};

/// Progress is told of a scan that takes longer than this, and then this often, in milliseconds.
const PROGRESS_AFTER: u64 = 1000;
const PROGRESS_EVERY: u64 = 250;

/// With more paths than this changed at once, everything is looked through.
const FEW_CHANGES: usize = 64;

/// What the keeper is told.
pub(in crate::server) enum NoteOrder {
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
pub(in crate::server) struct NoteKeeper {
    orders: Sender<NoteOrder>,
    ended: Arc<AtomicBool>,
}

impl NoteKeeper {
    /// Starts the thread. `tell` gets every new state; `progress` hears how far a scan has come, and `None` at its end.
    pub fn start(
        cache_directory: Option<PathBuf>,
        tell: impl Fn(VaultSnapshot) + Send + 'static,
        progress: impl Fn(Option<ScanProgress>) + Send + Sync + 'static,
    ) -> NoteKeeper {
        let (orders, receiver) = mpsc::channel();
        let ended = Arc::new(AtomicBool::new(false));
        let desk = Desk { vault: Vault::new(Vec::new(), cache_directory), ended: ended.clone(), tell, progress };
        std::thread::Builder::new()
            .name("note keeper".to_owned())
            .spawn(move || desk.work(&receiver))
            .inspect_err(|error| tracing::error!("no thread for reading notes: {error}"))
            .ok();
        NoteKeeper { orders, ended }
    }

    /// The end that orders are put into.
    pub fn orders(&self) -> Sender<NoteOrder> {
        self.orders.clone()
    }

    pub fn order(&self, order: NoteOrder) {
        // The thread ends only with the server; an order after that has no effect to lose.
        let _ = self.orders.send(order);
    }
}

impl Drop for NoteKeeper {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

struct Desk<T, P> {
    vault: Vault,
    ended: Arc<AtomicBool>,
    tell: T,
    progress: P,
}

impl<T: Fn(VaultSnapshot), P: Fn(Option<ScanProgress>) + Sync> Desk<T, P> {
    fn work(mut self, orders: &Receiver<NoteOrder>) {
        while let Ok(order) = orders.recv() {
            let mut has_to_scan = self.carry_out(order);
            // A burst of edits and changes is taken up whole before anybody is told.
            while let Ok(order) = orders.try_recv() {
                has_to_scan |= self.carry_out(order);
            }
            if has_to_scan {
                self.scan();
            }
            if self.ended.load(Ordering::Relaxed) {
                return;
            }
            (self.tell)(self.vault.snapshot());
        }
    }

    /// Answers whether all files have to be looked through.
    fn carry_out(&mut self, order: NoteOrder) -> bool {
        match order {
            NoteOrder::Folders(folders) => {
                self.vault.set_roots(folders);
                return true;
            }
            NoteOrder::Changed(paths) if paths.len() > FEW_CHANGES => return true,
            NoteOrder::Changed(paths) => {
                for path in paths {
                    if path.exists() {
                        self.vault.file_changed(&path);
                    } else {
                        self.vault.file_removed(&path);
                    }
                }
            }
            NoteOrder::Open(path, note) => self.vault.set_open(&path, &note.document().text(), note.parsed()),
            NoteOrder::Close(path) => self.vault.close(&path),
        }
        false
    }

    fn scan(&mut self) {
        let scan = self.vault.begin_scan();
        let begun = Instant::now();
        let due = AtomicU64::new(PROGRESS_AFTER);
        let found = scan.run(&|progress| {
            let now = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            if now >= due.load(Ordering::Relaxed) {
                due.store(now + PROGRESS_EVERY, Ordering::Relaxed);
                (self.progress)(Some(progress));
            }
            !self.ended.load(Ordering::Relaxed)
        });
        if due.into_inner() > PROGRESS_AFTER {
            (self.progress)(None);
        }
        let Some(found) = found else { return };
        for problem in &found.problems {
            tracing::info!("{}: {}", problem.path.display(), problem.message);
        }
        tracing::info!("{} notes, {} of them read", found.len(), found.read);
        self.vault.finish_scan(found);
    }
}
