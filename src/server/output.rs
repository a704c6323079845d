//! Output that never blocks the server: a client may write a thousand requests before it reads one answer.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread::JoinHandle;

use tokio::io::AsyncWrite;

/// A stream that takes everything at once and writes it from a thread of its own.
pub(super) struct UnboundedWriter {
    bytes: Option<mpsc::Sender<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

/// Puts an unbounded queue before `target`. Dropping the writer waits until all is written.
pub(super) fn unbounded(mut target: impl Write + Send + 'static) -> UnboundedWriter {
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    let thread = std::thread::spawn(move || {
        while let Ok(bytes) = receiver.recv() {
            // A client that has gone away is noticed at the input's end.
            if target.write_all(&bytes).and_then(|()| target.flush()).is_err() {
                return;
            }
        }
    });
    UnboundedWriter { bytes: Some(sender), thread: Some(thread) }
}

impl AsyncWrite for UnboundedWriter {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = self.bytes.as_ref().is_some_and(|sender| sender.send(bytes.to_vec()).is_ok());
        Poll::Ready(if sent { Ok(bytes.len()) } else { Err(io::ErrorKind::BrokenPipe.into()) })
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
            // The thread ends by itself once the queue is empty; a panic in it has no one to go to.
            let _ = thread.join();
        }
    }
}
