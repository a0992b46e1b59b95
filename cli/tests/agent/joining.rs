//! `stacker agent join`, `install` and `status`.

use crate::{
    left_behind::is_private,
    stand_in::{Server, TOKEN},
};

async fn join(server: &Server, code: &str, more: &[&str]) -> (String, String, bool) {
    let uri = server.mock.uri();
    let arguments = [&["join", &uri, "--code", code], more].concat();
    let output = server.command(&arguments, None).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.success())
}

#[tokio::test]
async fn a_host_joins_with_a_code_and_keeps_its_token_to_itself() {
    let server = Server::start().await;
    let (said, complained, joined) = join(&server, " GOOD-CODE ", &["--name", "shelf"]).await;
    assert!(joined, "{complained}");
    let path = server.data().join("credentials.json");
    assert!(is_private(&path));
    assert!(std::fs::read_to_string(&path).unwrap().contains(TOKEN));
    assert!(!said.contains(TOKEN) && !said.contains("GOOD-CODE"), "{said}");
    let registration = server.heard(|heard| heard.registrations[0].clone());
    assert_eq!(registration["system_info"]["name"], "shelf");
    let place = &registration["system_info"]["agent"];
    assert_eq!(place["folder"], server.data().to_str().unwrap());
    assert!(place["systemd"].is_boolean() && place["program"].as_str().unwrap().ends_with("/stacker"));
    assert!(registration["capabilities"].as_array().unwrap().contains(&"deploy_stack".into()));
    // Joining a second time by mistake changes nothing.
    let (_, complained, joined) = join(&server, "GOOD-CODE", &[]).await;
    assert!(!joined && complained.contains("--replace"), "{complained}");
    assert!(join(&server, "GOOD-CODE", &["--replace"]).await.2);
}

#[tokio::test]
async fn join_says_where_it_writes_before_it_writes_and_how_to_go_on_there() {
    let server = Server::start().await;
    let (said, _, joined) = join(&server, "GOOD-CODE", &[]).await;
    assert!(joined);
    let folder = server.data();
    let folder = folder.to_str().unwrap();
    assert!(said.starts_with(&format!("Writes to {folder}:")), "{said}");
    assert!(said.contains(&format!("stacker agent run --data-dir {folder}`")), "{said}");
    // Also when nothing comes of it: what is written is known beforehand.
    let other = Server::start().await;
    let (said, _, joined) = join(&other, "BAD-CODE", &[]).await;
    assert!(!joined && said.starts_with("Writes to "), "{said}");
}

#[tokio::test]
async fn a_folder_with_an_odd_name_is_quoted_in_what_is_to_be_pasted() {
    let server = Server::start().await;
    let odd = server.folder.path().join("my $(touch p); agent");
    let uri = server.mock.uri();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_stacker"));
    command.args(["agent", "join", &uri, "--code", "GOOD-CODE", "--data-dir"]).arg(&odd);
    let output = command.output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(&format!("agent run --data-dir '{}'`", odd.display())), "{said}");
    assert!(odd.join("credentials.json").exists());
}

#[tokio::test]
async fn an_address_that_is_none_or_holds_more_is_refused_before_anything_is_sent() {
    let server = Server::start().await;
    for odd in
        ["http://$(id)/?x=1", "http://a b", "javascript:alert(1)", "http://ada:secret@s.example", "s.example"]
    {
        let arguments = ["join", odd, "--code", "GOOD-CODE"];
        let output = server.command(&arguments, None).output().await.unwrap();
        assert!(!output.status.success(), "{odd}");
        assert!(!server.data().join("credentials.json").exists());
    }
    assert!(server.heard(|heard| heard.registrations.is_empty()));
}

#[tokio::test]
async fn a_code_that_is_not_valid_leaves_everything_as_it_was() {
    let server = Server::start().await;
    let (_, complained, joined) = join(&server, "BAD-CODE", &[]).await;
    assert!(!joined);
    assert!(
        complained.contains("This code is not valid") && complained.contains("make a new one"),
        "{complained}"
    );
    assert!(!complained.contains("BAD-CODE"));
    assert!(!server.data().join("credentials.json").exists());
}

#[tokio::test]
async fn a_host_that_has_not_joined_is_told_how() {
    let server = Server::start().await;
    let output = server.command(&["run"], None).output().await.unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("stacker agent join URL --code CODE"));
}

#[tokio::test]
async fn a_unit_is_printed_and_the_state_is_told_without_secrets() {
    let server = Server::start().await;
    server.join();
    let output = server.command(&["install", "--print"], None).output().await.unwrap();
    let unit = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(unit.contains("ExecStart=") && unit.contains("ProtectSystem=strict"), "{unit}");
    let output = server.command(&["status", "--policy"], Some(&server.policy)).output().await.unwrap();
    let status = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(status.contains("host_1") && status.contains("not reported yet"), "{status}");
    assert!(!status.contains(TOKEN));
}
