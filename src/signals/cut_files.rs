//! Mapped files that lose a part under their readers: an access there is a signal, `SIGBUS`, in the midst of an instruction.
//!
//! What holds in the handler, in which hardly anything may be done:
//!
//! - It allocates nothing, takes no lock and cannot panic. It calls `open`, `read`, `close`, `sigaction` and `raise`, which
//!   POSIX allows there, and `mmap`, which on Linux is the bare system call.
//! - It asks the kernel what stands behind the address, so that no list of mappings can be out of date: the access that
//!   failed is still under way, and its thread keeps the mapping. Only a mapping of a file below the folder of the
//!   indexes counts, and only one that nobody can write into through it.
//! - Pages of zeros take the place of all pages from there to the end of the mapping: after the end of a file there is
//!   nothing that could be hidden by them. The mapping keeps its size and is taken back as a whole, as before.
//! - The count is raised before any zero can be read. Who reads an index compares the count afterwards.
//! - Whatever else the signal is about goes where it went before: the action that was there is set again, and the same
//!   access, or the signal sent anew, meets it.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Mappings that have lost a part.
pub(super) static COUNT: AtomicUsize = AtomicUsize::new(0);

/// What the handler needs to know.
static KNOWN: OnceLock<Known> = OnceLock::new();

struct Known {
    /// The folder, as the kernel names it, with a slash after it.
    folder: Vec<u8>,
    page_bytes: usize,
    /// What was done at the signal before.
    before: libc::sigaction,
}

#[expect(unsafe_code, reason = "what happens at a signal is told the system in C")]
pub(super) fn survive(below: &Path) {
    let mut is_first = false;
    let known = KNOWN.get_or_init(|| {
        is_first = true;
        let mut folder = below.as_os_str().as_bytes().to_vec();
        folder.push(b'/');
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: asks for a number, and for the action, which is plain data of which zeros are a value.
        let (page_bytes, before) = unsafe {
            libc::sigaction(libc::SIGBUS, ptr::null(), before.as_mut_ptr());
            (libc::sysconf(libc::_SC_PAGESIZE), before.assume_init())
        };
        Known { folder, page_bytes: usize::try_from(page_bytes).unwrap_or(0), before }
    });
    if !is_first || known.page_bytes == 0 {
        return;
    }
    // SAFETY: the handler holds to what the module says of it; a call that is refused changes nothing.
    unsafe {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = on_bus_error as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut());
    }
}

#[expect(unsafe_code, reason = "a handler of a signal is called from C and calls it")]
extern "C" fn on_bus_error(signal: c_int, info: *mut libc::siginfo_t, _: *mut c_void) {
    // SAFETY: the system hands in a description of the signal, and `errno` is this thread's own. The pages that are laid
    // over are those of a mapping that this very access has found to have nothing behind it.
    unsafe {
        let errno = *libc::__errno_location();
        let (code, address) = ((*info).si_code, (*info).si_addr() as usize);
        let is_survived = code == libc::BUS_ADRERR && KNOWN.get().is_some_and(|known| lay_zeros(known, address));
        if !is_survived {
            if let Some(known) = KNOWN.get() {
                libc::sigaction(libc::SIGBUS, &raw const known.before, ptr::null_mut());
            }
            // What a process has sent is not repeated by itself.
            if code <= 0 {
                libc::raise(signal);
            }
        }
        *libc::__errno_location() = errno;
    }
}

/// Lays pages of zeros from an address to the end of the mapping it is in; false where that is no mapping of an index.
#[expect(unsafe_code, reason = "the system is asked for pages in C")]
fn lay_zeros(known: &Known, address: usize) -> bool {
    let Some(end) = end_of_mapping(&known.folder, address) else { return false };
    let begin = address - address % known.page_bytes;
    COUNT.fetch_add(1, Ordering::SeqCst);
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED | libc::MAP_NORESERVE;
    // SAFETY: replaces pages of a mapping that only readers of an index have, and none of any other.
    let laid = unsafe { libc::mmap(begin as *mut c_void, end - begin, libc::PROT_READ, flags, -1, 0) };
    laid as usize == begin
}

/// The end of the mapping that holds an address, where it is one that is read only, of a file below a folder.
#[expect(unsafe_code, reason = "nothing but bare calls of the system may be made here")]
fn end_of_mapping(folder: &[u8], address: usize) -> Option<usize> {
    // SAFETY: the name ends with a zero, and the caller of `open` closes the file.
    let file = unsafe { libc::open(c"/proc/self/maps".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) };
    if file < 0 {
        return None;
    }
    let mut search = Search::new(folder, address);
    let mut buffer = [0_u8; 1024];
    while search.found == Found::Nothing {
        // SAFETY: the buffer is as long as is said.
        let read = unsafe { libc::read(file, buffer.as_mut_ptr().cast(), buffer.len()) };
        let Some(bytes) = usize::try_from(read).ok().filter(|read| *read > 0).and_then(|read| buffer.get(..read))
        else {
            break;
        };
        bytes.iter().for_each(|byte| search.take(*byte));
    }
    // SAFETY: it was opened here.
    unsafe { libc::close(file) };
    if let Found::Index(end) = search.found { Some(end) } else { None }
}

/// Looks for an address in the kernel's list of mappings, byte by byte. A line of it is `begin-end rights offset device
/// inode  path`, with numbers in hexadecimal digits.
struct Search<'a> {
    folder: &'a [u8],
    address: usize,
    begin: usize,
    end: usize,
    /// How many blanks of this line were passed.
    blanks: usize,
    /// The second right of this line allows to write.
    is_writable: bool,
    /// How much of the folder the path begins with; `None` before the path, or where it lies elsewhere.
    matched: Option<usize>,
    is_past_dash: bool,
    found: Found,
}

/// What stands at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing so far.
    Nothing,
    /// A mapping of an index, which ends here.
    Index(usize),
    /// Another one.
    Other,
}

impl Search<'_> {
    fn new(folder: &[u8], address: usize) -> Search<'_> {
        Search {
            folder,
            address,
            begin: 0,
            end: 0,
            blanks: 0,
            is_writable: false,
            matched: None,
            is_past_dash: false,
            found: Found::Nothing,
        }
    }

    fn take(&mut self, byte: u8) {
        if self.found != Found::Nothing {
            return;
        }
        match byte {
            b'\n' => {
                let is_ours = !self.is_writable && self.matched == Some(self.folder.len());
                let found = match (self.begin..self.end).contains(&self.address) {
                    true if is_ours => Found::Index(self.end),
                    true => Found::Other,
                    false => Found::Nothing,
                };
                *self = Search { found, ..Search::new(self.folder, self.address) };
            }
            _ if self.matched.is_some() => self.path(byte),
            b'/' => self.path(byte),
            b' ' => self.blanks += 1,
            b'-' if self.blanks == 0 => self.is_past_dash = true,
            b'w' if self.blanks == 1 => self.is_writable = true,
            _ if self.blanks == 0 => {
                let digit = (byte as char).to_digit(16).unwrap_or(0) as usize;
                let number = if self.is_past_dash { &mut self.end } else { &mut self.begin };
                *number = number.wrapping_mul(16).wrapping_add(digit);
            }
            _ => {}
        }
    }

    /// A byte of the path. More of it than the folder does not matter; what is not the folder can never become it.
    fn path(&mut self, byte: u8) {
        let matched = self.matched.unwrap_or(0);
        self.matched = Some(match self.folder.get(matched) {
            None => matched,
            Some(expected) if *expected == byte => matched + 1,
            Some(_) => usize::MAX,
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MAPS: &str = "\
5581-5582 r--p 00000000 fd:01 131 /usr/bin/ibid
7f00-7f10 r--s 00000000 fd:01 132                     /home/ada/.cache/ibid/v9-a b/index-1/0f.store
7f10-7f20 rw-s 00000000 fd:01 133                     /home/ada/.cache/ibid/zotero-shm
7f20-7f30 r--s 00000000 fd:01 134                     /home/ada/.cache/ibid-not/0f.store
7f30-7f40 r--p 00000000 00:00 0 
7f40-7f50 r--s 00001000 fd:01 135                     /home/ada/.cache/ibid/x.term (deleted)
7f50-7f60 r--s 00000000 fd:01 136                     /home/ada/.cache/ibid
7ffff-80000 rw-p 00000000 00:00 0                     [stack]
";

    #[test]
    fn only_files_below_the_folder_that_are_only_read_count() {
        let folder = b"/home/ada/.cache/ibid/";
        let end = |address: usize| {
            let mut search = Search::new(folder, address);
            MAPS.bytes().for_each(|byte| search.take(byte));
            search.found
        };
        let cases = [
            (0x5581, Found::Other),
            (0x7f00, Found::Index(0x7f10)),
            (0x7f0f, Found::Index(0x7f10)),
            (0x7f10, Found::Other),
            (0x7f20, Found::Other),
            (0x7f3f, Found::Other),
            (0x7f44, Found::Index(0x7f50)),
            (0x7f50, Found::Other),
            (0x7ffff, Found::Other),
            (0x6000, Found::Nothing),
            (0x80000, Found::Nothing),
        ];
        for (address, expected) in cases {
            assert_eq!(end(address), expected, "{address:x}");
        }
    }
}
