//! Drift: differences between a host and what was deployed on it. Restore what was deployed, or adopt what runs.
//!
//! Both create a new revision, so that the history shows them.

use domain::{
    access::{Action, Caller, ProjectRole},
    api::{FieldError, RevisionOutcome, StartedCommand},
    deploy::{Drift, DriftKind},
    stack::{Edit, Stack},
};

use super::{
    Deployments, allow, deploy::start_revision, error::DeploymentError, locks::lock_changeable,
    stack::check_deployable, values::RevisionValues,
};
use crate::db::deployments::deployment_revisions::{self, NewRevision};

impl Deployments {
    /// Deploys the running revision again and recreates what drifted.
    pub async fn restore_drift(
        &self,
        caller: &Caller,
        hash: &str,
    ) -> Result<StartedCommand, DeploymentError> {
        allow(caller, Action::Update)?;
        self.deploy_again(caller, hash, |_, text| Ok(text)).await
    }

    /// Takes the running images over into the project and the deployment. Repeating the request changes nothing more.
    pub async fn adopt_drift(&self, caller: &Caller, hash: &str) -> Result<StartedCommand, DeploymentError> {
        allow(caller, Action::Update)?;
        // Checked before anything is changed, and again under the lock.
        let (project_id, edits, text) = self.adoption(caller, hash).await?;
        check_deployable(text).await?;
        let projects = self.projects.clone();
        projects.apply_edits(caller, project_id, None, &edits).await?;
        self.deploy_again(caller, hash, |drift, text| edited(&text, &adopting(drift)?)).await
    }

    /// Returns the project, the edits to it, and the text that the running revision will have with them.
    async fn adoption(
        &self,
        caller: &Caller,
        hash: &str,
    ) -> Result<(i32, Vec<Edit>, String), DeploymentError> {
        let mut transaction = self.core.pool.begin().await?;
        // Requires an editor, because adopting changes the project too.
        let deployment = lock_changeable(&mut transaction, caller, ProjectRole::Editor, hash).await?;
        let running = deployment.running_revision.ok_or(DeploymentError::NothingRuns)?;
        let revision = deployment_revisions::find(&mut transaction, deployment.id, running)
            .await?
            .ok_or(DeploymentError::NothingRuns)?;
        let edits = adopting(&deployment.drift)?;
        let text = edited(&revision.compose, &edits)?;
        Ok((deployment.project_id, edits, text))
    }

    async fn deploy_again(
        &self,
        caller: &Caller,
        hash: &str,
        change: impl FnOnce(&[Drift], String) -> Result<String, DeploymentError>,
    ) -> Result<StartedCommand, DeploymentError> {
        let mut transaction = self.core.pool.begin().await?;
        let deployment = lock_changeable(&mut transaction, caller, ProjectRole::Operator, hash).await?;
        let running = deployment.running_revision.ok_or(DeploymentError::NothingRuns)?;
        if deployment.drift.is_empty() {
            return Err(DeploymentError::NoDrift);
        }
        let revision = deployment_revisions::find(&mut transaction, deployment.id, running)
            .await?
            .ok_or(DeploymentError::NothingRuns)?;
        let values =
            RevisionValues::of_revision(&self.core, &mut transaction, deployment.id, running).await?;
        let before = revision.compose.clone();
        let compose = change(&deployment.drift, revision.compose)?;
        let new = NewRevision {
            compose: &compose,
            outcome: RevisionOutcome::InProgress,
            returns_to: (compose == before).then_some(running),
            values: values.seal(&self.core)?,
            created_by: &caller.user_id,
            now: self.core.context.clock.now(),
        };
        let number = deployment_revisions::insert(&mut transaction, deployment.id, new).await?;
        let drifted = deployment.drift.iter().filter(|drift| drift.kind != DriftKind::Extra);
        let recreate = drifted.map(|drift| drift.service.clone()).collect();
        let parameters = self.deploy_stack(&deployment, number, compose, None, recreate);
        let command_id =
            start_revision(&mut transaction, &deployment, number, parameters, caller, &self.core.context)
                .await?;
        transaction.commit().await?;
        Ok(StartedCommand { deployment_hash: deployment.hash, command_id, revision: Some(number) })
    }
}

/// The edits that make the file match what runs: all or none. What the file cannot express is reported.
fn adopting(drift: &[Drift]) -> Result<Vec<Edit>, DeploymentError> {
    if drift.is_empty() {
        return Err(DeploymentError::NoDrift);
    }
    let mut edits = Vec::new();
    let mut reasons = Vec::new();
    for Drift { service, kind, image, .. } in drift {
        match (kind, image) {
            (DriftKind::Changed, Some(image)) => {
                edits.push(Edit::SetImage { service: service.clone(), image: image.clone() });
            }
            _ => reasons.push(FieldError { field: service.clone(), message: why_not(*kind).to_owned() }),
        }
    }
    if reasons.is_empty() { Ok(edits) } else { Err(DeploymentError::CannotAdopt { reasons }) }
}

fn why_not(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "was removed on the host: remove it in the builder, or restore it",
        DriftKind::Stopped => {
            "was stopped on the host, which a compose file cannot express: start or restore it"
        }
        DriftKind::Changed => "was changed in more than its image, which cannot be adopted: restore it",
        DriftKind::Extra => "is not in the file and its definition is unknown: add it in the builder",
    }
}

fn edited(text: &str, edits: &[Edit]) -> Result<String, DeploymentError> {
    match Stack::read(text).apply_all(edits) {
        Ok(stack) => Ok(stack.text().to_owned()),
        Err(refusal) => Err(DeploymentError::Project(refusal.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drift(kind: DriftKind, image: Option<&str>) -> Drift {
        Drift { service: "web".to_owned(), kind, message: String::new(), image: image.map(str::to_owned) }
    }

    #[test]
    fn an_image_that_runs_is_written_into_the_file() {
        let edits = adopting(&[drift(DriftKind::Changed, Some("nginx:1.28"))]).unwrap();
        let text = edited("services:\n  web:\n    image: nginx:1.27 # pinned\n", &edits).unwrap();
        assert_eq!(text, "services:\n  web:\n    image: nginx:1.28 # pinned\n");
    }

    #[test]
    fn what_no_file_can_say_is_refused_by_name() {
        let all = [
            drift(DriftKind::Changed, Some("nginx:1.28")),
            drift(DriftKind::Stopped, None),
            drift(DriftKind::Changed, None),
        ];
        let Err(DeploymentError::CannotAdopt { reasons }) = adopting(&all) else { panic!("adopted") };
        assert_eq!(reasons.len(), 2);
        assert!(matches!(adopting(&[]), Err(DeploymentError::NoDrift)));
    }
}
