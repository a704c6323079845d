//! Corpus files as readers see them: plain, or out of gzip or zstd with memory that does not depend on the file.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::corpus::TextInput;
use crate::zotero::{self, ItemMark, ItemsText, Selection, WrittenItem};

/// How a corpus file is compressed. Offsets and lines of its records count the text inside, so that
/// no place in the file itself can be jumped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard, of one frame or several.
    Zstd,
    /// A database, whose entries are written out as text.
    Database,
}

impl Compression {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Database => "database",
        }
    }

    /// The compression of a file that begins with `head`, recognised by its magic number.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            _ if zotero::CAN_READ && head.starts_with(DATABASE_MAGIC) => Some(Self::Database),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// How every database of `SQLite` begins.
const DATABASE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Opens a corpus file for a reader, plain or compressed, whatever its name. Fails where it cannot be
/// opened; damage inside a compressed file shows while it is read, as an error of the kind
/// [`io::ErrorKind::InvalidData`] after everything that could be read.
pub fn open_input(path: &Path) -> io::Result<CorpusText> {
    Ok(open_input_with_progress(path, &Selection::default())?.0)
}

/// The text of a corpus file, whatever it is packed and encoded in.
pub type CorpusText = TextInput<Box<dyn Source>>;

/// What a file is read from.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// As [`open_input`], with what tells how much of a compressed file was consumed. Of a plain file the places of its
/// records tell that.
/// `selection` says which part of a library is read, where the file is one.
pub fn open_input_with_progress(path: &Path, selection: &Selection) -> io::Result<(CorpusText, Option<Consumed>)> {
    let (file, compression) = open(path)?;
    let (source, consumed): (Box<dyn Source>, _) = match compression {
        None => (Box::new(file), None),
        Some(Compression::Database) => (Box::new(BufReader::new(zotero::text_of(path, selection)?)), None),
        Some(compression) => {
            let input = CompressedInput::new(file, compression)?;
            let consumed = input.consumed.clone();
            (Box::new(input), Some(consumed))
        }
    };
    Ok((TextInput::new(source), consumed))
}

/// The entries of a database that have changed since they were `seen`, and what became of the others.
pub struct DatabaseChanges {
    /// The text of those that have changed.
    pub input: CorpusText,
    /// The entries in it, in their order.
    pub written: Vec<WrittenItem>,
    /// Those that are as they were, in the order of their numbers.
    pub kept: Vec<ItemMark>,
    /// The numbers of those that are no longer there.
    pub gone: Vec<i64>,
    /// How many were looked at more closely.
    pub put_together: usize,
    /// What there is to say of how they were read, where that is not the usual way.
    pub notice: Option<String>,
}

/// Opens what has changed in a database; `seen` has the order of the entries' numbers, and `since` is when the state was read
/// that is known, in seconds since 1970.
pub fn open_changes(
    path: &Path,
    selection: &Selection,
    seen: &[ItemMark],
    since: Option<i64>,
) -> io::Result<DatabaseChanges> {
    let ItemsText { text, written, kept, gone, put_together, notice, .. } =
        zotero::changes_of(path, selection, seen, since)?;
    let source: Box<dyn Source> = Box::new(BufReader::new(text));
    Ok(DatabaseChanges { input: TextInput::new(source), written, kept, gone, put_together, notice })
}

/// How much of a compressed file was consumed, while another thread reads it.
#[derive(Debug, Clone, Default)]
pub struct Consumed(Rc<Cell<u64>>);

impl Consumed {
    /// The compressed bytes that hold the text which was given out so far. What is decoded already and waits to be
    /// given out does not count: the number is that of the file only at its end.
    pub fn bytes(&self) -> u64 {
        self.0.get()
    }
}

/// The compression of a file and the first `limit` bytes of the text inside, or fewer where it ends.
/// Fails where the file cannot be read, or where not even the beginning of a compressed one is sound.
pub(super) fn head_of(path: &Path, limit: u64) -> io::Result<(Option<Compression>, Vec<u8>)> {
    let (file, compression) = open(path)?;
    let mut head = Vec::new();
    match compression {
        None => {
            TextInput::new(file).take(limit).read_to_end(&mut head)?;
        }
        // Whatever is in it, it is the library of Zotero; to look into it takes as long as to read it.
        Some(Compression::Database) => head.extend_from_slice(zotero::MARK.as_bytes()),
        Some(compression) => {
            let input = CompressedInput::new(file, compression)?;
            let read = TextInput::new(input).take(limit).read_to_end(&mut head);
            if head.is_empty() {
                read?;
            }
        }
    }
    Ok((compression, head))
}

/// The name without the extension of a compressed file: `works.jsonl` of `works.jsonl.gz`.
pub(super) fn inner_name(file_name: &str) -> Option<&str> {
    let (inner, extension) = file_name.rsplit_once('.')?;
    COMPRESSED_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)).then_some(inner)
}

/// Extensions of compressed files, in lower case.
pub const COMPRESSED_EXTENSIONS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// How much is read from a file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// The widest window of a zstd frame as a power of two, which is the memory in bytes that decoding it takes: 128 MiB.
const MAX_WINDOW_LOG: u32 = 27;

/// How much text is unpacked before it is compared with what was read of the file for it, in bytes.
const STRETCH_BYTES: u64 = 64 << 20;

/// How many times smaller than its text compressed data may be over such a stretch. Bibliographies come to ten or
/// twenty, the same record again and again to less than two hundred; only the same byte again and again comes to more.
const MAX_RATIO: u64 = 400;

/// Opens a file and looks at its first bytes; it then stands at its beginning.
fn open(path: &Path) -> io::Result<(File, Option<Compression>)> {
    let mut file = crate::files::open(path)?;
    let mut magic = Vec::new();
    (&mut file).take(DATABASE_MAGIC.len() as u64).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    // Of databases only those of Zotero are known.
    let compression = Compression::of(&magic).filter(|it| *it != Compression::Database || zotero::is_database(path));
    Ok((file, compression))
}

/// What zstd says of a window that is too wide, and of a dictionary that is missing.
const WINDOW_TOO_LARGE: &str = "Frame requires too much memory for decoding";
const WRONG_DICTIONARY: &str = "Dictionary mismatch";

/// The text inside a compressed file. Going back starts again from the beginning of the same file.
struct CompressedInput {
    file: Arc<File>,
    compression: Compression,
    decoder: BufReader<Decoder>,
    /// How much of the text was given out, in bytes.
    position: u64,
    consumed: Consumed,
    /// The text decoded last, in bytes, and what the decoder had read of the file before it and after it.
    decoded: (u64, u64, u64),
    stretch: Stretch,
    /// Damage was met, and nothing after it is read.
    has_failed: bool,
}

/// A stretch of the text, which should not be far longer than the data that hold it.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// How long a stretch is, in bytes.
    bytes: u64,
    /// What was decoded of it, in bytes.
    decoded: u64,
    /// What had been consumed before it, in bytes.
    from: u64,
    /// It is no text, and nothing after it is read.
    is_empty: bool,
}

impl Stretch {
    fn new(bytes: u64) -> Self {
        Self { bytes, decoded: 0, from: 0, is_empty: false }
    }

    /// Goes on with some text more, for which the decoder has consumed so much of the file.
    fn pass(&mut self, decoded: u64, consumed: u64) {
        self.decoded += decoded;
        if self.decoded >= self.bytes {
            self.is_empty |= consumed.saturating_sub(self.from).saturating_mul(MAX_RATIO) < self.decoded;
            (self.decoded, self.from) = (0, consumed);
        }
    }
}

impl CompressedInput {
    fn new(file: File, compression: Compression) -> io::Result<Self> {
        let file = Arc::new(file);
        let decoder = decoder(&file, compression)?;
        let (consumed, stretch) = (Consumed::default(), Stretch::new(STRETCH_BYTES));
        let decoded = (0, 0, 0);
        Ok(Self { file, compression, decoder, position: 0, consumed, decoded, stretch, has_failed: false })
    }

    /// Tells how much was consumed for the text given out, assuming that what was decoded last is compressed evenly.
    fn tell(&self) {
        let (text, before, after) = self.decoded;
        let waiting = self.decoder.buffer().len() as u64;
        let share = after.saturating_sub(before).saturating_mul(waiting).checked_div(text).unwrap_or(0);
        self.consumed.0.set(after.saturating_sub(share));
    }

    /// The damage as people read it. The decoders' own words name fields of their formats.
    fn damage(&self, error: &io::Error) -> io::Error {
        let name = self.compression.name();
        let message = match error.to_string().as_str() {
            WINDOW_TOO_LARGE => format!(
                "the zstd data asks for a window of more than the {} MiB that ibid allows; compress it without --long",
                1 << (MAX_WINDOW_LOG - 20)
            ),
            WRONG_DICTIONARY => "the zstd data needs a dictionary; compress it without one".to_owned(),
            _ if error.kind() == io::ErrorKind::UnexpectedEof => format!("the {name} data is cut off"),
            _ => format!("the {name} data is damaged"),
        };
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

impl Read for CompressedInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        if let (Some(from), Some(to)) = (available.get(..length), buffer.get_mut(..length)) {
            to.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for CompressedInput {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.decoder.buffer().is_empty() {
            if self.stretch.is_empty {
                let message = format!("the {} data unpacks to far more than any text does", self.compression.name());
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            if self.has_failed {
                return Ok(&[]);
            }
            let before = self.decoder.get_ref().consumed();
            if let Err(error) = self.decoder.fill_buf() {
                self.has_failed = true;
                return Err(self.damage(&error));
            }
            self.decoded = (self.decoder.buffer().len() as u64, before, self.decoder.get_ref().consumed());
            self.stretch.pass(self.decoded.0, self.decoded.2);
            self.tell();
        }
        Ok(self.decoder.buffer())
    }

    fn consume(&mut self, amount: usize) {
        self.decoder.consume(amount);
        self.position += amount as u64;
        self.tell();
    }
}

impl Seek for CompressedInput {
    /// Goes to an offset of the text by decoding up to it; offsets from the end are not known.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        let target = target.ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
        if target < self.position {
            (&*self.file).seek(SeekFrom::Start(0))?;
            self.decoder = decoder(&self.file, self.compression)?;
            self.has_failed = false;
            self.position = 0;
            self.decoded = (0, 0, 0);
            self.stretch = Stretch::new(self.stretch.bytes);
        }
        let missing = target - self.position;
        io::copy(&mut self.by_ref().take(missing), &mut io::sink())?;
        Ok(self.position)
    }
}

/// A file of which the bytes that a decoder takes are counted.
struct Compressed {
    file: BufReader<Arc<File>>,
    taken: u64,
}

impl Read for Compressed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.taken += length as u64;
        Ok(length)
    }
}

impl BufRead for Compressed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.file.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.file.consume(amount);
        self.taken += amount as u64;
    }
}

/// Either decoder over a file that stands at its beginning.
enum Decoder {
    Gzip(Box<MultiGzDecoder<Compressed>>),
    /// Frames one after the other, with skippable ones between them.
    Zstd(ZstdDecoder<'static, Compressed>),
}

fn decoder(file: &Arc<File>, compression: Compression) -> io::Result<BufReader<Decoder>> {
    let compressed = Compressed { file: BufReader::with_capacity(BUFFER_BYTES, file.clone()), taken: 0 };
    let decoder = match compression {
        Compression::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(compressed))),
        // Databases are opened another way.
        Compression::Zstd | Compression::Database => {
            let mut decoder = ZstdDecoder::with_buffer(compressed)?;
            decoder.window_log_max(MAX_WINDOW_LOG)?;
            Decoder::Zstd(decoder)
        }
    };
    Ok(BufReader::with_capacity(BUFFER_BYTES, decoder))
}

impl Decoder {
    /// How many bytes of the file hold the text given out so far.
    fn consumed(&self) -> u64 {
        match self {
            Self::Gzip(decoder) => decoder.get_ref().taken,
            Self::Zstd(decoder) => decoder.get_ref().taken,
        }
    }
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests;
