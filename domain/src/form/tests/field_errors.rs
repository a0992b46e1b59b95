//! Tests of rejected forms, and of the fields that the errors name.

use rstest::rstest;
use serde_json::{Value, json};

use super::{parsed, refused};

fn form() -> Value {
    json!({"custom":{"custom_stack_code":"db","web":[{"_id":"a","name":"ab","code":"ab","type":"web","restart":"always",
        "dockerhub_name":"nginx:1.27",
        "shared_ports":[{"host_port":"8080","container_port":"80"}],
        "volumes":[{"host_path":"data","container_path":"/data"}],
        "versions":[{"_id":1,"name":"15","version":"15","tag":"1"}]}]}})
}

#[rstest]
#[case("/custom/custom_stack_code", json!(null), "custom.custom_stack_code")]
#[case("/custom/custom_stack_code", json!("x".repeat(51)), "custom.custom_stack_code")]
#[case("/custom/custom_stack_code", json!(""), "custom.custom_stack_code")]
#[case("/custom/web", json!("nginx"), "custom.web")]
#[case("/custom/web/0", json!(7), "custom.web[0]")]
#[case("/custom/web/0/_id", json!(7), "custom.web[0]._id")]
#[case("/custom/web/0/code", json!("my app"), "custom.web[0].code")]
#[case("/custom/web/0/restart", json!("sometimes"), "custom.web[0].restart")]
#[case("/custom/web/0/shared_ports/0/host_port", json!("70000"), "custom.web[0].shared_ports[0].host_port")]
#[case("/custom/web/0/shared_ports/0/container_port", json!(""), "custom.web[0].shared_ports[0].container_port")]
#[case("/custom/web/0/shared_ports/0/container_port", json!("http"), "custom.web[0].shared_ports[0].container_port")]
#[case("/custom/web/0/volumes/0/host_path", json!(null), "custom.web[0].volumes[0].host_path")]
#[case("/custom/web/0/volumes/0/container_path", json!(""), "custom.web[0].volumes[0].container_path")]
#[case("/custom/web/0/versions/0/tag", json!("x".repeat(21)), "custom.web[0].versions[0].tag")]
#[case("/custom/web/0/dockerhub_name", json!(null), "custom.web[0].dockerhub_name")]
#[case("/custom/web/0/dockerhub_name", json!("Nginx:1.27"), "custom.web[0].dockerhub_name")]
fn a_mistake_is_told_with_its_path(#[case] pointer: &str, #[case] value: Value, #[case] field: &str) {
    let mut form = form();
    *form.pointer_mut(pointer).unwrap() = value;
    let errors = refused(&form);
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field], "{errors:#?}");
}

#[rstest]
#[case("protocol", json!("sctp"), "shared_ports")]
fn protocols_of_a_form_are_two(#[case] key: &str, #[case] value: Value, #[case] list: &str) {
    let mut form = form();
    form["custom"]["web"][0][list][0][key] = value;
    assert_eq!(refused(&form)[0].field, "custom.web[0].shared_ports[0].protocol");
}

#[test]
fn a_code_can_be_used_once_in_all_lists() {
    let mut form = form();
    form["custom"]["service"] = form["custom"]["web"].clone();
    let errors = refused(&form);
    assert_eq!(errors[0].field, "custom.service[0].code");
    assert!(errors[0].message.contains("custom.web[0].code"), "{}", errors[0].message);
}

#[test]
fn sizes_follow_their_patterns() {
    let mut form = form();
    form["custom"]["web"][0]["cpu"] = json!("two");
    form["custom"]["web"][0]["ram_size"] = json!("2GB");
    form["custom"]["web"][0]["popularity"] = json!(0);
    assert_eq!(refused(&form).len(), 3);
}

#[test]
fn all_mistakes_are_told_at_once_and_not_too_many() {
    let app = json!({"_id": 1, "code": "", "name": null});
    let form = json!({"custom":{"custom_stack_code":"many","web": vec![app; 150]}});
    let errors = refused(&form);
    assert_eq!(errors.len(), 100);
    assert!(errors.iter().any(|error| error.field == "custom.web[3]._id"));
}

#[test]
fn anything_but_a_form_is_refused_in_peace() {
    for body in [json!(null), json!([]), json!("x"), json!({"custom": []}), json!({"custom": null})] {
        assert!(refused(&body)[0].field.starts_with("custom"), "{body}");
    }
}

#[test]
fn short_names_and_unknown_keys_are_fine() {
    let mut form = form();
    form["custom"]["web"][0]["custom_preset"] = json!({"volumes": [1, 2]});
    form["region"] = json!(7);
    let normal = parsed(&form).to_json();
    assert_eq!(normal["custom"]["web"][0].get("custom_preset"), None);
    assert_eq!(normal["custom"]["web"][0]["domain"], Value::Null);
    assert_eq!(normal["custom"]["web"][0].get("descr"), None);
    assert_eq!(normal["custom"]["networks"], Value::Null);
    assert_eq!(normal["custom"]["web"][0]["versions"][0]["update_status"], Value::Null);
}
