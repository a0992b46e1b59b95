//! Completion, hover, definitions, references, symbols.

use serde_json::{Value, json};

use crate::client::Editor;

const SHOP: &str = "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      - \n    \n  db:\n    image: \"postgres:${}\"\n    restart: always\nvolumes:\n  data:\n";

fn labels(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

fn shop() -> Editor {
    let mut editor = Editor::ready();
    std::fs::write(editor.folder.path().join(".env"), "PG_VERSION=17\n").unwrap();
    editor.open("compose.yaml", SHOP);
    editor
}

#[test]
fn keys_services_and_variables_are_completed() {
    let mut editor = shop();
    let keys = editor.ask_at("textDocument/completion", "compose.yaml", 5, 4);
    assert!(labels(&keys).contains(&"healthcheck") && !labels(&keys).contains(&"image"));
    let check = keys.as_array().unwrap().iter().find(|item| item["label"] == "healthcheck").unwrap();
    assert_eq!(check["textEdit"]["newText"], "healthcheck:");
    assert!(check["documentation"].as_str().unwrap().contains("works"));

    let services = editor.ask_at("textDocument/completion", "compose.yaml", 4, 8);
    assert_eq!(labels(&services), ["db"]);
    assert_eq!(services[0]["textEdit"]["range"]["start"], json!({"line": 4, "character": 8}));

    let variables = editor.ask_at("textDocument/completion", "compose.yaml", 7, 23);
    assert_eq!(labels(&variables), ["PG_VERSION"]);
    let edit = &variables[0]["textEdit"];
    assert_eq!(edit["newText"], "PG_VERSION");
    assert_eq!(edit["range"]["start"], json!({"line": 7, "character": 23}));
}

#[test]
fn a_key_is_explained() {
    let mut editor = shop();
    let hover = editor.ask_at("textDocument/hover", "compose.yaml", 8, 6);
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("`unless-stopped`"));
    assert_eq!(hover["range"]["start"], json!({"line": 8, "character": 4}));
    assert_eq!(editor.ask_at("textDocument/hover", "compose.yaml", 5, 1), Value::Null);
}

#[test]
fn a_name_leads_to_its_declaration_and_back() {
    let mut editor = Editor::ready();
    let text = "services:\n  web:\n    image: a:1\n    depends_on: [db]\n  db:\n    image: b:1\n";
    editor.open("compose.yaml", text);
    let declared = editor.ask_at("textDocument/definition", "compose.yaml", 3, 17);
    assert_eq!(declared["range"]["start"], json!({"line": 4, "character": 2}));
    assert_eq!(declared["uri"], editor.uri("compose.yaml"));
    let uri = editor.uri("compose.yaml");
    let found = editor.ask(
        "textDocument/references",
        json!({"textDocument": {"uri": uri}, "position": {"line": 4, "character": 3}, "context": {"includeDeclaration": false}}),
    );
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["range"]["start"], json!({"line": 3, "character": 17}));
}

#[test]
fn the_outline_shows_services_and_volumes() {
    let mut editor = shop();
    let uri = editor.uri("compose.yaml");
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&symbols), ["services", "volumes"]);
    assert_eq!(names(&symbols[0]["children"]), ["web", "db"]);
    assert_eq!(symbols[0]["children"][0]["detail"], "nginx:1.27");
}

#[test]
fn blocks_and_brackets_over_several_lines_fold() {
    let mut editor = Editor::ready();
    editor.open(
        "compose.yaml",
        "services:\n  web:\n    image: a:1\n    ports: [\n      \"80:80\",\n      \"81:81\"\n    ]\n",
    );
    let uri = editor.uri("compose.yaml");
    let folds = editor.ask("textDocument/foldingRange", json!({"textDocument": {"uri": uri}}));
    let lines: Vec<_> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap()))
        .collect();
    assert_eq!(lines, [(0, 6), (1, 6), (3, 5)]);
}

#[test]
fn anchors_are_completed_after_a_star() {
    let mut editor = Editor::ready();
    editor.open(
        "compose.yaml",
        "x-a: &logging {driver: local}\nservices:\n  web:\n    logging: *\nx-b: &later 1\n",
    );
    let anchors = editor.ask_at("textDocument/completion", "compose.yaml", 3, 14);
    assert_eq!(labels(&anchors), ["logging"]);
    assert_eq!(anchors[0]["textEdit"]["newText"], "logging");
    assert_eq!(anchors[0]["textEdit"]["range"]["start"], json!({"line": 3, "character": 14}));
}

#[test]
fn files_of_the_workspace_are_completed_and_no_others() {
    let mut editor = Editor::ready();
    let folder = editor.folder.path().to_owned();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.yml"), "").unwrap();
    std::fs::create_dir(folder.join("parts")).unwrap();
    for name in ["common.yml", "notes.txt", "parts/base.yaml", ".hidden.yml"] {
        std::fs::write(folder.join(name), "").unwrap();
    }
    std::os::unix::fs::symlink(outside.path(), folder.join("link")).unwrap();
    editor.open(
        "compose.yaml",
        "include:\n  - co\n  - parts/\n  - link/\n  - ../\nservices:\n  web:\n    extends:\n      file: ./\n",
    );
    let at = |editor: &mut Editor, line, character| {
        let list = editor.ask_at("textDocument/completion", "compose.yaml", line, character);
        labels(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(at(&mut editor, 1, 6), ["common.yml", "parts/"]);
    assert_eq!(at(&mut editor, 2, 10), ["base.yaml"]);
    assert!(at(&mut editor, 3, 9).is_empty() && at(&mut editor, 4, 7).is_empty());
    assert_eq!(at(&mut editor, 8, 14), ["common.yml", "parts/"]);
}
