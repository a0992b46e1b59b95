//! Checks that a text can be deployed at all, before a host is involved.

use domain::{
    check::{Severity, check},
    stack::Stack,
};

use super::error::DeploymentError;

/// Runs off the threads that answer requests, because a file of a megabyte takes up to a second.
pub async fn check_deployable(text: String) -> Result<(), DeploymentError> {
    let checked = tokio::task::spawn_blocking(move || refusal(&text)).await.map_err(anyhow::Error::from)?;
    checked.map_or(Ok(()), Err)
}

fn refusal(text: &str) -> Option<DeploymentError> {
    let stack = Stack::read(text);
    let mut findings = check(&stack);
    findings.retain(|finding| finding.severity == Severity::Error);
    if !findings.is_empty() {
        return Some(DeploymentError::StackHasErrors { findings });
    }
    stack.model().services.is_empty().then_some(DeploymentError::StackEmpty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_stack_with_services_and_without_errors_is_deployed() {
        assert!(refusal("services:\n  web: {image: nginx}\n").is_none());
        assert!(matches!(refusal(""), Some(DeploymentError::StackEmpty)));
        assert!(matches!(
            refusal("services:\n  web: {image: nginx, depends_on: [db]}\n"),
            Some(DeploymentError::StackHasErrors { .. })
        ));
        assert!(matches!(refusal("a: [b"), Some(DeploymentError::StackHasErrors { .. })));
    }
}
