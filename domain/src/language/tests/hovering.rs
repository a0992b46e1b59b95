use super::marked;
use crate::language::hover;

fn shown(text: &str) -> Option<String> {
    let (stack, offset) = marked(text);
    hover(&stack, offset).map(|hover| hover.text)
}

fn says(text: &str, words: &str) {
    let shown = shown(text);
    assert!(shown.as_deref().is_some_and(|shown| shown.contains(words)), "{text}\n{shown:?}");
}

#[test]
fn a_key_is_explained() {
    says("serv|ices:\n  web:\n    image: a\n", "containers of the project");
    says("services:\n  web:\n    rest|art: always\n", "unless-stopped");
    says("services:\n  web:\n    restart: alw|ays\n", "unless-stopped");
    says("services:\n  web:\n    healthcheck:\n      inter|val: 5s\n", "between two checks");
    says("services:\n  web:\n    ports:\n      - tar|get: 80\n", "port in the container");
    assert_eq!(shown("services:\n  web:\n    wha|t: 1\n"), None);
}

#[test]
fn a_key_is_explained_after_the_place_where_the_text_breaks() {
    says("services:\n  web:\n    image: [\n  db:\n    rest|art: always\n", "unless-stopped");
}

#[test]
fn a_name_says_where_it_is_declared_and_used() {
    let text = "services:\n  db:\n    image: a\n  web:\n    depends_on: [d|b]\n    links:\n      - db:x\n";
    says(
        text,
        "Service `db`, declared on line 2. Used by `web` (`depends_on`, line 5), `web` (`links`, line 7).",
    );
    says("volumes:\n  da|ta:\nservices: {}\n", "Nothing uses it.");
    says("services:\n  web:\n    networks: [ba|ck]\n", "not declared in this file");
    says("services:\n  web:\n    networks: [def|ault]\n", "Compose creates it");
}

#[test]
fn a_variable_says_what_it_becomes() {
    says("a: ${KN|OWN}", "It has a value.");
    says("a: ${OTH|ER:-x}", "Its default is `x`.");
    says("a: ${OTH|ER:?set it}", "doesn't start and says `set it`");
    says("a: $OTH|ER", "inserts empty text");
}

#[test]
fn an_image_is_summed_up() {
    says("services:\n  web:\n    image: ng|inx\n", "No tag");
    says("services:\n  web:\n    image: ghcr.io/a/b:|1.2\n", "from the registry `ghcr.io`. Tag `1.2`");
    let digest = format!("services:\n  web:\n    image: a|@sha256:{}\n", "0".repeat(64));
    says(&digest, "always exactly this image");
}

#[test]
fn comments_say_nothing() {
    assert_eq!(shown("services: # rest|art ${A}\n"), None);
}
