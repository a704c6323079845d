//! Standard input, read without a blocked thread where the system reports readiness.

use tokio::io::AsyncRead;

/// Standard input. To be called within a runtime.
pub(in crate::server) fn standard_input() -> Box<dyn AsyncRead + Unpin> {
    // Files and some devices are always ready, and systems refuse to watch them.
    #[cfg(unix)]
    if let Ok(input) = watched::WatchedInput::new(&std::io::stdin()) {
        return Box::new(input);
    }
    Box::new(tokio::io::stdin())
}

#[cfg(unix)]
mod watched {
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::{read, retry_on_intr};
    use tokio::io::{AsyncRead, ReadBuf};
    use tokio::net::unix::pipe::Receiver;

    /// A pipe or socket that is read only when it is ready. It is not set to non-blocking, because that would hold for all
    /// processes that share it.
    pub struct WatchedInput(Receiver);

    impl WatchedInput {
        /// Fails for anything but a pipe, a socket or a terminal.
        pub fn new(source: &impl AsFd) -> io::Result<WatchedInput> {
            Receiver::from_owned_fd_unchecked(source.as_fd().try_clone_to_owned()?).map(WatchedInput)
        }
    }

    impl AsyncRead for WatchedInput {
        fn poll_read(
            self: Pin<&mut Self>,
            context: &mut Context<'_>,
            output: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            loop {
                ready!(self.0.poll_read_ready(context))?;
                match self.0.try_io(|| read_at_once(self.0.as_fd(), output.initialize_unfilled())) {
                    Ok(taken) => {
                        output.advance(taken);
                        return Poll::Ready(Ok(()));
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
        }
    }

    /// Reads what is ready, or fails with `WouldBlock`: another process may have read it since.
    fn read_at_once(source: BorrowedFd<'_>, output: &mut [u8]) -> io::Result<usize> {
        const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut watched = [PollFd::new(&source, PollFlags::IN)];
        if retry_on_intr(|| poll(&mut watched, Some(&AT_ONCE)))? == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(retry_on_intr(|| read(source, &mut *output))?)
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Write as _, pipe};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    use tokio::io::AsyncReadExt as _;

    use super::watched::WatchedInput;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn pipes_are_read_as_they_fill_up_to_their_end() {
        let (source, mut editor) = pipe().unwrap();
        let text: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let expected = text.clone();
        let typing = std::thread::spawn(move || {
            for piece in text.chunks(70_001) {
                editor.write_all(piece).unwrap();
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let mut found = Vec::new();
        runtime().block_on(async { WatchedInput::new(&source).unwrap().read_to_end(&mut found).await.unwrap() });
        typing.join().unwrap();
        assert!(found == expected);
    }

    #[test]
    fn nobody_waits_for_a_socket_that_says_nothing() {
        let (source, mut editor) = UnixStream::pair().unwrap();
        runtime().block_on(async {
            let mut input = WatchedInput::new(&source).unwrap();
            let mut read = [0; 8];
            let silence = tokio::time::timeout(Duration::from_millis(20), input.read(&mut read)).await;
            assert!(silence.is_err(), "{silence:?}");
            editor.write_all(b"one").unwrap();
            assert_eq!(input.read(&mut read).await.unwrap(), 3);
            // Nor does it wait for what another reader took meanwhile.
            editor.write_all(b"two").unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert_eq!(std::io::Read::read(&mut &source, &mut read).unwrap(), 3);
            let silence = tokio::time::timeout(Duration::from_millis(20), input.read(&mut read)).await;
            assert!(silence.is_err(), "{silence:?}");
            drop(editor);
            assert_eq!(input.read(&mut read).await.unwrap(), 0);
        });
    }

    #[test]
    fn files_are_left_to_a_thread() {
        let file = tempfile::tempfile().unwrap();
        assert!(runtime().block_on(async { WatchedInput::new(&file).is_err() }));
    }
}
