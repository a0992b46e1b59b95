//! A small editor: starts the program, frames messages, keeps the texts of its documents.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Far more than an answer takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What has arrived while something else was waited for.
    kept: VecDeque<Value>,
    last_id: i64,
    version: i64,
    pub folder: TempDir,
}

impl Editor {
    /// Starts the program in an empty folder, without a word to it.
    pub fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stacker"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let input = child.stdin.take();
        Self { child, input, messages, kept: VecDeque::new(), last_id: 0, version: 0, folder }
    }

    /// Starts the program and introduces itself.
    pub fn ready() -> Self {
        let mut editor = Self::start();
        editor.introduce(&json!({}));
        editor
    }

    pub fn introduce(&mut self, options: &Value) -> Value {
        let answer = self.ask(
            "initialize",
            json!({
                "processId": std::process::id(),
                "initializationOptions": options,
                "workspaceFolders": [{"uri": uri(self.folder.path()), "name": "shop"}],
                "capabilities": {
                    "workspace": {
                        "workspaceEdit": {"documentChanges": true},
                        "didChangeWatchedFiles": {"dynamicRegistration": true},
                    },
                    "textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}},
                },
            }),
        );
        self.tell("initialized", json!({}));
        answer
    }

    pub fn uri(&self, name: &str) -> String {
        uri(&self.folder.path().join(name))
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The whole answer, with `result` or `error`.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        self.wait_for(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The result of an answer that must be one.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    pub fn ask_at(&mut self, method: &str, name: &str, line: u32, character: u32) -> Value {
        let uri = self.uri(name);
        self.ask(
            method,
            json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}),
        )
    }

    /// The next message like that; others are kept for later.
    pub fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&wanted) {
            return self.kept.remove(at).unwrap();
        }
        let begin = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begin.elapsed());
            let message = self.messages.recv_timeout(left).unwrap();
            if wanted(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    pub fn open(&mut self, name: &str, text: &str) {
        self.version += 1;
        let (uri, version) = (self.uri(name), self.version);
        let document = json!({"uri": uri, "languageId": "yaml", "version": version, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, name: &str, changes: Value) {
        self.version += 1;
        let (uri, version) = (self.uri(name), self.version);
        let document = json!({"uri": uri, "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    /// The diagnostics of the newest version, once they are there.
    pub fn diagnostics(&mut self, name: &str) -> Vec<Value> {
        let (uri, version) = (self.uri(name), self.version);
        let of_version = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"]["version"] == version
        };
        self.wait_for(of_version)["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub fn codes(&mut self, name: &str) -> Vec<String> {
        self.diagnostics(name).iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Takes one of the diagnostics that have arrived while something else was waited for.
    pub fn kept_diagnostics(&mut self) -> Option<Value> {
        let at =
            self.kept.iter().position(|message| message["method"] == "textDocument/publishDiagnostics")?;
        self.kept.remove(at)
    }

    /// Ends the conversation as the protocol wants it.
    pub fn quit(mut self) -> ExitStatus {
        self.ask("shutdown", Value::Null);
        self.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
        self.wait()
    }

    pub fn close_input(&mut self) {
        self.input = None;
    }

    pub fn wait(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begin.elapsed() < PATIENCE, "the program does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The text after the edits for one document, applied from the end.
pub fn applied(text: &str, edits: &Value) -> String {
    let mut text = text.to_owned();
    for edit in edits.as_array().unwrap().iter().rev() {
        let (start, end) = (offset(&text, &edit["range"]["start"]), offset(&text, &edit["range"]["end"]));
        text.replace_range(start..end, edit["newText"].as_str().unwrap());
    }
    text
}

fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = position["character"].as_u64().unwrap();
    for (at, character) in text[start..].char_indices() {
        if units == 0 {
            return start + at;
        }
        units -= character.len_utf16() as u64;
    }
    text.len()
}
