//! A session: passes messages of the client to the service, and answers and requests of the server to the client.

use std::collections::VecDeque;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::ClientSocket;
use tower_lsp::jsonrpc::{Request, Response};
use tower_service::Service;

use super::framing::{Frame, Frames, framed};
use super::message::{Incoming, parse, too_long};

/// The most requests that wait for their answers; messages beyond wait until one of them is answered.
const MAX_UNANSWERED: usize = 512;

/// The most bytes of messages that wait. Beyond that nothing is read, so that the end of the input is seen late as well.
const MAX_WAITING_BYTES: usize = 16 << 20;

/// The most bytes that are read at once: the size of a pipe.
const READ_BYTES: usize = 64 * 1024;

/// How long requests are still answered once nothing more comes.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// Serves until the client sends `exit` or its input ends, and then until the requests before that are answered, or half a
/// second has passed.
pub(in crate::server) async fn serve<S>(
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite,
    service: S,
    socket: ClientSocket,
) where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Unpin,
{
    let (outgoing, written) = unbounded_channel();
    tokio::join!(exchange(input, outgoing, service, socket), write(written, output));
}

/// Reads and answers messages.
async fn exchange<S>(
    input: impl AsyncRead + Unpin,
    outgoing: UnboundedSender<Vec<u8>>,
    mut service: S,
    socket: ClientSocket,
) where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Unpin,
{
    let (mut requests, mut answers) = socket.split();
    let mut messages = Messages::new(input);
    let mut unanswered = FuturesUnordered::new();
    let mut waiting = Waiting::default();
    // Whether the service takes messages, and whether more of them may come.
    let (mut is_open, mut has_input) = (true, true);
    let mut ended = None;
    while (is_open && (has_input || !waiting.is_empty())) || !unanswered.is_empty() {
        if !(is_open && has_input) && ended.get_or_insert_with(Instant::now).elapsed() >= LAST_ANSWERS {
            break;
        }
        let has_room = unanswered.len() < MAX_UNANSWERED;
        let message = if let Some(message) = waiting.take_if(has_room && is_open) {
            message
        } else {
            tokio::select! {
                biased;
                Some(answer) = unanswered.next() => {
                    // What was said before an answer, such as a part of it, is sent before it.
                    while let Some(Some(request)) = requests.next().now_or_never() {
                        send(&outgoing, &request);
                    }
                    send_answer(&outgoing, answer);
                    continue;
                }
                Some(request) = requests.next(), if is_open => {
                    send(&outgoing, &request);
                    continue;
                }
                message = messages.next(), if is_open && has_input && waiting.bytes < MAX_WAITING_BYTES => match message {
                    Some((message, _)) if has_room && waiting.is_empty() => message,
                    Some((message, bytes)) => {
                        // What comes after it means nothing.
                        has_input = !is_exit(&message);
                        waiting.add(message, bytes);
                        continue;
                    }
                    None => {
                        has_input = false;
                        continue;
                    }
                },
                () = tokio::time::sleep(LAST_ANSWERS), if !(is_open && has_input) => continue,
            }
        };
        match message {
            Incoming::Request(request) => {
                is_open = poll_fn(|context| service.poll_ready(context)).await.is_ok() && request.method() != "exit";
                let mut answer = service.call(request);
                // Polled here, messages take effect in the order in which they arrive.
                match poll_fn(|context| Poll::Ready(Pin::new(&mut answer).poll(context))).await {
                    Poll::Ready(answer) => send_answer(&outgoing, answer),
                    Poll::Pending => unanswered.push(answer),
                }
            }
            // A service that has ended takes no answers.
            Incoming::Response(answer) => drop(answers.send(answer).await),
            Incoming::Malformed(answer) => send(&outgoing, &answer),
        }
    }
}

fn is_exit(message: &Incoming) -> bool {
    matches!(message, Incoming::Request(request) if request.method() == "exit")
}

/// Messages that came while too many requests waited for their answers, in their order.
#[derive(Default)]
struct Waiting {
    messages: VecDeque<(Incoming, usize)>,
    bytes: usize,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    fn add(&mut self, message: Incoming, bytes: usize) {
        self.bytes += bytes;
        self.messages.push_back((message, bytes));
    }

    /// The first message, where it can be handled now.
    fn take_if(&mut self, is_wanted: bool) -> Option<Incoming> {
        if !is_wanted {
            return None;
        }
        let (message, bytes) = self.messages.pop_front()?;
        self.bytes -= bytes;
        Some(message)
    }
}

/// Sends the answer to a request; a notification has none.
fn send_answer<E>(outgoing: &UnboundedSender<Vec<u8>>, answer: Result<Option<Response>, E>) {
    if let Ok(Some(answer)) = answer {
        send(outgoing, &answer);
    }
}

fn send(outgoing: &UnboundedSender<Vec<u8>>, message: &impl Serialize) {
    match framed(message) {
        // A client that has disconnected is noticed at the end of the input.
        Ok(bytes) => drop(outgoing.send(bytes)),
        Err(error) => tracing::error!("a message cannot be written: {error}"),
    }
}

/// Writes messages, so that reading goes on while the client reads slowly.
async fn write(mut written: UnboundedReceiver<Vec<u8>>, output: impl AsyncWrite) {
    tokio::pin!(output);
    while let Some(mut bytes) = written.recv().await {
        while let Ok(more) = written.try_recv() {
            bytes.extend(more);
        }
        if output.write_all(&bytes).await.is_err() || output.flush().await.is_err() {
            return;
        }
    }
}

/// The messages of an input.
struct Messages<I> {
    input: I,
    frames: Frames,
    chunk: Box<[u8]>,
}

impl<I: AsyncRead + Unpin> Messages<I> {
    fn new(input: I) -> Messages<I> {
        Messages { input, frames: Frames::default(), chunk: vec![0; READ_BYTES].into() }
    }

    /// The next message and its length in bytes; `None` at the end of the input. Cancel safe.
    async fn next(&mut self) -> Option<(Incoming, usize)> {
        loop {
            match self.frames.next_frame() {
                Some(Frame::Body(body)) => {
                    tracing::trace!("<- {}", String::from_utf8_lossy(body));
                    return Some((parse(body), body.len()));
                }
                Some(Frame::TooLong) => return Some((too_long(), 0)),
                None => {}
            }
            let read = self.input.read(&mut self.chunk).await;
            let count = read.inspect_err(|error| tracing::warn!("the input cannot be read: {error}")).ok()?;
            let bytes = self.chunk.get(..count).filter(|bytes| !bytes.is_empty())?;
            self.frames.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::task::Context;

    use tokio::io::AsyncWriteExt as _;
    use tower_lsp::LspService;

    use super::*;
    use crate::server::ServerOptions;
    use crate::server::backend::Backend;

    /// Never answers a request.
    struct Silent {
        taken: usize,
    }

    impl Service<Request> for &mut Silent {
        type Response = Option<Response>;
        type Error = ();
        type Future = std::future::Pending<Result<Option<Response>, ()>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request) -> Self::Future {
            self.taken += 1;
            std::future::pending()
        }
    }

    #[tokio::test]
    async fn the_end_is_seen_after_more_requests_than_are_answered_at_a_time() {
        let request = |id: usize, method: &str| {
            let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\"}}");
            format!("Content-Length: {}\r\n\r\n{body}", body.len())
        };
        for exits in [false, true] {
            let (_service, socket) = LspService::new(|client| Backend::start(client, ServerOptions::default()));
            let (mut client, input) = tokio::io::duplex(1 << 20);
            for id in 0..MAX_UNANSWERED + 100 {
                client.write_all(request(id, "textDocument/hover").as_bytes()).await.unwrap();
            }
            if exits {
                client.write_all(request(9_999, "exit").as_bytes()).await.unwrap();
            } else {
                drop(client);
            }
            let mut silent = Silent { taken: 0 };
            serve(input, tokio::io::sink(), &mut silent, socket).await;
            assert_eq!(silent.taken, MAX_UNANSWERED);
        }
    }
}
