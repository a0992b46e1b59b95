use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::progress::{LARGEST_BODY, LONGEST_ADDRESS, LONGEST_MESSAGE, Progress, ProgressError};
use crate::deploy::DeploymentStatus;

fn read(body: &Value) -> Result<Progress, ProgressError> {
    Progress::read(body.to_string().as_bytes())
}

#[test]
fn a_message_of_0_2_1_is_read() {
    let body = json!({"id": "77", "deploy_id": "5", "alert": 0, "message": "Creating the machine",
        "status": "in_progress", "progress": "42"});
    assert_eq!(
        read(&body).unwrap(),
        Progress {
            id: Some("77".to_owned()),
            deployment_id: Some(5),
            deployment_hash: None,
            status: DeploymentStatus::InProgress,
            message: "Creating the machine".to_owned(),
            percent: Some(42),
            alert: Some(0),
            srv_ip: None,
            ssh_port: None,
        }
    );
}

#[test]
fn a_message_of_0_3_is_read() {
    let body = json!({"id": 77, "deploy_id": "deployment_1f0c", "message": "done", "status": "completed",
        "progress": 99.9, "srv_ip": "203.0.113.7", "ssh_port": "22"});
    let progress = read(&body).unwrap();
    assert_eq!(progress.deployment_id, None);
    assert_eq!(progress.deployment_hash.as_deref(), Some("deployment_1f0c"));
    assert_eq!((progress.percent, progress.ssh_port), (Some(99), Some(22)));
    assert_eq!(progress.srv_ip.as_deref(), Some("203.0.113.7"));
}

#[test]
fn id_and_hash_can_both_name_the_deployment() {
    let progress =
        read(&json!({"deploy_id": 5, "deployment_hash": "deployment_x", "status": "paused"})).unwrap();
    assert_eq!(
        (progress.deployment_id, progress.deployment_hash.as_deref()),
        (Some(5), Some("deployment_x"))
    );
}

#[test]
fn progress_may_be_text_or_number() {
    let percent = |progress: Value| {
        read(&json!({"deploy_id": 5, "status": "in_progress", "progress": progress})).unwrap().percent
    };
    for (sent, read) in [
        (json!("42%"), Some(42)),
        (json!(" 42.5 % "), Some(42)),
        (json!(7), Some(7)),
        (json!(-3), Some(0)),
        (json!(1e9), Some(100)),
        (json!("NaN"), None),
        (json!("half"), None),
        (json!([1]), None),
    ] {
        assert_eq!(percent(sent.clone()), read, "{sent}");
    }
}

#[test]
fn flags_say_how_it_ended_where_the_status_does_not() {
    let status = |keys: Value| {
        let mut body = json!({"deploy_id": 5});
        body.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        read(&body).map(|progress| progress.status)
    };
    assert_eq!(status(json!({"complete": true})), Ok(DeploymentStatus::Completed));
    assert_eq!(status(json!({"status": "in_progress", "complete": true})), Ok(DeploymentStatus::Completed));
    assert_eq!(
        status(json!({"status": "in_progress", "cancelled": "true"})),
        Ok(DeploymentStatus::Cancelled)
    );
    assert_eq!(status(json!({"status": "failed", "complete": true})), Ok(DeploymentStatus::Failed));
    assert_eq!(status(json!({"complete": false})), Err(ProgressError::UnknownStatus));
}

#[test]
fn only_a_status_that_an_installer_can_report_counts() {
    for status in ["removed", "pending", "rebooting", ""] {
        assert_eq!(
            read(&json!({"deploy_id": 5, "status": status})),
            Err(ProgressError::UnknownStatus),
            "{status}"
        );
    }
}

#[test]
fn without_a_deployment_it_is_refused() {
    for body in [
        json!({"id": "5", "status": "completed"}),
        json!({"deploy_id": null, "status": "completed"}),
        json!({"deploy_id": 0, "status": "completed"}),
        json!({"deploy_id": "99999999999", "status": "completed"}),
        json!({"deploy_id": "a b", "status": "completed"}),
        json!({"deployment_hash": "x".repeat(129), "status": "completed"}),
    ] {
        assert_eq!(read(&body), Err(ProgressError::NoDeployment), "{body}");
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    assert_eq!(Progress::read(b"\xff{}"), Err(ProgressError::NotText));
    assert_eq!(Progress::read(b""), Err(ProgressError::NotJson));
    assert_eq!(Progress::read(b"[1]"), Err(ProgressError::NotJson));
    assert_eq!(Progress::read("[".repeat(10_000).as_bytes()), Err(ProgressError::NotJson));
    assert_eq!(Progress::read(&vec![b' '; LARGEST_BODY + 1]), Err(ProgressError::TooLarge));
}

#[test]
fn a_long_message_is_cut_between_characters() {
    let body = json!({"deploy_id": 5, "status": "in_progress", "message": "é\u{0}\u{1b}".repeat(5000)});
    let message = read(&body).unwrap().message;
    assert_eq!(message.len(), LONGEST_MESSAGE);
    assert!(message.chars().all(|c| c == 'é'));
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("in_progress")),
        Just(json!("completed")),
        Just(json!({"a": [1]})),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Progress::read(&body);
    }

    #[test]
    fn whatever_the_keys_hold_what_is_read_can_be_stored(
        values in proptest::collection::vec(any_value(), 11),
    ) {
        let keys = ["id", "deploy_id", "deployment_hash", "alert", "message", "status", "progress", "srv_ip",
            "ssh_port", "complete", "cancelled"];
        let body: Map<String, Value> = keys.iter().map(|key| (*key).to_owned()).zip(values).collect();
        if let Ok(progress) = Progress::read(Value::Object(body).to_string().as_bytes()) {
            prop_assert!(progress.message.len() <= LONGEST_MESSAGE && !progress.message.contains('\0'));
            prop_assert!(progress.percent.is_none_or(|percent| percent <= 100));
            prop_assert!(progress.deployment_id.is_some() || progress.deployment_hash.is_some());
            prop_assert!(progress.srv_ip.is_none_or(|address| address.len() <= LONGEST_ADDRESS));
        }
    }
}
