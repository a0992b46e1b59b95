//! Beginning, nonsense, end.

use serde_json::{Value, json};

use crate::client::Editor;

#[test]
fn it_says_what_it_can_do_and_ends_when_asked() {
    let mut editor = Editor::start();
    let answer = editor.introduce(&Value::Null);
    assert_eq!(answer["serverInfo"]["name"], "stacker");
    assert_eq!(answer["capabilities"]["textDocumentSync"]["change"], 2);
    assert_eq!(editor.quit().code(), Some(0));
}

#[test]
fn it_ends_with_its_input() {
    let mut editor = Editor::ready();
    editor.close_input();
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn it_ends_without_a_farewell() {
    let mut editor = Editor::ready();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn it_ends_when_the_editor_is_gone() {
    let mut editor = Editor::start();
    // A process that has ended already.
    let mut gone = std::process::Command::new("true").spawn().unwrap();
    let id = gone.id();
    gone.wait().unwrap();
    editor.ask("initialize", json!({"processId": id, "capabilities": {}}));
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn nothing_is_answered_before_the_introduction() {
    let mut editor = Editor::start();
    let answer = editor.answer("textDocument/hover", json!({}));
    assert_eq!(answer["error"]["code"], -32002);
}

#[test]
fn nonsense_does_not_end_it() {
    let mut editor = Editor::ready();
    for nonsense in ["{", "[]", "7", "\"\u{7f}\"", "{\"id\": 3}", &"[".repeat(10_000)] {
        editor.send_bytes(format!("Content-Length: {}\r\n\r\n{nonsense}", nonsense.len()).as_bytes());
        editor.wait_for(|message| message.get("error").is_some());
    }
    editor.send_bytes(b"Content-Length: 3\r\n\r\n\xff\xfe\xfd");
    editor.send_bytes(b"Content-Length: many\r\n\r\n");
    editor.send_bytes(b"Nothing: 1\r\n\r\n");
    for _ in 0..3 {
        editor.wait_for(|message| message["error"]["code"] == -32700);
    }
    editor.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 1}}));
    editor.send(&json!({"jsonrpc": "2.0", "method": "no/such/notification"}));
    assert_eq!(editor.answer("no/such/request", Value::Null)["error"]["code"], -32601);
    let wrong = json!({"textDocument": {"uri": "no address"}, "position": {"line": -1, "character": 0}});
    assert_eq!(editor.answer("textDocument/hover", wrong)["error"]["code"], -32602);

    editor.open("compose.yaml", "services: {}\n");
    let far = u32::MAX / 2;
    let range = json!({"start": {"line": far, "character": far}, "end": {"line": 0, "character": 3}});
    editor.change("compose.yaml", json!([{"range": range, "text": "\u{1f6a2}"}]));
    for method in ["hover", "completion", "definition", "prepareRename"] {
        editor.ask_at(&format!("textDocument/{method}"), "compose.yaml", far, far);
    }
    editor.codes("compose.yaml");
    assert_eq!(editor.quit().code(), Some(0));
}

#[test]
fn a_request_that_is_cancelled_while_it_waits_is_answered_so() {
    let mut editor = Editor::ready();
    // Reading it takes far longer than reading the messages behind the first request.
    let services = (0..6_000).map(|n| format!("  s{n}:\n    image: a:1\n    ports: [\"{n}:80\"]\n"));
    editor.open("compose.yaml", &format!("services:\n{}", services.collect::<String>()));
    let params = json!({"textDocument": {"uri": editor.uri("compose.yaml")}});
    for id in ["first", "second"] {
        editor.send(
            &json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/documentSymbol", "params": params}),
        );
    }
    editor.tell("$/cancelRequest", json!({"id": "second"}));
    editor.tell("$/cancelRequest", json!({"id": "never asked"}));
    let answer = |editor: &mut Editor, id: &str| {
        editor.wait_for(|message| message["id"] == id && message.get("method").is_none())
    };
    assert!(answer(&mut editor, "first")["result"].is_array());
    assert_eq!(answer(&mut editor, "second")["error"]["code"], -32800);
    // The server goes on.
    let uri = editor.uri("compose.yaml");
    assert!(editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).is_array());
}

#[test]
fn a_request_that_is_cancelled_while_it_runs_is_answered_so() {
    let mut editor = Editor::ready();
    let services = (0..6_000).map(|n| format!("  s{n}:\n    image: a:1\n    ports: [\"{n}:80\"]\n"));
    editor.open("compose.yaml", &format!("services:\n{}", services.collect::<String>()));
    let params = json!({"textDocument": {"uri": editor.uri("compose.yaml")}});
    let request =
        json!({"jsonrpc": "2.0", "id": "slow", "method": "textDocument/documentSymbol", "params": params});
    editor.send(&request);
    editor.tell("$/cancelRequest", json!({"id": "slow"}));
    let answer = editor.wait_for(|message| message["id"] == "slow" && message.get("method").is_none());
    assert_eq!(answer["error"]["code"], -32800);
}
