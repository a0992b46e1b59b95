//! Checks `access_table.txt`, which lists everything the server offers and the result for each kind of caller, against a running
//! server.
//!
//! The test fails if the table lacks a route, has one that does not exist, or has a different result for a caller. It then prints
//! the actual lines: review them, and copy them into the table if they are right.

mod cast;

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use reqwest::StatusCode;

use cast::Cast;

const TABLE: &str = include_str!("access_table.txt");
/// Number of concurrent requests. Some responses wait for an agent that is not there.
const AT_ONCE: usize = 12;
const CALLERS: [&str; 12] = [
    "anonymous",
    "owner",
    "editor",
    "operator",
    "viewer",
    "other",
    "admin",
    "client",
    "agent",
    "other-agent",
    "expired",
    "revoked",
];

/// The lines of one section, by route, function or command.
pub fn section(name: &str) -> BTreeMap<String, Vec<String>> {
    let begin = format!("[{name}]");
    TABLE
        .lines()
        .skip_while(|line| *line != begin)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let about = format!("{} {}", words.next().unwrap(), words.next().unwrap());
            (about, words.collect())
        })
        .collect()
}

/// The word for a status in the table. A caller who is let in can still get an error about the request itself, and of
/// `/health_check` the answer that a busy database is slow.
fn word(path: &str, status: StatusCode) -> &'static str {
    match status.as_u16() {
        503 if path == "/health_check" => "yes",
        // Docker Hub is switched off in tests.
        503 if path.starts_with("/dockerhub/") => "yes",
        401 => "401",
        403 => "403",
        404 => "404",
        500.. => "broken",
        _ => "yes",
    }
}

pub fn compare(about: &str, table: &BTreeMap<String, Vec<String>>, offered: &BTreeSet<String>) {
    let listed: BTreeSet<String> = table.keys().cloned().collect();
    let missing: Vec<_> = offered.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(offered).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "{about}: not in the table {missing:?}, no longer there {gone:?}"
    );
}

#[tokio::test]
async fn every_rest_route_answers_every_caller_as_the_table_says() {
    let cast = Cast::assemble().await;
    let table = section("rest");
    let routes = cast.app.rest_routes().await;
    let questions = routes.iter().flat_map(|route| CALLERS.map(|who| (route, who)));
    let words = stream::iter(questions).map(async |((method, path), who)| {
        let (filled, body) = cast.prepared(method, path).await;
        let answer = cast.request(who, method, &filled, &body).send().await.unwrap();
        word(path, answer.status()).to_owned()
    });
    let words: Vec<_> = words.buffered(AT_ONCE).collect().await;
    let abouts = routes.iter().map(|(method, path)| format!("{method} {path}"));
    let lines: Vec<_> = abouts.zip(words.chunks(CALLERS.len()).map(<[_]>::to_vec)).collect();
    let wrong = lines.iter().filter(|(about, words)| table.get(about) != Some(words));
    let wrong: Vec<_> = wrong.map(|(about, words)| format!("{about} {}", words.join(" "))).collect();
    assert!(wrong.is_empty(), "as it is:\n{}", wrong.join("\n"));
    compare("rest", &table, &routes.iter().map(|(method, path)| format!("{method} {path}")).collect());
}

#[tokio::test]
async fn a_service_may_what_administrators_may_and_one_that_only_says_so_nothing() {
    let cast = Cast::assemble().await;
    let lines = stream::iter(section("rest")).map(async |(about, words)| {
        let mut wrong = Vec::new();
        let (method, path) = about.split_once(' ').unwrap();
        let column = |name: &str| &words[CALLERS.iter().position(|caller| *caller == name).unwrap()];
        for (who, like) in [("service", "admin"), ("forged", "expired")] {
            let (filled, body) = cast.prepared(method, path).await;
            let answer = cast.request(who, method, &filled, &body).send().await.unwrap();
            if word(path, answer.status()) != column(like) {
                wrong.push(format!("{about}: {who} is answered {}, not {}", answer.status(), column(like)));
            }
        }
        wrong
    });
    let wrong = lines.buffered(AT_ONCE).collect::<Vec<_>>().await.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_server_function_and_event_stream_is_in_the_table_and_asks_for_a_session() {
    let cast = Cast::assemble().await;
    let table = section("pages");
    let streams = ["GET /deployments/{hash}/events", "GET /hosts/events", "GET /projects/{id}/events"]
        .map(str::to_owned);
    let functions = server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}"));
    let offered: BTreeSet<String> = functions.chain(streams).collect();
    compare("pages", &table, &offered);
    let operator = cast.app.signed_in().await;
    let owner = cast.app.client("owner").await;
    for (about, words) in table {
        let (method, path) = about.split_once(' ').unwrap();
        let hash = cast.app.deployment_of("owner").await;
        let project = owner.import("p", "services: {}\n").await.to_string();
        let path = path.replace("{hash}", &hash).replace("{id}", &project);
        // Functions check the caller after reading their arguments, so the two that take a hash get valid arguments.
        let form = [("hash", hash.as_str()), ("id", "1"), ("version", "1")];
        let send = async |client: &reqwest::Client| {
            let request = client.request(method.parse().unwrap(), cast.app.url(&path));
            request.header("sec-fetch-site", "same-origin").form(&form).send().await.unwrap().status()
        };
        let is_open = words[0] == "yes";
        let stranger = send(&cast.app.anonymous()).await;
        assert_eq!(stranger.is_success(), is_open, "{about} for nobody: {stranger}");
        let somebody = send(&operator).await;
        // The operator of this machine, too, gets 404 for what belongs to another user.
        assert_ne!(somebody, StatusCode::UNAUTHORIZED, "{about} with a session");
        assert_eq!(words[1], "session", "{about}");
        if path.contains(&hash) || path.contains(&format!("/{project}/")) {
            assert_eq!(somebody, StatusCode::NOT_FOUND, "{about}");
        }
    }
}

#[test]
fn every_console_command_is_in_the_table() {
    let console = |words: &[&str]| {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_console")).args(words).arg("--help").output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let commands_in = |help: &str| -> Vec<String> {
        let list = help.split("Commands:\n").nth(1).unwrap_or_default();
        list.lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .filter(|name| name != "help")
            .collect()
    };
    let mut offered = BTreeSet::new();
    for command in commands_in(&console(&[])) {
        let inner = commands_in(&console(&[&command]));
        if inner.is_empty() {
            offered.insert(format!("console {command}"));
        }
        offered.extend(inner.into_iter().map(|inner| format!("{command} {inner}")));
    }
    compare("console", &section("console"), &offered);
}
