use super::marked;
use crate::{
    compose::Place,
    language::{SymbolKind, WithDeclaration, definition, outline, references, service_at},
    stack::Stack,
};

fn line_of(text: &str, place: Place) -> usize {
    text[..place.start].lines().count()
}

/// The declared text and the line on which it starts, from 1.
fn goes_to(text: &str) -> Option<(String, usize)> {
    let (stack, offset) = marked(text);
    let place = definition(&stack, offset)?;
    let line = stack.text()[..place.start].matches('\n').count() + 1;
    Some((place.slice(stack.text()).to_owned(), line))
}

const DECLARED: &str = "services:\n  db:\n    image: a\nnetworks:\n  back: {}\nvolumes:\n  data: {}\nsecrets:\n  key: {file: a}\nconfigs:\n  conf: {file: a}\nx-more:\n  services:\n";

#[test]
fn every_kind_of_name_leads_to_its_declaration() {
    let file =
        |service: &str| DECLARED.replace("    image: a\n", &format!("    image: a\n  web:\n{service}\n"));
    for (service, name) in [
        ("    depends_on: [d|b]", "db"),
        ("    depends_on:\n      d|b: {condition: service_started}", "db"),
        ("    links: [\"d|b:x\"]", "db"),
        ("    network_mode: \"service:d|b\"", "db"),
        ("    extends: {service: d|b}", "db"),
        ("    networks: [ba|ck]", "back"),
        ("    volumes: [\"da|ta:/a\"]", "data"),
        ("    volumes: [{type: volume, source: da|ta, target: /a}]", "data"),
        ("    secrets: [k|ey]", "key"),
        ("    configs: [{source: co|nf}]", "conf"),
    ] {
        assert_eq!(goes_to(&file(service)).map(|found| found.0).as_deref(), Some(name), "{service}");
    }
    for service in
        ["    volumes: [\"./da|ta:/a\"]", "    extends: {file: b.yaml, service: d|b}", "    image: d|b"]
    {
        assert_eq!(goes_to(&file(service)), None, "{service}");
    }
}

#[test]
fn an_alias_leads_to_its_anchor() {
    let text = "x-a: &com|mon {restart: always}\nservices:\n  web:\n    <<: *common\n";
    assert_eq!(goes_to(text).unwrap().1, 1);
    let text = "x-a: &common {restart: always}\nservices:\n  web:\n    <<: *com|mon\n";
    assert_eq!(goes_to(text).unwrap().1, 1);
}

#[test]
fn references_are_in_the_order_of_the_text() {
    let (stack, offset) =
        marked("services:\n  web:\n    depends_on: [d|b]\n  db:\n    image: a\n  api:\n    links: [db]\n");
    let lines = |with| -> Vec<usize> {
        references(&stack, offset, with).into_iter().map(|place| line_of(stack.text(), place)).collect()
    };
    assert_eq!(lines(WithDeclaration::Yes), [3, 4, 7]);
    assert_eq!(lines(WithDeclaration::No), [3, 7]);
    assert_eq!(service_at(&stack, offset).unwrap().0, "db");
}

#[test]
fn the_outline_lists_what_a_file_declares() {
    let text = "services:\n  web:\n    image: nginx:1\n    restart: always\nvolumes:\n  data:\n";
    let outline = outline(&Stack::read(text));
    assert_eq!(
        outline.iter().map(|symbol| symbol.name.as_str()).collect::<Vec<_>>(),
        ["services", "volumes"]
    );
    let web = &outline[0].children[0];
    assert_eq!((web.name.as_str(), web.detail.as_deref()), ("web", Some("nginx:1")));
    assert_eq!(web.children.iter().filter(|key| key.kind == SymbolKind::Key).count(), 2);
    assert!(web.place.start <= web.name_place.start && web.name_place.end <= web.place.end);
}
