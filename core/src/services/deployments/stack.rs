//! Checks that a text can be deployed at all, before a host is involved.

use std::collections::BTreeSet;

use domain::{
    check::{Severity, check},
    stack::Stack,
};

use super::error::DeploymentError;

/// Returns the variables that the text reads. Runs off the threads that answer requests, because a file of a megabyte takes up to
/// a second.
pub async fn check_deployable(text: String) -> Result<BTreeSet<String>, DeploymentError> {
    let work = move || {
        let stack = Stack::read(&text);
        refusal(&stack).map_or_else(|| Ok(stack.model().variable_names()), Err)
    };
    tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?
}

fn refusal(stack: &Stack) -> Option<DeploymentError> {
    let mut findings = check(stack);
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
        assert!(refusal(&Stack::read("services:\n  web: {image: nginx}\n")).is_none());
        assert!(matches!(refusal(&Stack::default()), Some(DeploymentError::StackEmpty)));
        assert!(matches!(
            refusal(&Stack::read("services:\n  web: {image: nginx, depends_on: [db]}\n")),
            Some(DeploymentError::StackHasErrors { .. })
        ));
        assert!(matches!(refusal(&Stack::read("a: [b")), Some(DeploymentError::StackHasErrors { .. })));
    }
}
