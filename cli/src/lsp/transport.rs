//! Messages over two streams: a header with `Content-Length`, then JSON.
//!
//! The transport of the library ends with the first message that is no JSON, handles messages side by side, and takes
//! messages of any size. This one goes on, keeps the order, and has limits. It reads ahead, so that a request can be cancelled
//! while it is handled or still waits.

use std::{collections::HashSet, panic::AssertUnwindSafe};

use futures::{FutureExt, SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    sync::mpsc,
};
use tower::Service;
use tower_lsp_server::{
    ClientSocket, LanguageServer, LspService,
    jsonrpc::{Error, Id, Request, Response},
};

/// A message can hold a document several times as large as the largest that is read: it is the editor's.
const LARGEST_MESSAGE: usize = 32 * 1024 * 1024;
const LONGEST_HEADER: usize = 4 * 1024;
/// Messages that wait to be written. When there are more, nothing is read until the client has caught up.
const MOST_WAITING: usize = 256;
/// Messages that are read before it is their turn.
const MOST_AHEAD: usize = 32;
const CANCEL: &str = "$/cancelRequest";

/// Why serving has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client asked for it: `shutdown`, then `exit`.
    Asked,
    /// The client has gone, or said `exit` without `shutdown`.
    Abandoned,
}

pub async fn serve<S: LanguageServer>(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    mut service: LspService<S>,
    socket: ClientSocket,
) -> End {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let writing = tokio::spawn(write_all(output, receiver));
    let (mut asked, mut answers) = socket.split();
    let forward = sender.clone();
    let forwarding = tokio::spawn(async move {
        while let Some(request) = asked.next().await {
            if forward.send(text(&request)).await.is_err() {
                return;
            }
        }
    });
    let (read_ahead, mut messages) = mpsc::channel(MOST_AHEAD);
    let (cancelling, mut cancelled) = mpsc::channel(MOST_WAITING);
    let reading = tokio::spawn(read_all(input, read_ahead, cancelling));
    let mut end = End::Abandoned;
    let mut not_wanted = HashSet::new();
    while let Some(incoming) = messages.recv().await {
        while let Ok(id) = cancelled.try_recv() {
            not_wanted.insert(id);
        }
        let answer = match incoming {
            Incoming::Request(request) if request.method() == "exit" => break,
            Incoming::Request(request) if request.id().is_some_and(|id| not_wanted.remove(id)) => {
                request.id().map(|id| text(&Response::from_error(id.clone(), Error::request_cancelled())))
            }
            Incoming::Cancel(id) => {
                // What it is about was read before it, so it is answered by now.
                not_wanted.remove(&id);
                None
            }
            Incoming::Request(request) => {
                let is_shutdown = request.method() == "shutdown";
                let answer = handle(&mut service, request, &mut cancelled, &mut not_wanted).await;
                if is_shutdown && answer.as_ref().is_some_and(Response::is_ok) {
                    end = End::Asked;
                }
                answer.map(|answer| text(&answer))
            }
            Incoming::Response(response) => {
                // It fails only after the end.
                let _ = answers.send(response).await;
                None
            }
            Incoming::Nonsense(id, code, message) => {
                let error = json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}});
                Some(error.to_string())
            }
        };
        if let Some(answer) = answer
            && sender.send(answer).await.is_err()
        {
            break;
        }
    }
    forwarding.abort();
    reading.abort();
    drop((sender, service));
    // What is answered already is written.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), writing).await;
    end
}

/// Reads messages ahead of those that are handled. The ids that the client no longer wants an answer to are also sent to
/// `cancelling`, so that the work stops although it is not the turn of the message.
async fn read_all(
    input: impl AsyncRead + Unpin,
    messages: mpsc::Sender<Incoming>,
    cancelling: mpsc::Sender<Id>,
) {
    let mut input = BufReader::new(input);
    loop {
        let incoming = match read(&mut input).await {
            Ok(Some(bytes)) => Incoming::of(&bytes),
            Ok(None) => return,
            Err(nonsense) => Incoming::Nonsense(json!(null), nonsense.0, nonsense.1),
        };
        if let Incoming::Cancel(id) = &incoming {
            // If there are too many, the request is answered as usual.
            let _ = cancelling.try_send(id.clone());
        }
        if messages.send(incoming).await.is_err() {
            return;
        }
    }
}

/// A handler that panics answers with an error, and the server goes on. A handler whose request is cancelled meanwhile is
/// dropped, and the answer says so.
async fn handle<S: LanguageServer>(
    service: &mut LspService<S>,
    request: Request,
    cancelled: &mut mpsc::Receiver<Id>,
    not_wanted: &mut HashSet<Id>,
) -> Option<Response> {
    let id = request.id().cloned();
    let ready = futures::future::poll_fn(|context| service.poll_ready(context)).await;
    let failed = || {
        let error = tower_lsp_server::jsonrpc::Error::internal_error();
        id.clone().map(|id| Response::from_error(id, error))
    };
    if ready.is_err() {
        return failed();
    }
    let mut work = std::pin::pin!(AssertUnwindSafe(service.call(request)).catch_unwind());
    loop {
        tokio::select! {
            outcome = &mut work => return match outcome {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) | Err(_) => failed(),
            },
            Some(other) = cancelled.recv() => {
                if id.as_ref() == Some(&other) {
                    // The service then lets the work end with the answer that it is cancelled.
                    let _ = service.call(cancelling(&other)).await;
                } else {
                    not_wanted.insert(other);
                }
            }
        }
    }
}

fn cancelling(id: &Id) -> Request {
    Request::build(CANCEL).params(json!({ "id": id })).finish()
}

enum Incoming {
    Request(Request),
    Response(Response),
    /// The client no longer wants the answer to this request.
    Cancel(Id),
    /// The id, the code and the message of the answer.
    Nonsense(Value, i64, &'static str),
}

impl Incoming {
    fn of(bytes: &[u8]) -> Self {
        let Ok(message) = serde_json::from_slice::<Value>(bytes) else {
            return Self::Nonsense(Value::Null, -32700, "the message is not valid JSON");
        };
        let id = message.get("id").filter(|id| id.is_string() || id.is_i64()).cloned().unwrap_or_default();
        if message.get("method").is_some_and(|method| method == CANCEL)
            && let Some(Ok(id)) = message.pointer("/params/id").map(Id::deserialize)
        {
            return Self::Cancel(id);
        }
        let read = if message.get("method").is_some() {
            serde_json::from_value(message).map(Self::Request)
        } else {
            serde_json::from_value(message).map(Self::Response)
        };
        read.unwrap_or(Self::Nonsense(id, -32600, "the message is no request of JSON-RPC 2.0"))
    }
}

struct Nonsense(i64, &'static str);

/// The next message; `None` at the end of the input.
async fn read(input: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<Vec<u8>>, Nonsense> {
    let mut length = None;
    let mut has_header = false;
    loop {
        let mut line = Vec::new();
        let limit = LONGEST_HEADER as u64;
        let read = (&mut *input).take(limit).read_until(b'\n', &mut line).await;
        if !matches!(read, Ok(count) if count > 0) {
            return Ok(None);
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            match length {
                Some(length) => return body(input, length).await,
                None if has_header => return Err(Nonsense(-32700, "the header has no valid Content-Length")),
                None => continue,
            }
        }
        has_header = true;
        if let Some(value) = str::from_utf8(line).ok().and_then(content_length) {
            length = Some(value);
        }
    }
}

fn content_length(line: &str) -> Option<usize> {
    let (name, value) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
}

async fn body(input: &mut (impl AsyncBufRead + Unpin), length: usize) -> Result<Option<Vec<u8>>, Nonsense> {
    if length > LARGEST_MESSAGE {
        let skipped = tokio::io::copy_buf(&mut input.take(length as u64), &mut tokio::io::sink()).await;
        return match skipped {
            Ok(count) if count == length as u64 => Err(Nonsense(-32600, "the message is too large")),
            _ => Ok(None),
        };
    }
    // The length is only a claim: memory is taken as the bytes arrive.
    let mut bytes = Vec::new();
    match input.take(length as u64).read_to_end(&mut bytes).await {
        Ok(count) if count == length => Ok(Some(bytes)),
        _ => Ok(None),
    }
}

async fn write_all(mut output: impl AsyncWrite + Unpin, mut messages: mpsc::Receiver<String>) {
    while let Some(message) = messages.recv().await {
        let framed = format!("Content-Length: {}\r\n\r\n{message}", message.len());
        if output.write_all(framed.as_bytes()).await.is_err() || output.flush().await.is_err() {
            return;
        }
    }
}

fn text(message: &impl Serialize) -> String {
    // These types consist of JSON values.
    serde_json::to_string(message).unwrap_or_default()
}
