//! Reads containers whose state only Podman knows, such as `stopped`. Docker's API does not have it, and `bollard` rejects the
//! whole response.

use bollard::{
    errors::Error,
    models::{
        ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, ContainerSummaryStateEnum,
        HealthStatusEnum,
    },
    query_parameters::{InspectContainerOptions, ListContainersOptions},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Engine;

impl Engine {
    pub async fn list(&self, options: ListContainersOptions) -> Result<Vec<ContainerSummary>, Error> {
        let answer = self.docker.list_containers(Some(options)).await;
        answer.or_else(|error| again(error, rename_each))
    }

    pub async fn inspect(&self, id: &str) -> Result<ContainerInspectResponse, Error> {
        let answer = self.docker.inspect_container(id, None::<InspectContainerOptions>).await;
        answer.or_else(|error| {
            again(error, |answer| {
                rename::<ContainerStateStatusEnum>(answer.pointer_mut("/State/Status"));
                rename::<HealthStatusEnum>(answer.pointer_mut("/State/Health/Status"));
            })
        })
    }
}

/// Reads a rejected response a second time, after `fix` has changed it.
fn again<T: DeserializeOwned>(error: Error, fix: impl FnOnce(&mut Value)) -> Result<T, Error> {
    let Error::JsonDataError { contents, .. } = &error else { return Err(error) };
    let Ok(mut answer) = serde_json::from_str(contents) else { return Err(error) };
    fix(&mut answer);
    serde_json::from_value(answer).map_err(|_| error)
}

fn rename_each(answer: &mut Value) {
    for container in answer.as_array_mut().into_iter().flatten() {
        rename::<ContainerSummaryStateEnum>(container.pointer_mut("/State"));
    }
}

/// Replaces a word that is not in `Known` by its equivalent in Docker's API.
fn rename<Known: DeserializeOwned>(word: Option<&mut Value>) {
    let Some(word) = word else { return };
    let known = |word: &Value| Known::deserialize(word).is_ok();
    if !known(word) {
        let exited = Value::from("exited");
        *word = if *word == "stopped" && known(&exited) { exited } else { "".into() };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn states_that_docker_does_not_have_get_its_names() {
        let renamed = |word: &str| {
            let mut word = json!(word);
            rename::<ContainerSummaryStateEnum>(Some(&mut word));
            word
        };
        assert_eq!(renamed("stopped"), "exited");
        assert_eq!(renamed("running"), "running");
        assert_eq!(renamed("initialized"), "");
        let mut health = json!("stopped");
        rename::<HealthStatusEnum>(Some(&mut health));
        assert_eq!(health, "");
    }

    #[test]
    fn an_answer_with_such_a_state_is_read_all_the_same() {
        let contents =
            json!([{ "Id": "1", "State": "stopped" }, { "Id": "2", "State": "running" }]).to_string();
        let error = Error::JsonDataError { message: String::new(), contents, column: 0 };
        let read: Vec<ContainerSummary> = again(error, rename_each).unwrap();
        assert_eq!(
            read.iter().map(|container| container.state).collect::<Vec<_>>(),
            [Some(ContainerSummaryStateEnum::EXITED), Some(ContainerSummaryStateEnum::RUNNING)]
        );
    }
}
