//! Output that never blocks the server: a client may write a thousand requests before it reads one answer.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::AsyncWrite;

/// Writes what a target takes without blocking and returns the number of bytes.
type Offer = Box<dyn FnMut(&[u8]) -> usize>;

/// A stream that takes everything at once. What the target does not take at once is written from a thread of its own.
pub(in crate::server) struct UnboundedWriter {
    offer: Offer,
    bytes: Option<mpsc::Sender<Vec<u8>>>,
    /// How many pieces the thread has yet to write; later bytes must wait for them.
    waiting: Arc<AtomicUsize>,
    /// Counts what the thread has written.
    progress: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

/// The thread writes so much at once.
const PIECE_BYTES: usize = 64 * 1024;

/// A target that takes nothing for so long is not waited for at the end.
const TIMEOUT: Duration = Duration::from_millis(300);

/// Standard output with an unbounded queue before it. Dropping the writer waits until all is written, as long as somebody
/// reads it.
pub(in crate::server) fn standard_output() -> UnboundedWriter {
    unbounded(io::stdout(), offer_to_standard_output)
}

/// Puts an unbounded queue before `target`, for what it does not take when it is offered.
fn unbounded(mut target: impl Write + Send + 'static, offer: impl FnMut(&[u8]) -> usize + 'static) -> UnboundedWriter {
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    let waiting = Arc::new(AtomicUsize::new(0));
    let progress = Arc::new(AtomicUsize::new(0));
    let (written, steps) = (waiting.clone(), progress.clone());
    let thread = std::thread::spawn(move || {
        while let Ok(bytes) = receiver.recv() {
            for piece in bytes.chunks(PIECE_BYTES) {
                // A client that has disconnected is noticed at the end of the input.
                if target.write_all(piece).and_then(|()| target.flush()).is_err() {
                    return;
                }
                steps.fetch_add(1, Ordering::Release);
            }
            written.fetch_sub(1, Ordering::Release);
        }
    });
    UnboundedWriter { offer: Box::new(offer), bytes: Some(sender), waiting, progress, thread: Some(thread) }
}

/// Writes what fits into the pipe. Handing it to a thread that only waits takes longer than all the rest of a small answer.
#[cfg(target_os = "linux")]
fn offer_to_standard_output(bytes: &[u8]) -> usize {
    use rustix::io::{ReadWriteFlags, pwritev2};
    // The offset that stands for the end of what was written so far.
    const ONWARD: u64 = u64::MAX;
    // Whatever is wrong, the thread meets it too.
    pwritev2(io::stdout(), &[io::IoSlice::new(bytes)], ONWARD, ReadWriteFlags::NOWAIT).unwrap_or(0)
}

/// Elsewhere a pipe is non-blocking either for all processes that share it or for none.
#[cfg(not(target_os = "linux"))]
fn offer_to_standard_output(_: &[u8]) -> usize {
    0
}

impl AsyncWrite for UnboundedWriter {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = if self.waiting.load(Ordering::Acquire) == 0 { (self.offer)(bytes) } else { 0 };
        let rest = bytes.get(taken..).unwrap_or_default();
        if !rest.is_empty() {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            if self.bytes.as_ref().is_none_or(|sender| sender.send(rest.to_vec()).is_err()) {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for UnboundedWriter {
    fn drop(&mut self) {
        drop(self.bytes.take());
        if let Some(thread) = self.thread.take() {
            // The thread ends once the queue is empty, unless nobody reads.
            let (mut seen, mut since) = (self.progress.load(Ordering::Acquire), Instant::now());
            while !thread.is_finished() && since.elapsed() < TIMEOUT {
                std::thread::sleep(Duration::from_millis(1));
                let now = self.progress.load(Ordering::Acquire);
                if now != std::mem::replace(&mut seen, now) {
                    since = Instant::now();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::mpsc::{Receiver, channel};
    use std::sync::{Mutex, PoisonError};

    use tokio::io::AsyncWriteExt as _;

    use super::*;

    /// A target that writes only when it is let.
    struct Gate {
        opened: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.opened.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            add(&self.written, bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn add(written: &Mutex<Vec<u8>>, bytes: &[u8]) {
        written.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    fn write(writer: &mut UnboundedWriter, bytes: &[u8]) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(writer.write_all(bytes)).unwrap();
    }

    #[test]
    fn nothing_overtakes_what_waits() {
        const TAKEN_AT_ONCE: usize = 5;
        let written = Arc::new(Mutex::new(Vec::new()));
        let (open, opened) = channel();
        let offered = written.clone();
        let offer = move |bytes: &[u8]| {
            let taken = bytes.len().min(TAKEN_AT_ONCE);
            add(&offered, &bytes[..taken]);
            taken
        };
        let mut writer = unbounded(Gate { opened, written: written.clone() }, offer);
        let texts = || written.lock().unwrap().clone();
        write(&mut writer, b"one ");
        assert_eq!(texts(), b"one ", "by the caller itself");
        write(&mut writer, b"and two ");
        write(&mut writer, b"and ");
        assert_eq!(texts(), b"one and t", "the rest waits, and what comes after it");
        open.send(()).unwrap();
        open.send(()).unwrap();
        while writer.waiting.load(Ordering::Acquire) > 0 {
            std::thread::yield_now();
        }
        assert_eq!(texts(), b"one and two and ");
        write(&mut writer, b"done");
        assert_eq!(texts(), b"one and two and done", "by the caller again");
    }

    #[test]
    fn a_target_that_takes_nothing_is_not_waited_for() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let (open, opened) = channel();
        let mut writer = unbounded(Gate { opened, written: written.clone() }, |_| 0);
        write(&mut writer, b"one");
        write(&mut writer, b"two");
        open.send(()).unwrap();
        drop(writer);
        assert_eq!(*written.lock().unwrap(), b"one");
        drop(open);
    }

    #[test]
    fn a_target_that_is_gone_takes_nothing_and_does_no_harm() {
        let (open, opened) = channel();
        drop(open);
        let mut writer = unbounded(Gate { opened, written: Arc::default() }, |_| 0);
        write(&mut writer, b"one");
        let thread = writer.thread.take().unwrap();
        thread.join().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(writer.write_all(b"two")).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
