//! The dialog that invites a person: it asks for the role, then shows the invitation code once.

use domain::{access::ProjectRole, api::Invitation};
use leptos::{prelude::*, task::spawn_local};

use super::state::Team;
use crate::{
    components::{Button, Dialog, Look, Select, ShownOnce},
    rpc::sharing::invite,
};

#[component]
pub(super) fn Invite(open: RwSignal<bool>, team: Team) -> impl IntoView {
    Effect::new(move || {
        if !open.get() {
            team.invited.set(None);
        }
    });
    view! {
        <Dialog id="invitation" title="Invite someone" open>
            {move || match team.invited.get() {
                Some(invitation) => view! { <Code invitation open /> }.into_any(),
                None => open.get().then(|| view! { <Ask team /> }).into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Ask(team: Team) -> impl IntoView {
    let role = RwSignal::new(ProjectRole::Viewer.as_str().to_owned());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        let role = ProjectRole::named(&role.get_untracked()).unwrap_or_default();
        spawn_local(async move {
            match invite(team.project(), role).await {
                Ok(invitation) => {
                    team.invited.try_set(Some(invitation));
                    team.after(Ok(()));
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let roles = vec![
        ("viewer".to_owned(), "viewer: view everything, change nothing".to_owned()),
        ("operator".to_owned(), "operator: also deploy, read logs, start and stop services".to_owned()),
        ("editor".to_owned(), "editor: also change the project".to_owned()),
    ];
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <Select
                id="invitation-role"
                label="Role"
                options=roles
                value=Signal::derive(move || role.get())
                on_change=Callback::new(move |chosen| role.set(chosen))
                error=Signal::derive(move || problem.get())
            />
            <p class="text-muted">
                "Members see the whole compose file, including the secrets in it. Operators and editors can act on your hosts, within each host's policy."
            </p>
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    "Create code"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Code(invitation: Invitation, open: RwSignal<bool>) -> impl IntoView {
    let title = format!("Code for one {}", invitation.role.as_str());
    let lines = vec![("Invitation code", "Code".to_owned(), invitation.code.unwrap_or_default())];
    let text = "One person can use it within a week, with “Join a project” on the page Projects.";
    view! { <ShownOnce title text lines open /> }
}
