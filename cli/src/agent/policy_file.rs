//! The policy of this host: what stacks are allowed to do here. It is read for each command, so an administrator who edits
//! the file restarts nothing.

use std::path::Path;

use domain::policy::Policy;

use super::{failure::Failure, files};

/// A file that does not exist means the default policy; one that cannot be used means that nothing is allowed.
pub fn read(path: &Path) -> Result<Policy, Failure> {
    let unusable = |why: String| {
        Failure::new(
            "policy-unusable",
            format!(
                "the policy file {} cannot be used, so nothing is changed on this host: {why}",
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
