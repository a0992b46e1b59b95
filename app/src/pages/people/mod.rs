//! `/projects/{id}/people`: the members of a project and their roles.
//!
//! An invitation code is shown once, by the page's code: a plain form would have to put it into a URL.

mod invite;
mod row;
mod state;

use domain::api::Sharing;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use self::{
    invite::Invite,
    row::{InvitationRow, MemberRow, OwnerRow},
    state::Team,
};
use crate::{
    components::{Button, EmptyState, Icon, Look, Sign},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::sharing::load_sharing,
};

#[component]
pub fn PeoplePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<i32>().ok()).unwrap_or(0));
    let sharing = Resource::new_blocking(move || id.get(), load_sharing);
    view! {
        <Title text="People" />
        <Suspense fallback=|| view! { <Loading text="Loading…" width="max-w-3xl" /> }>
            {move || Suspend::new(async move {
                match sharing.await {
                    Ok(sharing) => view! { <People sharing /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn People(sharing: Sharing) -> impl IntoView {
    let (id, name) = (sharing.project_id, sharing.project_name.clone());
    let owner = sharing.owner.clone();
    let team = Team::new(sharing);
    let inviting = RwSignal::new(false);
    let members = Memo::new(move |_| team.sharing.with(|sharing| sharing.members.clone()));
    let invitations = Memo::new(move |_| team.sharing.with(|sharing| sharing.invitations.clone()));
    let is_owner = Memo::new(move |_| team.is_owner());
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-6 px-4 py-6">
            <div class="flex flex-col gap-2">
                <p class="text-muted">
                    <a href=format!("/projects/{id}") class="hover:underline">
                        {name}
                    </a>
                    " / "
                </p>
                <div class="flex flex-wrap items-center gap-3">
                    <h1 class="min-w-0 flex-1 text-title font-semibold">"People"</h1>
                    <Show when=move || is_owner.get()>
                        <Button look=Look::Primary on:click=move |_| inviting.set(true) attr:data-testid="invite">
                            <Icon sign=Sign::Plus />
                            "Invite"
                        </Button>
                    </Show>
                </div>
                <p class="text-muted">
                    "Viewers can read everything. Operators can also deploy to the owner's hosts, read logs, and start and stop services. Editors can also change the project. Only the owner can delete it, remove deployments and manage people."
                </p>
            </div>
            <NoticeLine />
            <ul class="rounded-panel bg-panel hairline" data-testid="members">
                <OwnerRow owner team />
                <For each=move || members.get() key=|member| member.clone() let:member>
                    <MemberRow member team />
                </For>
            </ul>
            <Show when=move || is_owner.get()>
                <section class="flex flex-col gap-3" aria-label="Open invitations">
                    <h2 class="text-lead font-semibold">"Open invitations"</h2>
                    <div class="rounded-panel bg-panel hairline">
                        {move || {
                            invitations
                                .with(Vec::is_empty)
                                .then(|| {
                                    view! {
                                        <EmptyState
                                            sign=Sign::Person
                                            title="No open invitation"
                                            text="An invitation is a code that one person can use within a week. Send it any way you like."
                                        />
                                    }
                                })
                        }} <ul data-testid="invitations">
                            <For each=move || invitations.get() key=|invitation| invitation.clone() let:invitation>
                                <InvitationRow invitation team />
                            </For>
                        </ul>
                    </div>
                </section>
            </Show>
            <Invite open=inviting team />
        </main>
    }
    .into_any()
}
