//! The actions in the audit log, as the page names them. Actions that are not listed here are shown unchanged.

/// The area that the first part of an action names.
pub const AREAS: &[(&str, &str)] = &[
    ("session", "Signing in and out"),
    ("access", "Refused requests"),
    ("token", "Tokens"),
    ("client", "API clients"),
    ("cloud", "Clouds"),
    ("server", "Servers"),
    ("registry", "Registries"),
    ("callback", "Callbacks"),
    ("rating", "Ratings"),
    ("agreement", "Agreements"),
    ("host", "Hosts"),
    ("agent", "Agents"),
    ("project", "Projects"),
    ("deployment", "Deployments"),
    ("command", "Commands"),
    ("policy", "Rules and roles"),
    ("key", "Keys"),
];

pub const ACTIONS: &[(&str, &str)] = &[
    ("session.started", "Signed in"),
    ("session.refused", "Sign-in refused"),
    ("session.ended", "Signed out"),
    ("session.ended_everywhere", "Signed out everywhere"),
    ("session.not_confirmed", "No longer known to the provider"),
    ("session.link_created", "One-time link made"),
    ("access.refused", "Request refused"),
    ("token.created", "Token made"),
    ("token.revoked", "Token revoked"),
    ("client.created", "API client made"),
    ("client.rotated", "API client got a new secret"),
    ("client.enabled", "API client enabled"),
    ("client.disabled", "API client disabled"),
    ("client.deleted", "API client deleted"),
    ("client.refused", "API client refused"),
    ("host.added", "Host added"),
    ("host.code_created", "Enrolment code for a host made"),
    ("host.discarded", "Host that never joined discarded"),
    ("host.left", "Host left"),
    ("host.revoked", "Host revoked"),
    ("cloud.created", "Cloud added"),
    ("cloud.updated", "Cloud changed"),
    ("cloud.shared", "Cloud shared with projects"),
    ("cloud.checked", "Key of a cloud checked"),
    ("cloud.deleted", "Cloud deleted"),
    ("server.updated", "Server changed"),
    ("server.deleted", "Server deleted"),
    ("registry.created", "Credentials for a registry added"),
    ("registry.updated", "Credentials for a registry changed"),
    ("registry.deleted", "Credentials for a registry deleted"),
    ("callback.created", "Callback added"),
    ("callback.updated", "Callback changed"),
    ("callback.enabled", "Callback enabled"),
    ("callback.disabled", "Callback disabled"),
    ("callback.gave_up", "Callback disabled, because its address failed for a day"),
    ("callback.rotated", "Callback got a new secret"),
    ("callback.tested", "Test event sent to a callback"),
    ("callback.redelivered", "Event sent to a callback again"),
    ("callback.deleted", "Callback deleted"),
    ("rating.created", "Rating added"),
    ("rating.updated", "Rating changed"),
    ("rating.hidden", "Rating taken back"),
    ("rating.reported", "Rating reported"),
    ("rating.moderated", "Rating moderated"),
    ("rating.deleted", "Rating deleted"),
    ("agreement.created", "Agreement added"),
    ("agreement.updated", "Agreement changed"),
    ("agreement.accepted", "Agreement accepted"),
    ("agent.registered", "Agent registered"),
    ("agent.refused", "Agent refused"),
    ("agent.token_rotated", "New token for an agent"),
    ("agent.token_confirmed", "Agent took its new token"),
    ("project.created", "Project made"),
    ("project.deleted", "Project deleted"),
    ("project.values_read", "Values of a project's variables read"),
    ("project.values_changed", "Values of a project's variables changed"),
    ("project.invited", "Invitation to a project made"),
    ("project.invitation_withdrawn", "Invitation to a project withdrawn"),
    ("project.joined", "Came into a project"),
    ("project.role_changed", "Another role in a project"),
    ("project.member_removed", "Taken out of a project"),
    ("project.left", "Left a project"),
    ("project.transferred", "Project given away"),
    ("deployment.created", "Deployment made"),
    ("deployment.code_created", "Enrolment code for an agent made"),
    ("deployment.status_token_created", "Status token for a deployment made"),
    ("deployment.removal_began", "Removal of a deployment began"),
    ("deployment.removed", "Deployment removed"),
    ("command.enqueued", "Command given"),
    ("command.delivered", "Command fetched"),
    ("command.reported", "Command reported"),
    ("command.reported_late", "Command reported too late"),
    ("command.reported_undelivered", "Report of a command nobody fetched"),
    ("command.cancelled", "Command cancelled"),
    ("command.given_up", "Command given up"),
    ("policy.rule_added", "Rule added"),
    ("policy.rule_removed", "Rule removed"),
    ("key.rotated", "New key of the key ring seals"),
    ("key.resealed", "Everything sealed with the new key"),
    ("key.retired", "Key of the key ring retired"),
    ("key.forgotten", "Key of the key ring forgotten"),
];

/// How the page names an action; `None` if the action is not listed.
pub fn words_of(action: &str) -> Option<&'static str> {
    ACTIONS.iter().find(|(known, _)| *known == action).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_there_once_and_belongs_to_an_area() {
        for (at, (action, _)) in ACTIONS.iter().enumerate() {
            let (area, _) = action.split_once('.').unwrap();
            assert!(AREAS.iter().any(|(known, _)| *known == area), "{action}");
            assert!(!ACTIONS[..at].iter().any(|(other, _)| other == action), "{action} is there twice");
        }
    }
}
