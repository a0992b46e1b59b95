use super::marked;
use crate::language::{Completion, completion};

fn all(text: &str) -> Vec<Completion> {
    let (stack, offset) = marked(text);
    completion(&stack, offset)
}

fn labels(text: &str) -> Vec<String> {
    all(text).into_iter().map(|one| one.label).collect()
}

fn has(text: &str, label: &str) -> bool {
    labels(text).iter().any(|one| one == label)
}

/// The text after the completion with this label.
fn chosen(text: &str, label: &str) -> String {
    let (stack, _) = marked(text);
    let found = all(text).into_iter().find(|one| one.label == label).expect(label);
    let text = stack.text();
    [&text[..found.replace.start], &found.insert, &text[found.replace.end..]].concat()
}

#[test]
fn the_top_level_offers_its_keys() {
    assert!(has("|", "services"));
    assert!(has("services:\n  web:\n    image: a\nvol|", "volumes"));
    assert!(!has("services:\n  web:\n    image: a\n|", "services"));
}

#[test]
fn a_service_offers_the_keys_that_it_lacks() {
    let text = "services:\n  web:\n    image: nginx\n    |\n    restart: always\n  db:\n    ports: []\n";
    assert!(has(text, "ports"));
    assert!(!has(text, "image") && !has(text, "restart"));
    assert_eq!(labels("services:\n  |").len(), 0);
}

#[test]
fn keys_are_offered_in_a_text_that_is_not_valid_yet() {
    let text = "services:\n  web:\n    image: [\n    depl|\n  db:\n    image: b\n";
    assert!(has(text, "deploy"));
    assert_eq!(chosen("services:\n  web:\n    depl|\n", "deploy"), "services:\n  web:\n    deploy:\n");
    assert_eq!(chosen("services:\n  web:\n    imag|\n", "image"), "services:\n  web:\n    image: \n");
}

#[test]
fn an_existing_key_is_replaced_without_a_second_colon() {
    assert_eq!(
        chosen("services:\n  web:\n    im|age: a\n", "restart"),
        "services:\n  web:\n    restart: a\n"
    );
}

#[test]
fn deeper_mappings_have_their_own_keys() {
    assert!(has("services:\n  web:\n    deploy:\n      resources:\n        limits:\n          |\n", "cpus"));
    assert!(has("services:\n  web:\n    ports:\n      - target: 80\n        |\n", "published"));
    assert!(!has("services:\n  web:\n    ports:\n      - target: 80\n        |\n", "target"));
    assert!(has("services:\n  web:\n    ports:\n      - target: 80\n      - |\n", "target"));
    assert!(has("services:\n  web:\n    ports:\n    - target: 80\n    - prot|\n", "protocol"));
    assert!(has("services:\n  web:\n    deploy: {resources: {|\n", "limits"));
}

#[test]
fn values_with_a_fixed_set_of_words_are_offered() {
    assert!(has("services:\n  web:\n    restart: |\n", "unless-stopped"));
    assert!(has("services:\n  web:\n    pull_policy: al|\n", "always"));
    assert!(has("services:\n  web:\n    privileged: |\n", "true"));
    assert!(has("networks:\n  a:\n    driver: |\n", "bridge"));
    assert!(has("services:\n  web:\n    depends_on:\n      db:\n        condition: |\n", "service_healthy"));
    assert!(has("services:\n  web:\n    depends_on: {db: {condition: |\n", "service_healthy"));
    assert!(has("services:\n  web:\n    cap_drop:\n      - |\n", "ALL"));
    assert!(has("services:\n  web:\n    volumes:\n      - type: |\n", "bind"));
}

#[test]
fn what_a_value_needs_is_written_with_it() {
    assert_eq!(
        chosen("services:\n  web:\n    restart:|\n", "always"),
        "services:\n  web:\n    restart: always\n"
    );
    assert_eq!(
        chosen("services:\n  web:\n    restart: |\n", "no"),
        "services:\n  web:\n    restart: \"no\"\n"
    );
    assert_eq!(
        chosen("services:\n  web:\n    restart: \"|\"\n", "no"),
        "services:\n  web:\n    restart: \"no\"\n"
    );
    for (typed, becomes) in
        [("-|", "- ALL"), ("- |", "- ALL"), ("- A|", "- ALL"), ("|", "- ALL"), ("-  | # x", "-  ALL # x")]
    {
        let text = |item: &str| format!("services:\n  web:\n    cap_drop:\n      {item}\n");
        assert_eq!(chosen(&text(typed), "ALL"), text(becomes), "{typed}");
    }
}

const TWO: &str = "services:\n  db:\n    image: a\n  cache:\n    image: b\n  web:\n";

#[test]
fn services_are_offered_where_they_are_named() {
    for text in [
        "    depends_on:\n      - |\n",
        "    depends_on: [|]\n",
        "    depends_on: [cache, |\n",
        "    links:\n    - |\n",
        "    extends: |\n",
        "    depends_on:\n      |\n",
        "    extends:\n      service: \"|\"\n",
    ] {
        let text = format!("{TWO}{text}");
        assert!(has(&text, "db"), "{text}");
        assert!(!has(&text, "web"), "{text}");
    }
    assert!(has(&format!("{TWO}    network_mode: |"), "service:db"));
    assert_eq!(
        chosen(&format!("{TWO}    depends_on:\n      |\n"), "db"),
        format!("{TWO}    depends_on:\n      db:\n")
    );
}

#[test]
fn names_are_known_after_the_place_where_the_text_breaks() {
    let text = "services:\n  web:\n    depends_on: [|\n  db:\n    image: b\n";
    assert!(has(text, "db"));
}

#[test]
fn networks_volumes_secrets_and_configs_are_offered_where_they_are_named() {
    let declared =
        "networks:\n  n1: {}\nvolumes:\n  v1: {}\nsecrets:\n  s1: {file: a}\nconfigs:\n  c1: {file: a}\n";
    let service = |text: &str| format!("{declared}services:\n  web:\n{text}\n");
    assert!(has(&service("    networks:\n      - |"), "n1"));
    assert!(has(&service("    networks:\n      |"), "n1"));
    assert!(has(&service("    volumes:\n      - |"), "v1:"));
    assert!(has(&service("    volumes:\n      - type: volume\n        source: |"), "v1"));
    assert!(has(&service("    secrets:\n      - |"), "s1"));
    assert!(has(&service("    configs:\n      - source: |"), "c1"));
    assert!(has(&service("    build:\n      secrets:\n        - |"), "s1"));
}

#[test]
fn variables_are_offered_after_their_sign() {
    let text = "services:\n  web:\n    image: nginx:${|\n    user: ${SOMEONE:-me}\n";
    assert!(has(text, "SOMEONE"));
    assert!(has(text, "KNOWN"));
    assert_eq!(chosen("a: ${|", "KNOWN"), "a: ${KNOWN}");
    assert_eq!(chosen("a: ${K|}", "KNOWN"), "a: ${KNOWN}");
    assert!(labels("a: $${|").is_empty());
}

#[test]
fn nothing_is_offered_in_comments() {
    assert!(labels("services: # |").is_empty());
    assert!(labels("services:\n  web:\n    # im|").is_empty());
}
