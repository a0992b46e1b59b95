//! Tests with bodies that real clients have sent, from `../shared/corpus/forms` if that folder exists.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{parsed, stack_of};
use crate::form::{Form, extras, of_stack, to_stack, update};

fn payload(name: &str) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/forms");
    let Ok(text) = fs::read_to_string(folder.join(name)) else {
        eprintln!("skipped: there is no ../shared/corpus/forms/{name}");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The body of a deployment contains the same form under another name.
fn payloads() -> Vec<Value> {
    let mut forms: Vec<Value> =
        ["custom.json", "custom-stack-payload.json"].into_iter().filter_map(payload).collect();
    forms.extend(payload("deploy.json").map(|deploy| json!({"custom": deploy["project"]})));
    forms
}

#[test]
fn they_are_accepted_and_come_back_as_they_were() {
    for body in payloads() {
        let form = parsed(&body);
        let stack = to_stack(&form).unwrap();
        assert_eq!(of_stack(&stack, Some(&extras(&form))), form.to_json());
        let errors: Vec<_> = crate::check::check(&stack)
            .into_iter()
            .filter(|finding| finding.severity == crate::check::Severity::Error)
            // Clients send databases without a password; the finding is right.
            .filter(|finding| finding.code != "setting-required")
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_same_form_again_changes_nothing() {
    for body in payloads() {
        let form = parsed(&body);
        let stack = to_stack(&form).unwrap();
        assert_eq!(update(&stack, Some(&extras(&form)), &form).unwrap().text(), stack.text());
        // Without the extras, only what compose can express is compared.
        assert_eq!(update(&stack, None, &form).unwrap().text(), stack.text());
    }
}

#[test]
fn passwords_do_not_outlive_the_request() {
    let body = json!({"custom":{"custom_stack_code":"a","web":[{"_id":"a","name":"a","code":"a","type":"web",
        "restart":"no","dockerhub_name":"nginx:1","dockerhub_user":"acme","dockerhub_password":"hunter2"}]}});
    let form = parsed(&body);
    let kept = extras(&form);
    assert!(!kept.to_string().contains("hunter2"));
    let metadata = of_stack(&stack_of(&body), Some(&kept));
    assert!(!metadata.to_string().contains("hunter2"));
    assert!(!format!("{form:?}").contains("hunter2"));
    assert!(Form::parse(&metadata).is_ok(), "what we answer can be sent again");
}
