//! Typing, fixing, renaming.

use serde_json::{Value, json};

use crate::client::{Editor, applied};

const TWICE: &str = "services:\n  web:\n    image: nginx:1.27\n    restrat: always\n";

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[test]
fn what_is_typed_is_checked() {
    let mut editor = Editor::ready();
    editor.open("compose.yaml", TWICE);
    let found = editor.diagnostics("compose.yaml");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "unknown-key");
    assert_eq!(found[0]["severity"], 1);
    assert_eq!(found[0]["source"], "stacker");
    assert_eq!(found[0]["range"], range(3, 4, 11));
    assert!(found[0].get("codeDescription").is_none());

    editor.change("compose.yaml", json!([{"range": range(3, 4, 11), "text": "restart"}]));
    assert_eq!(editor.codes("compose.yaml"), [""; 0]);
}

#[test]
fn a_change_after_an_emoji_hits_the_right_place() {
    let mut editor = Editor::ready();
    editor.open(
        "compose.yaml",
        "services:\n  web: {image: \"nginx:1.27\", labels: {a: \"🚢\"}, restart: always}\n",
    );
    assert_eq!(editor.codes("compose.yaml"), [""; 0]);
    // The emoji counts twice: without that, the change would end up one character to the left.
    let at = "  web: {image: \"nginx:1.27\", labels: {a: \"🚢\"}, ".encode_utf16().count() as u32;
    editor.change("compose.yaml", json!([{"range": range(1, at, at + 7), "text": "restrat"}]));
    let found = editor.diagnostics("compose.yaml");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["code"], "unknown-key");
    assert_eq!(found[0]["range"], range(1, at, at + 7));
}

#[test]
fn only_the_last_of_many_changes_is_reported() {
    let mut editor = Editor::ready();
    editor.open("compose.yaml", TWICE);
    for _ in 0..20 {
        editor.change("compose.yaml", json!([{"range": range(2, 11, 11), "text": "x"}]));
    }
    editor.change("compose.yaml", json!([{"text": "services: {}\n"}]));
    editor.codes("compose.yaml");
    // Had anything stale been under way, it would have arrived before this answer and the newest diagnostics.
    editor.ask_at("textDocument/hover", "compose.yaml", 0, 1);
    let published = std::iter::from_fn(|| editor.kept_diagnostics()).count();
    assert!(published <= 2, "{published} earlier versions were reported");
}

#[test]
fn a_fix_removes_the_finding() {
    let mut editor = Editor::ready();
    editor.open("compose.yaml", TWICE);
    let found = editor.diagnostics("compose.yaml");
    let uri = editor.uri("compose.yaml");
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range(3, 6, 6), "context": {"diagnostics": found}}),
    );
    let action = &actions[0];
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"][0]["code"], "unknown-key");
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": uri, "version": 1}));
    let fixed = applied(TWICE, &change["edits"]);
    assert_eq!(fixed, TWICE.replace("restrat", "restart"));
    editor.change("compose.yaml", json!([{"text": fixed}]));
    assert_eq!(editor.codes("compose.yaml"), [""; 0]);
}

#[test]
fn a_service_is_renamed_wherever_it_is_named() {
    let text = "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n  db:\n    image: postgres:17\n    environment: {POSTGRES_PASSWORD: \"${PASSWORD:?}\"}\n";
    let mut editor = Editor::ready();
    editor.open("compose.yaml", text);
    let place = editor.ask_at("textDocument/prepareRename", "compose.yaml", 3, 18);
    assert_eq!(place, json!({"range": range(3, 17, 19), "placeholder": "db"}));
    let uri = editor.uri("compose.yaml");
    let mut rename = |to: &str| {
        let at =
            json!({"textDocument": {"uri": uri}, "position": {"line": 3, "character": 18}, "newName": to});
        editor.answer("textDocument/rename", at)
    };
    let renamed = rename("database");
    let edits = &renamed["result"]["documentChanges"][0]["edits"];
    let expected = text.replace("[db]", "[database]").replace("  db:", "  database:");
    assert_eq!(applied(text, edits), expected);
    let refused = rename("web");
    assert!(refused["error"]["message"].as_str().unwrap().contains("web"), "{refused}");
}

#[test]
fn a_document_that_is_too_large_has_this_finding_only() {
    let mut editor = Editor::ready();
    editor.open("compose.yaml", &format!("{TWICE}#{}\n", "x".repeat(1024 * 1024)));
    assert_eq!(editor.codes("compose.yaml"), ["too-large"]);
    assert_eq!(editor.ask_at("textDocument/hover", "compose.yaml", 0, 1), Value::Null);
    assert_eq!(editor.ask_at("textDocument/completion", "compose.yaml", 4, 0), Value::Null);
}
