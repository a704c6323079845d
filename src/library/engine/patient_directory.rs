//! The folder of an index, whose files another server may be reading.
//!
//! On Windows no file can take the name of one that a program has open. Every server reads `meta.json` after every commit, its own
//! and those of others, so that a commit, or the end of a merge, may meet one that reads it just then: it is tried again.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use crate::files::replaced_patiently;

/// Files that are mapped into memory, and replaced once nobody reads them.
#[derive(Debug, Clone)]
pub(in crate::library) struct PatientDirectory(MmapDirectory);

impl From<MmapDirectory> for PatientDirectory {
    fn from(mapped: MmapDirectory) -> PatientDirectory {
        PatientDirectory(mapped)
    }
}

impl Directory for PatientDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        replaced_patiently(|| self.0.atomic_write(path, data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.0.acquire_lock(lock)
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(watch_callback)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::File;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_somebody_reads_for_a_moment_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let directory = PatientDirectory::from(MmapDirectory::open(folder.path()).unwrap());
        let name = Path::new("meta.json");
        directory.atomic_write(name, b"one").unwrap();
        let reader = File::open(folder.path().join(name)).unwrap();
        let reading = thread::spawn(move || {
            thread::sleep(Duration::from_millis(60));
            drop(reader);
        });
        directory.atomic_write(name, b"two").unwrap();
        reading.join().unwrap();
        assert_eq!(directory.atomic_read(name).unwrap(), b"two");
    }
}
