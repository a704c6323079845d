//! A session: passes messages of the client to the service, and answers and requests of the server to the client.

use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::stream::FuturesUnordered;
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::ClientSocket;
use tower_lsp::jsonrpc::{Request, Response};
use tower_service::Service;

use super::framing::{Frame, Frames, framed};
use super::message::{Incoming, parse, too_long};

/// The most requests that wait for their answers; no message is read before one of them is answered.
const MAX_UNANSWERED: usize = 512;

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
    let mut is_open = true;
    let mut ended = None;
    while is_open || !unanswered.is_empty() {
        if !is_open && ended.get_or_insert_with(Instant::now).elapsed() >= LAST_ANSWERS {
            break;
        }
        tokio::select! {
            biased;
            Some(answer) = unanswered.next() => send_answer(&outgoing, answer),
            Some(request) = requests.next(), if is_open => send(&outgoing, &request),
            message = messages.next(), if is_open && unanswered.len() < MAX_UNANSWERED => match message {
                Some(Incoming::Request(request)) => {
                    is_open = poll_fn(|context| service.poll_ready(context)).await.is_ok() && request.method() != "exit";
                    let mut answer = service.call(request);
                    // Polled here, messages take effect in the order in which they arrive.
                    match poll_fn(|context| Poll::Ready(Pin::new(&mut answer).poll(context))).await {
                        Poll::Ready(answer) => send_answer(&outgoing, answer),
                        Poll::Pending => unanswered.push(answer),
                    }
                }
                // A service that has ended takes no answers.
                Some(Incoming::Response(answer)) => drop(answers.send(answer).await),
                Some(Incoming::Malformed(answer)) => send(&outgoing, &answer),
                None => is_open = false,
            },
            () = tokio::time::sleep(LAST_ANSWERS), if !is_open => {}
        }
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

    /// The next message; `None` at the end of the input. Cancel safe.
    async fn next(&mut self) -> Option<Incoming> {
        loop {
            match self.frames.next_frame() {
                Some(Frame::Body(body)) => {
                    tracing::trace!("<- {}", String::from_utf8_lossy(body));
                    return Some(parse(body));
                }
                Some(Frame::TooLong) => return Some(too_long()),
                None => {}
            }
            let read = self.input.read(&mut self.chunk).await;
            let count = read.inspect_err(|error| tracing::warn!("the input cannot be read: {error}")).ok()?;
            let bytes = self.chunk.get(..count).filter(|bytes| !bytes.is_empty())?;
            self.frames.push(bytes);
        }
    }
}
