//! Whatever is done to a stack, it stays readable and means what was meant; undoing all of it gives the first text.
use std::collections::BTreeMap;

use domain::{
    compose::Condition,
    stack::{Edit, PortSpec, Stack},
};
use proptest::prelude::*;
use serde_json::json;

const FILES: [&str; 5] = [
    "",
    "# a stack\nservices:\n  a:\n    image: nginx:1.27 # pinned\n    ports: [\"80:80\"]\n\n  b:\n    image: redis\n    environment:\n    - A=1\n    - B\n",
    "x-base: &base\n  restart: always\n  environment: &env\n    A: 1\nservices:\n  a:\n    <<: *base\n    image: x\n  b:\n    image: y\n    environment: *env\n    depends_on: [a]\n",
    "{\"services\": {\"a\": {\"image\": \"x\", \"environment\": {\"A\": \"1\"}}, \"b\": {\"image\": \"y\"}}}",
    "services:\r\n    a:\r\n        image: 'x'\r\n        depends_on:\r\n            b: {condition: service_started}\r\n        volumes:\r\n        - type: volume\r\n          source: v\r\n          target: /v\r\n    b: {image: y}\r\nvolumes:\r\n    v: {}",
];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned)
}

/// What people and clients write: words that readers misread, signs of YAML, line breaks, other scripts.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "no", "1e3", "0755", "12:34:56", "", " x", "a: b", "# x", "'", "\"", "~", "x\ny", "ü", "- a",
            "${A:-b}", "*a", "{", "1.27"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        any::<String>().prop_filter("no NUL", |text| !text.contains('\0')),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let port = (1u16..=65535, 1u16..=65535).prop_map(|(published, target)| PortSpec {
        host_ip: None,
        published: Some(published.to_string()),
        target: target.to_string(),
        protocol: None,
    });
    prop_oneof![
        name().prop_map(|service| Edit::AddService {
            service,
            image: Some("nginx:1.27".into()),
            app: None,
            secrets: BTreeMap::new(),
            at: None
        }),
        name().prop_map(|service| Edit::RemoveService { service }),
        (name(), name()).prop_map(|(service, to)| Edit::RenameService { service, to }),
        (name(), name()).prop_map(|(service, to)| Edit::DuplicateService { service, to, at: None }),
        (name(), "[a-z]{1,8}(:[a-z0-9.]{1,6})?")
            .prop_map(|(service, image)| Edit::SetImage { service, image }),
        (name(), "[A-C]", prop::option::of(text())).prop_map(|(service, key, value)| Edit::SetEnvironment {
            service,
            key,
            value
        }),
        (name(), "[A-C]").prop_map(|(service, key)| Edit::RemoveEnvironment { service, key }),
        (name(), "[A-C]", "[A-D]").prop_map(|(service, key, to)| Edit::RenameEnvironment {
            service,
            key,
            to
        }),
        (name(), port.clone()).prop_map(|(service, port)| Edit::AddPort { service, port }),
        (name(), 0usize..3, port).prop_map(|(service, index, port)| Edit::SetPort { service, index, port }),
        (name(), 0usize..3).prop_map(|(service, index)| Edit::RemovePort { service, index }),
        (name(), "[a-z]{1,4}", "/[a-z]{1,6}").prop_map(|(service, source, target)| Edit::AddVolume {
            service,
            source: Some(source),
            target,
            read_only: true
        }),
        (name(), 0usize..3).prop_map(|(service, index)| Edit::RemoveVolume { service, index }),
        (name(), "[a-z]{1,4}").prop_map(|(service, network)| Edit::JoinNetwork { service, network }),
        (name(), "[a-z]{1,4}").prop_map(|(service, network)| Edit::LeaveNetwork { service, network }),
        (name(), name(), any::<bool>()).prop_map(|(service, on, healthy)| Edit::AddDependency {
            service,
            on,
            condition: if healthy { Condition::Healthy } else { Condition::Started }
        }),
        (name(), name()).prop_map(|(service, on)| Edit::RemoveDependency { service, on }),
        name().prop_map(|service| Edit::SetHealthcheck {
            service,
            test: json!(["CMD", "true"]),
            interval: Some("10s".into()),
            timeout: None,
            retries: Some(2),
            start_period: None
        }),
        name().prop_map(|service| Edit::RemoveHealthcheck { service }),
        (name(), prop::sample::select(vec!["no", "always"]))
            .prop_map(|(service, restart)| Edit::SetRestart { service, restart: Some(restart.into()) }),
        (name(), text()).prop_map(|(service, command)| Edit::SetCommand { service, command: json!(command) }),
        (name(), text(), text()).prop_map(|(service, key, value)| Edit::SetKey {
            path: vec!["services".into(), service, "labels".into(), format!("k{key}")],
            value: json!(value)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn random_edits_leave_a_readable_stack_that_means_what_was_meant(
        file in prop::sample::select(FILES.to_vec()),
        edits in prop::collection::vec(edit(), 1..12),
    ) {
        let mut history = vec![Stack::read(file)];
        for edit in &edits {
            let stack = history.last().expect("there is one");
            let Ok(next) = stack.apply(edit) else { continue };
            prop_assert!(next.is_readable(), "{edit:?}\n{}", next.text());
            prop_assert!(meant(&next, edit), "{edit:?}\n{}", next.text());
            let again = Stack::read(next.text());
            prop_assert_eq!(&again.model().root.to_json(), &next.model().root.to_json());
            history.push(next);
        }
        prop_assert_eq!(history.first().map(Stack::text), Some(file));
    }

    #[test]
    fn no_text_makes_reading_or_editing_panic(text in any::<String>(), edit in edit()) {
        let stack = Stack::read(&text);
        prop_assert_eq!(stack.text(), text.as_str());
        let _ = domain::check::check(&stack);
        let _ = stack.apply(&edit);
    }

    #[test]
    fn no_broken_piece_of_a_file_makes_anything_panic(
        file in prop::sample::select(FILES.to_vec()),
        from in 0usize..200,
        piece in "[ -~\n\t]{0,6}",
        edit in edit(),
    ) {
        let mut text = file.to_owned();
        let at = from.min(text.len());
        text.insert_str(at, &piece);
        let stack = Stack::read(&text);
        let _ = domain::check::check(&stack);
        if let Ok(next) = stack.apply(&edit) {
            prop_assert!(next.is_readable());
        }
    }
}

/// The model says what the edit asked for.
fn meant(stack: &Stack, edit: &Edit) -> bool {
    let model = stack.model();
    match edit {
        Edit::AddService { service, .. } => model.service(service).is_some(),
        Edit::DuplicateService { to, .. } => model.service(to).is_some_and(|copy| copy.ports.is_empty()),
        Edit::RemoveService { service } => {
            model.service(service).is_none()
                && model.services.iter().all(|other| other.depends_on(service).is_none())
        }
        Edit::RenameService { service, to } => {
            model.service(to).is_some() && (service == to || model.service(service).is_none())
        }
        Edit::SetImage { service, image } => model
            .service(service)
            .and_then(|service| service.image.as_ref())
            .is_some_and(|set| set.value.text == *image),
        Edit::SetEnvironment { service, key, value } => model
            .service(service)
            .and_then(|service| service.environment.iter().rfind(|variable| variable.key == *key))
            .is_some_and(|set| set.value == *value),
        Edit::RenameEnvironment { service, key, to } => model.service(service).is_some_and(|service| {
            let has = |key: &str| service.environment.iter().any(|variable| variable.key == key);
            has(to) && (key == to || !has(key))
        }),
        Edit::JoinNetwork { service, network } => model
            .service(service)
            .is_some_and(|service| service.networks.iter().any(|membership| membership.network == *network)),
        Edit::AddDependency { service, on, condition } => model
            .service(service)
            .and_then(|service| service.depends_on(on))
            .is_some_and(|dependency| dependency.condition == *condition),
        Edit::RemoveDependency { service, on } => {
            model.service(service).is_some_and(|service| service.depends_on(on).is_none())
        }
        Edit::SetRestart { service, restart } => {
            model.service(service).and_then(|service| service.restart.as_ref()).map(|text| &text.value)
                == restart.as_ref()
        }
        Edit::SetKey { path, value } => model.root.at(path).is_some_and(|node| node.to_json() == *value),
        _ => true,
    }
}
