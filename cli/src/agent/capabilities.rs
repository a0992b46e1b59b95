//! The agent's capabilities: the commands that it can run, as it reports them to the server.

use std::path::Path;

use domain::command::CommandKind;

use super::policy_file;

/// Left out while compose is missing on the host.
pub const COMPOSE: &str = "compose";

/// The capabilities under the current policy. If the policy cannot be used, everything that it might forbid is left out.
pub fn under(policy: &Path) -> Vec<String> {
    let may_exec = policy_file::read(policy).is_ok_and(|policy| policy.allow_exec);
    let runs = |kind: &CommandKind| match kind {
        CommandKind::TriggerPipe => false,
        CommandKind::Exec => may_exec,
        _ => true,
    };
    let kinds = CommandKind::ALL.into_iter().filter(runs);
    kinds
        .map(|kind| kind.as_str().to_owned())
        .chain([COMPOSE.to_owned(), "progress".to_owned(), "state".to_owned()])
        .collect()
}
