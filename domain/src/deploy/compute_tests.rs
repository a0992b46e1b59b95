//! Tests of deployment plans.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    Desired, Effective, FoundContainer, Inventory, Plan, Pull, ServiceAction, StackName, TakenPort,
    VolumeAction, compute,
};
use crate::stack::Stack;

fn effective(text: &str) -> Effective {
    Effective::of(&Stack::read(text), &BTreeMap::new(), "/p").unwrap()
}

fn fingerprints(effective: &Effective) -> BTreeMap<String, String> {
    effective.model().services.iter().map(|one| (one.name.clone(), effective.definition(&one.name))).collect()
}

fn plan(text: &str, inventory: &Inventory) -> Plan {
    let effective = effective(text);
    let stack = StackName::parse("shop").unwrap();
    let fingerprints = fingerprints(&effective);
    compute(
        &Desired { stack: &stack, effective: &effective, fingerprints: &fingerprints, pull: Pull::Unpinned },
        inventory,
        Vec::new(),
    )
}

/// The state of the host after this file was deployed.
fn after(text: &str) -> Inventory {
    let effective = effective(text);
    let fingerprints = fingerprints(&effective);
    let mut inventory = Inventory { previous: Some(effective.document().clone()), ..Inventory::default() };
    for service in effective.active_services() {
        let image = service.image.as_ref().unwrap().value.text.clone();
        inventory.images.insert(image.clone(), format!("id of {image}"));
        inventory.containers.push(FoundContainer {
            service: service.name.clone(),
            name: format!("shop-{}-1", service.name),
            image_id: format!("id of {image}"),
            image,
            fingerprint: fingerprints.get(&service.name).cloned(),
            running: true,
        });
    }
    for volume in &effective.model().volumes {
        inventory.volumes.push(format!("shop_{}", volume.name));
        inventory.stack_volumes.push(format!("shop_{}", volume.name));
    }
    inventory
}

const BEFORE: &str = "services:\n  web:\n    image: nginx:1.26\n    environment: {A: old-secret, B: b}\n    ports: [\"80:80\"]\n    volumes: [\"html:/h\"]\n  db:\n    image: mariadb:11\nvolumes:\n  html:\n";

fn actions(plan: &Plan) -> Vec<(&str, ServiceAction)> {
    plan.services.iter().map(|service| (service.service.as_str(), service.action)).collect()
}

#[test]
fn on_an_empty_host_everything_is_made() {
    let plan = plan(BEFORE, &Inventory::default());
    assert_eq!(actions(&plan), [("web", ServiceAction::Create), ("db", ServiceAction::Create)]);
    assert_eq!(plan.pulls, ["nginx:1.26", "mariadb:11"]);
    assert_eq!((plan.volumes[0].name.as_str(), plan.volumes[0].action), ("shop_html", VolumeAction::Create));
    assert_eq!((plan.ports[0].port, plan.ports[0].taken_by.as_deref()), (80, None));
}

#[test]
fn a_variable_without_a_value_is_pointed_out_and_stands_in_nobodys_way() {
    let text = "services:\n  web:\n    image: nginx:1\n    environment: {A: \"${A}\", B: \"${B:-b}\"}\n";
    let plan = plan(text, &Inventory::default());
    assert!(plan.can_be_applied());
    assert!(matches!(plan.warnings.as_slice(), [one] if one.contains("`A`")), "{:?}", plan.warnings);
}

#[test]
fn the_same_again_changes_nothing() {
    let plan = plan(BEFORE, &after(BEFORE));
    assert!(plan.changes_nothing(), "{plan:?}");
    assert!(plan.pulls.is_empty());
    assert_eq!(plan.volumes[0].action, VolumeAction::Keep);
}

#[test]
fn only_what_changes_is_made_anew_and_the_reason_has_no_secret_in_it() {
    let text = BEFORE.replace("nginx:1.26", "nginx:1.27").replace("old-secret", "new-secret");
    let plan = plan(&text, &after(BEFORE));
    assert_eq!(actions(&plan), [("web", ServiceAction::Recreate), ("db", ServiceAction::Unchanged)]);
    assert_eq!(
        plan.services[0].reasons,
        ["environment changes: A", "image changes from nginx:1.26 to nginx:1.27"]
    );
    assert!(!plan.canonical_json().unwrap().contains("secret"));
}

#[test]
fn what_left_the_file_is_removed_and_its_volume_stays() {
    let plan = plan("services:\n  db:\n    image: mariadb:11\n", &after(BEFORE));
    assert_eq!(actions(&plan), [("db", ServiceAction::Unchanged), ("web", ServiceAction::Remove)]);
    assert_eq!((plan.volumes[0].name.as_str(), plan.volumes[0].action), ("shop_html", VolumeAction::Unused));
}

#[test]
fn a_stopped_container_is_started_not_made_anew() {
    let mut host = after(BEFORE);
    host.containers[1].running = false;
    let plan = plan(BEFORE, &host);
    assert_eq!(plan.services[1].action, ServiceAction::Unchanged);
    assert_eq!(plan.services[1].reasons, ["it is stopped and will be started"]);
}

#[test]
fn another_image_behind_the_same_name_makes_a_new_container() {
    let mut host = after(BEFORE);
    host.images.insert("mariadb:11".to_owned(), "another".to_owned());
    assert_eq!(plan(BEFORE, &host).services[1].reasons, ["the image of that name has changed"]);
}

#[test]
fn a_container_made_by_hand_is_replaced() {
    let mut host = after(BEFORE);
    host.previous = None;
    host.containers[0].fingerprint = None;
    assert_eq!(plan(BEFORE, &host).services[0].reasons, ["its container was not made by this agent"]);
}

#[test]
fn a_changed_number_of_containers_is_a_change_and_none_at_all_can_be_had() {
    let text =
        |count: u32| format!("services:\n  web:\n    image: nginx:1\n    deploy: {{replicas: {count}}}\n");
    let none = plan(&text(0), &Inventory::default());
    assert!(none.changes_nothing(), "{none:?}");
    let more = plan(&text(2), &after(&text(1)));
    assert_eq!(more.services[0].reasons, ["the number of its containers changes from 1 to 2"]);
    assert_eq!(actions(&plan(&text(0), &after(&text(1)))), [("web", ServiceAction::Remove)]);
}

#[test]
fn what_can_be_another_image_by_now_is_fetched_again_and_so_is_what_is_mounted() {
    let text = "services:\n  a:\n    image: nginx\n  b:\n    image: nginx:1\n    volumes: [{type: image, source: \"models:7\", target: /m}]\n  c:\n    image: redis:7\n    pull_policy: always\n  d:\n    image: local:latest\n    pull_policy: never\n";
    assert_eq!(plan(text, &after(text)).pulls, ["nginx", "models:7", "redis:7"]);
}

#[test]
fn what_a_service_of_the_same_file_lends_is_planned_too() {
    let text = "services:\n  base:\n    image: nginx:1\n    ports: [\"80\"]\n  web:\n    extends: {service: base}\n    image: httpd:2\n    ports: [\"8080:80\"]\n  third:\n    extends: base\n";
    let first = plan(text, &Inventory::default());
    assert_eq!(first.services[2].image.as_deref(), Some("nginx:1"));
    assert_eq!(first.pulls, ["nginx:1", "httpd:2"]);
    let later = plan(&text.replace("nginx:1", "nginx:2"), &after(text));
    assert_eq!(
        actions(&later),
        [
            ("base", ServiceAction::Recreate),
            ("web", ServiceAction::Unchanged),
            ("third", ServiceAction::Recreate)
        ]
    );
}

#[test]
fn a_port_in_use_names_who_has_it() {
    let taken = |address: Option<&str>, protocol: &str| {
        let port = TakenPort {
            address: address.map(str::to_owned),
            port: 80,
            protocol: protocol.to_owned(),
            by: "container blog-web-1".to_owned(),
        };
        plan(BEFORE, &Inventory { taken_ports: vec![port], ..Inventory::default() })
    };
    assert!(!taken(None, "tcp").can_be_applied());
    assert!(!taken(Some("127.0.0.1"), "tcp").can_be_applied());
    assert!(taken(None, "udp").can_be_applied());
    assert_eq!(taken(None, "tcp").ports[0].taken_by.as_deref(), Some("container blog-web-1"));
}

/// Small stacks of services `a` to `d`.
fn stacks() -> impl Strategy<Value = String> {
    let service = (prop::sample::select(vec!["x:1", "x:2", "y:1"]), any::<bool>(), 0u16..3);
    prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c", "d"]), service, 1..4).prop_map(
        |services| {
            let mut text = "services:\n".to_owned();
            for (name, (image, variable, port)) in services {
                text.push_str(&format!("  {name}:\n    image: {image}\n"));
                if variable {
                    text.push_str("    environment: {V: \"1\"}\n");
                }
                if port > 0 {
                    text.push_str(&format!(
                        "    ports: [\"{}:80\"]\n",
                        8000 + port + u16::from(name.as_bytes()[0]) * 10
                    ));
                }
            }
            text
        },
    )
}

proptest! {
    /// For any old and new stack, the plan has exactly one line for each service of either stack, with the right
    /// action.
    #[test]
    fn a_plan_covers_every_service_once_and_leads_to_the_file(old in stacks(), new in stacks()) {
        let (before, wanted) = (effective(&old), effective(&new));
        let plan = plan(&new, &after(&old));
        let mut names: Vec<&str> = plan.services.iter().map(|service| service.service.as_str()).collect();
        names.sort_unstable();
        let mut expected: Vec<&str> = before.model().services.iter().chain(&wanted.model().services).map(|service| service.name.as_str()).collect();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(names, expected);
        for service in &plan.services {
            let name = service.service.as_str();
            let same = before.definition(name) == wanted.definition(name);
            let action = match (before.model().service(name), wanted.model().service(name)) {
                (None, _) => ServiceAction::Create,
                (Some(_), None) => ServiceAction::Remove,
                (Some(_), Some(_)) if same => ServiceAction::Unchanged,
                (Some(_), Some(_)) => ServiceAction::Recreate,
            };
            prop_assert_eq!(service.action, action);
            prop_assert_eq!(service.reasons.is_empty(), action == ServiceAction::Unchanged);
        }
    }
}
