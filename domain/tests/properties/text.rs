//! Checks the text itself: other readers read the same values, and comments stay.

use domain::stack::{Edit, Stack};

use crate::read::root;

/// Whether another reader reads the same values.
pub fn others_agree(stack: &Stack) -> bool {
    let settings = oneyaml::Settings::new().merge_keys(true);
    oneyaml::from_str_with::<serde_json::Value>(stack.text(), &settings)
        .is_ok_and(|theirs| theirs == root(stack))
}

/// Whether all comments stay. Only edits that remove something are allowed to remove comments.
pub fn comments_stay(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    let (were, are) = (comments(before), comments(after));
    let count = |all: &[&str], one: &str| all.iter().filter(|comment| **comment == one).count();
    takes_lines_out(edit) || were.iter().all(|comment| count(&are, comment) >= count(&were, comment))
}

fn comments(stack: &Stack) -> Vec<&str> {
    stack
        .text()
        .lines()
        .filter_map(|line| line.split_once("#~ "))
        .map(|(_, comment)| comment.trim_end())
        .collect()
}

fn takes_lines_out(edit: &Edit) -> bool {
    match edit {
        Edit::RemoveService { .. }
        | Edit::RemoveEnvironment { .. }
        | Edit::RemovePort { .. }
        | Edit::RemoveVolume { .. }
        | Edit::LeaveNetwork { .. }
        | Edit::RemoveDependency { .. }
        | Edit::RemoveHealthcheck { .. }
        | Edit::RemoveKey { .. }
        | Edit::ReplaceText { .. } => true,
        // These edits replace a value together with its lines, or remove a key of a port that is no longer published.
        Edit::SetKey { .. } | Edit::SetCommand { .. } | Edit::SetEntrypoint { .. } | Edit::SetPort { .. } => {
            true
        }
        Edit::AddService { .. }
        | Edit::RenameService { .. }
        | Edit::DuplicateService { .. }
        | Edit::SetImage { .. }
        | Edit::SetEnvironment { .. }
        | Edit::RenameEnvironment { .. }
        | Edit::AddPort { .. }
        | Edit::AddVolume { .. }
        | Edit::AddNetwork { .. }
        | Edit::JoinNetwork { .. }
        | Edit::AddDependency { .. }
        | Edit::SetHealthcheck { .. }
        | Edit::SetRestart { .. }
        | Edit::SetValue { .. }
        | Edit::RemoveValue { .. }
        | Edit::MoveSecrets { .. }
        | Edit::RenameKey { .. }
        | Edit::MoveToServices { .. }
        | Edit::MoveNode { .. }
        | Edit::SetNote { .. }
        | Edit::SetChecks { .. } => false,
    }
}

/// Whether a file with Windows line breaks still has only those.
pub fn breaks_stay(before: &Stack, after: &Stack) -> bool {
    let has_others = |stack: &Stack| stack.text().replace("\r\n", "").contains(['\r', '\n']);
    !before.text().contains("\r\n") || has_others(before) || !has_others(after)
}
