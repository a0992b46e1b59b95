//! Tests of joining and leaving networks without separating services that use each other.

use crate::stack::{Edit, Refusal, Stack};

fn stack(app: &str, db: &str) -> Stack {
    Stack::read(&format!(
        "services:\n  app:\n    image: a:1\n{app}  db:\n    image: b:1\n{db}networks:\n  front:\n  back:\n"
    ))
}

fn join(stack: &Stack, service: &str, network: &str, keep_default: Option<bool>) -> Vec<String> {
    let edit = Edit::JoinNetwork { service: service.into(), network: network.into(), keep_default };
    networks(&stack.apply(&edit).unwrap(), service)
}

fn leave(stack: &Stack, service: &str, network: &str, cut_off: bool) -> Result<Stack, Refusal> {
    stack.apply(&Edit::LeaveNetwork { service: service.into(), network: network.into(), cut_off })
}

fn networks(stack: &Stack, service: &str) -> Vec<String> {
    let service = stack.model().service(service).unwrap();
    service.networks.iter().map(|membership| membership.network.clone()).collect()
}

#[test]
fn joining_the_first_network_keeps_the_default_one_where_it_is_needed() {
    for uses in ["    depends_on: [db]\n", "    environment: {DB_HOST: db}\n", "    links: [db]\n"] {
        let stack = stack(uses, "");
        assert_eq!(join(&stack, "db", "back", None), ["default", "back"], "{uses}");
        assert_eq!(join(&stack, "app", "back", None), ["default", "back"], "{uses}");
        assert_eq!(join(&stack, "db", "back", Some(false)), ["back"]);
    }
    assert_eq!(join(&stack("", ""), "db", "back", None), ["back"]);
    assert_eq!(join(&stack("", ""), "db", "back", Some(true)), ["default", "back"]);
    let meets = stack("    depends_on: [db]\n    networks: [back, default]\n", "");
    assert_eq!(join(&meets, "db", "back", None), ["back"]);
    assert_eq!(join(&meets, "db", "default", None), ["default"]);
}

#[test]
fn leaving_a_network_asks_if_it_cuts_services_off() {
    let stack = stack("    depends_on: [db]\n    networks: [back]\n", "    networks: [back, front]\n");
    let refusal = leave(&stack, "db", "back", false).unwrap_err();
    assert_eq!(refusal.code, "cuts-off");
    assert!(refusal.message.contains("`app`"), "{}", refusal.message);
    let question = refusal.question.unwrap();
    let chosen = |choice: usize| stack.apply_all(&question.choices[choice].edits).unwrap();
    assert_eq!(networks(&chosen(0), "db"), ["front"]);
    assert_eq!(networks(&chosen(0), "app"), ["back", "front"]);
    assert_eq!(networks(&chosen(1), "db"), ["front"]);
    assert_eq!(networks(&chosen(1), "app"), ["back"]);
    let last = leave(&stack, "app", "back", false).unwrap_err().question.unwrap();
    let meet = stack.apply_all(&last.choices[0].edits).unwrap();
    assert_eq!(
        (networks(&meet, "app"), networks(&meet, "db")),
        (vec![], vec!["back".into(), "front".into(), "default".into()])
    );
}

#[test]
fn leaving_is_not_asked_about_if_nobody_is_cut_off() {
    let both = stack("    depends_on: [db]\n    networks: [back, front]\n", "    networks: [back, front]\n");
    assert_eq!(networks(&leave(&both, "db", "back", false).unwrap(), "db"), ["front"]);
    let strangers = stack("    networks: [back]\n", "    networks: [back]\n");
    assert!(leave(&strangers, "db", "back", false).is_ok());
    assert_eq!(leave(&strangers, "db", "front", false).unwrap_err().code, "network-unknown");
}
