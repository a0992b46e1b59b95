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
        <Dialog id="invitation" title="Invite somebody" open>
            {move || match team.invited.get() {
                Some(invitation) => view! { <Code invitation open /> }.into_any(),
                None => view! { <Ask team /> }.into_any(),
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
        ("viewer".to_owned(), "viewer: look, and change nothing".to_owned()),
        ("operator".to_owned(), "operator: also deploy, read logs, start and stop".to_owned()),
        ("editor".to_owned(), "editor: also change the project".to_owned()),
    ];
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <Select
                id="invitation-role"
                label="Whoever uses the code becomes"
                options=roles
                value=Signal::derive(move || role.get())
                on_change=Callback::new(move |chosen| role.set(chosen))
                error=Signal::derive(move || problem.get())
            />
            <p class="text-muted">
                "They see the whole compose file, with the secrets in it. Operators and editors act on your hosts, within each host's policy."
            </p>
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    "Make a code"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Code(invitation: Invitation, open: RwSignal<bool>) -> impl IntoView {
    let title = format!("A code for one {}", invitation.role.as_str());
    let lines = vec![("The code", "Code".to_owned(), invitation.code.unwrap_or_default())];
    let text = "It works for a week, for one person, under “Join a project” on the page of projects.";
    view! { <ShownOnce title text lines open /> }
}
