//! The files beside a document, and those that are left alone.

use std::{fs, os::unix::fs::symlink};

use serde_json::{Value, json};

use crate::client::Editor;

const UNPINNED: &str = "services:\n  web:\n    image: nginx\n";
const NEEDS: &str = "services:\n  web:\n    image: nginx:${VERSION}\n";

#[test]
fn settings_are_read_and_watched() {
    let mut editor = Editor::ready();
    let watched = editor.wait_for(|message| message["method"] == "client/registerCapability");
    let watchers = &watched["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers[0]["globPattern"], "**/.stacker.yaml");
    editor.send(&json!({"jsonrpc": "2.0", "id": watched["id"], "result": null}));

    editor.open("compose.yaml", UNPINNED);
    assert_eq!(editor.codes("compose.yaml"), ["image-unpinned"]);
    let file = editor.folder.path().join(".stacker.yaml");
    fs::write(&file, "rules:\n  image-unpinned: off\n").unwrap();
    let changed = json!({"changes": [{"uri": editor.uri(".stacker.yaml"), "type": 1}]});
    editor.tell("workspace/didChangeWatchedFiles", changed.clone());
    assert_eq!(editor.codes("compose.yaml"), [""; 0]);

    fs::write(&file, "rules:\n  image-unpind: off\n").unwrap();
    editor.tell("workspace/didChangeWatchedFiles", changed);
    assert_eq!(editor.codes("compose.yaml"), ["image-unpinned"]);
    let said = editor.wait_for(|message| message["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("image-unpind"), "{said}");
}

#[test]
fn a_comment_without_effect_is_shown_as_unnecessary() {
    let mut editor = Editor::ready();
    editor.open("compose.yaml", "services:\n  web: # stacker: ignore image-latest\n    image: nginx:1.27\n");
    let found = editor.diagnostics("compose.yaml");
    assert_eq!((&found[0]["code"], &found[0]["tags"]), (&json!("comment-unused"), &json!([1])));
}

#[test]
fn rules_have_pages_if_there_is_a_server() {
    let mut editor = Editor::start();
    editor.introduce(&json!({"server": "https://stacker.example.com/"}));
    editor.open("compose.yaml", UNPINNED);
    let found = editor.diagnostics("compose.yaml");
    let href = &found[0]["codeDescription"]["href"];
    assert_eq!(href, "https://stacker.example.com/docs/rules/image-unpinned");
}

#[test]
fn files_outside_of_the_workspace_are_not_read() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join(".env"), "VERSION=1\n").unwrap();
    let mut editor = Editor::ready();
    symlink(outside.path().join(".env"), editor.folder.path().join(".env")).unwrap();
    editor.open("compose.yaml", NEEDS);
    assert_eq!(editor.codes("compose.yaml"), ["variable-unset"]);
    symlink(outside.path(), editor.folder.path().join("link")).unwrap();
    editor.open("link/compose.yaml", NEEDS);
    assert_eq!(editor.codes("link/compose.yaml"), ["variable-unset"]);

    // The same file counts where it belongs to the workspace.
    fs::create_dir(editor.folder.path().join("inside")).unwrap();
    fs::write(editor.folder.path().join("inside/.env"), "VERSION=1\n").unwrap();
    editor.open("inside/compose.yaml", NEEDS);
    assert_eq!(editor.codes("inside/compose.yaml"), [""; 0]);
}

#[test]
fn other_yaml_files_are_left_alone() {
    let mut editor = Editor::ready();
    editor.open("values.yaml", "web: 1\n");
    editor.open("compose.yaml", "web: 1\n");
    assert_eq!(editor.codes("compose.yaml"), ["unknown-key"]);
    assert_eq!(editor.ask_at("textDocument/hover", "values.yaml", 0, 0), Value::Null);
}
