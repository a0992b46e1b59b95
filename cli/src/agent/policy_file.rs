//! The policy of this host: what stacks are allowed to do here. It is read for each command, so an administrator can edit the
//! file without restarting anything.

use std::path::Path;

use domain::policy::Policy;

use super::{failure::Failure, files};

/// If the file does not exist, the default policy applies. If the file cannot be used, nothing is allowed.
pub fn read(path: &Path) -> Result<Policy, Failure> {
    let unusable = |why: String| {
        Failure::new(
            "policy-unusable",
            format!(
                "the policy file {} is invalid, so nothing is changed on this host: {why}",
                path.display()
            ),
        )
    };
    match files::read(path) {
        Ok(None) => Ok(Policy::default()),
        Ok(Some(text)) => Policy::read(&text).map_err(|failure| unusable(failure.0)),
        Err(error) => Err(unusable(error.to_string())),
    }
}
