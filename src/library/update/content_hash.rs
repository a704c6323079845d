//! The hash by which a file that was touched is distinguished from one that was changed.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::files;

/// How many bytes are hashed at once.
const CHUNK: usize = 1 << 16;

/// blake3 of a file in hexadecimal digits.
pub(in crate::library) fn content_hash(path: &Path) -> io::Result<String> {
    HashedFile::new(files::open(path)?).finish()
}

/// A file that is hashed as it is read, so that it is read but once. It may be read twice or in part:
/// every byte counts once.
pub(in crate::library) struct HashedFile<F> {
    file: F,
    position: u64,
    hashed: u64,
    hasher: blake3::Hasher,
}

impl<F: Read + Seek> HashedFile<F> {
    /// A file that stands at its beginning.
    pub fn new(file: F) -> Self {
        Self { file, position: 0, hashed: 0, hasher: blake3::Hasher::new() }
    }

    /// blake3 of the whole file in hexadecimal digits. Reads what was not read so far.
    pub fn finish(mut self) -> io::Result<String> {
        self.seek(SeekFrom::Start(self.hashed))?;
        let mut buffer = vec![0; CHUNK];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Ok(self.hasher.finalize().to_hex().to_string()),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
    }
}

impl<F: Read> Read for HashedFile<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        // What lies after a place that was jumped over is hashed when all is read.
        let known = self.hashed.checked_sub(self.position).and_then(|known| usize::try_from(known).ok());
        if let Some(fresh) = known.and_then(|known| buffer.get(known..length)) {
            self.hasher.update(fresh);
            self.hashed += fresh.len() as u64;
        }
        self.position += length as u64;
        Ok(length)
    }
}

impl<F: Seek> Seek for HashedFile<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_way_of_reading_gives_the_hash_of_the_whole(
            content in proptest::collection::vec(any::<u8>(), 0..300),
            steps in proptest::collection::vec((any::<bool>(), 0..300_usize), 0..12),
        ) {
            let mut file = HashedFile::new(Cursor::new(content.clone()));
            for (seeks, amount) in steps {
                if seeks {
                    file.seek(SeekFrom::Start(amount as u64)).unwrap();
                } else {
                    let _ = file.read(&mut vec![0; amount]).unwrap();
                }
            }
            prop_assert_eq!(file.finish().unwrap(), blake3::hash(&content).to_hex().to_string());
        }
    }
}
