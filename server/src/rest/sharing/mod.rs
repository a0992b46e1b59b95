//! `/project/{id}/members`, invitations and transfer: who else is in a project.

mod invite;
mod join;
mod members;
mod remove_member;
mod set_role;
mod transfer;
mod withdraw_invitation;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(members::list_members))
        .routes(routes!(set_role::set_member_role, remove_member::remove_member))
        .routes(routes!(invite::invite))
        .routes(routes!(withdraw_invitation::withdraw_invitation))
        .routes(routes!(join::join_project))
        .routes(routes!(transfer::transfer_project))
}
