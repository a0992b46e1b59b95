//! The role of a user in a project, and the lowest role that each action requires.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::command::{CommandKind, CommandType};

/// Each role includes the ones before it. The database has the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ProjectRole {
    /// Reads the project, its deployments and their history.
    #[default]
    Viewer,
    /// Deploys it to the owner's hosts, reads logs, starts, stops and restarts.
    Operator,
    /// Changes the project.
    Editor,
    /// Also deletes the project, removes deployments, and manages its members.
    Owner,
}

impl ProjectRole {
    /// The roles that an owner can give to others.
    pub const GIVEN: [Self; 3] = [Self::Viewer, Self::Operator, Self::Editor];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        [Self::Viewer, Self::Operator, Self::Editor, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    pub fn require(self, needs: Self) -> Result<(), LacksRole> {
        if self >= needs { Ok(()) } else { Err(LacksRole { has: self, needs }) }
    }

    /// The lowest role that a command requires. A command that can run anything requires the same role as changing
    /// the file.
    pub fn least_for(command: &CommandType) -> Self {
        match command.kind() {
            Some(
                CommandKind::Health
                | CommandKind::Logs
                | CommandKind::Restart
                | CommandKind::Start
                | CommandKind::Stop
                | CommandKind::ListContainers
                | CommandKind::ServerResources
                | CommandKind::Cancel,
            ) => Self::Operator,
            Some(CommandKind::RemoveApp | CommandKind::RemoveStack) => Self::Owner,
            Some(
                CommandKind::Exec
                | CommandKind::DeployApp
                | CommandKind::DeployStack
                | CommandKind::PlanStack
                | CommandKind::TriggerPipe,
            )
            | None => Self::Editor,
        }
    }
}

impl fmt::Display for ProjectRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Viewer => "a viewer",
            Self::Operator => "an operator",
            Self::Editor => "an editor",
            Self::Owner => "the owner",
        })
    }
}

/// The member's role does not allow the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you are {has} of this project, but this requires {needs}: ask the owner")]
pub struct LacksRole {
    pub has: ProjectRole,
    pub needs: ProjectRole,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_ones_before_it_may() {
        use ProjectRole::{Editor, Operator, Owner, Viewer};
        assert!(Viewer < Operator && Operator < Editor && Editor < Owner);
        assert_eq!(Editor.require(Operator), Ok(()));
        assert_eq!(
            Viewer.require(Operator).unwrap_err().to_string(),
            "you are a viewer of this project, but this requires an operator: ask the owner"
        );
        for role in [Viewer, Operator, Editor, Owner] {
            assert_eq!(ProjectRole::named(role.as_str()), Some(role));
        }
    }

    #[test]
    fn what_can_run_anything_takes_more_than_an_operator() {
        let least = |word: &str| ProjectRole::least_for(&CommandType::parse(word).unwrap());
        assert_eq!(least("restart"), ProjectRole::Operator);
        assert_eq!(least("stacker.exec"), ProjectRole::Editor);
        assert_eq!(least("deploy_stack"), ProjectRole::Editor);
        assert_eq!(least("made_up_by_somebody"), ProjectRole::Editor);
        assert_eq!(least("remove_stack"), ProjectRole::Owner);
    }
}
