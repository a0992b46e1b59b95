//! Messages over two streams: a header with `Content-Length`, then JSON.
//!
//! The transport of the library ends with the first message that is no JSON, handles messages side by side, and takes
//! messages of any size. This one goes on, keeps the order, and has limits.

use std::panic::AssertUnwindSafe;

use futures::{FutureExt, SinkExt, StreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    sync::mpsc,
};
use tower::Service;
use tower_lsp_server::{
    ClientSocket, LanguageServer, LspService,
    jsonrpc::{Request, Response},
};

/// A message can hold a document several times as large as the largest that is read: it is the editor's.
const LARGEST_MESSAGE: usize = 32 * 1024 * 1024;
const LONGEST_HEADER: usize = 4 * 1024;
/// Messages that wait to be written. When there are more, nothing is read until the client has caught up.
const MOST_WAITING: usize = 256;

/// Why serving has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client asked for it: `shutdown`, then `exit`.
    Asked,
    /// The client has gone, or said `exit` without `shutdown`.
    Abandoned,
}

pub async fn serve<S: LanguageServer>(
    input: impl AsyncRead + Unpin,
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
    let mut input = BufReader::new(input);
    let mut end = End::Abandoned;
    loop {
        let incoming = match read(&mut input).await {
            Ok(Some(bytes)) => Incoming::of(&bytes),
            Ok(None) => break,
            Err(nonsense) => Incoming::Nonsense(json!(null), nonsense.0, nonsense.1),
        };
        let answer = match incoming {
            Incoming::Request(request) if request.method() == "exit" => break,
            Incoming::Request(request) => {
                let is_shutdown = request.method() == "shutdown";
                let answer = handle(&mut service, request).await;
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
    drop((sender, service));
    // What is answered already is written.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), writing).await;
    end
}

/// A handler that panics answers with an error, and the server goes on.
async fn handle<S: LanguageServer>(service: &mut LspService<S>, request: Request) -> Option<Response> {
    let id = request.id().cloned();
    let ready = futures::future::poll_fn(|context| service.poll_ready(context)).await;
    let failed = || {
        let error = tower_lsp_server::jsonrpc::Error::internal_error();
        id.clone().map(|id| Response::from_error(id, error))
    };
    if ready.is_err() {
        return failed();
    }
    match AssertUnwindSafe(service.call(request)).catch_unwind().await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => failed(),
    }
}

enum Incoming {
    Request(Request),
    Response(Response),
    /// The id, the code and the message of the answer.
    Nonsense(Value, i64, &'static str),
}

impl Incoming {
    fn of(bytes: &[u8]) -> Self {
        let Ok(message) = serde_json::from_slice::<Value>(bytes) else {
            return Self::Nonsense(Value::Null, -32700, "the message is not valid JSON");
        };
        let id = message.get("id").filter(|id| id.is_string() || id.is_i64()).cloned().unwrap_or_default();
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
